import {
  checkHistory,
  type FaultHandlers,
  History,
  Random,
  runSchedule,
  type Schedule,
  standardRules,
  type Violation,
} from 'webrtc-multiplayer/testing'
import { MOST, moverOf, winnerOf } from '../../src/nim.ts'
import { type Choice, noLostTurn, oneMoveATurn, oneWinner } from './rules.ts'
import { type Seat, Table } from './table.ts'

/** Everything is lost as often as that, and takes 20 to 60 ms. */
const CONDITIONS = { latency: 20, jitter: 40, loss: 0.1 }
/** Milliseconds that a player thinks at most. */
const THINKING = 1_500
/** Milliseconds for the end of the game after the last fault; a death is noticed after 30. */
const PATIENCE = 180_000

export interface Evening {
  readonly history: History
  readonly violations: readonly Violation[]
  /** Null if a player died before the game began. */
  readonly winner: number | null
}

/** Players of a schedule meet and play to the end, each as it likes: always the same way for the same schedule. */
export async function playEvening(schedule: Schedule): Promise<Evening> {
  const { seed, hosts } = schedule
  const table = new Table({ size: hosts.length }, { seed, ...CONDITIONS })
  const { network } = table
  const { clock } = network
  const random = new Random(`evening ${seed}`)
  const history = new History({ clock })
  const recordings = new Map<number, { stop(): void }>()
  // Whoever joins last may have the lowest id, and be the host.
  const ids = random.shuffled(hosts.map((_, place) => place + 1))
  hosts.forEach((host, place) => {
    table.join(ids[place] ?? 0, host, (seat) => {
      recordings.set(seat.id, history.record(host, seat.mesh))
      seat.onGame((game) => {
        history.add({ kind: 'note', on: host, what: 'game', value: game })
      })
      playAtRandom(seat, table, history, random.fork(host))
    })
  })
  const at = (host: string): Seat | undefined => table.seats.find((seat) => seat.host === host)
  const handlers: FaultHandlers = {
    death: {
      begin: ({ on }) => {
        const seat = at(on)
        if (seat === undefined) return
        recordings.get(seat.id)?.stop()
        table.die(seat.id)
      },
    },
    absence: {
      begin: ({ on }) => {
        const seat = at(on)
        if (seat !== undefined) table.leave(seat.id)
      },
    },
  }
  const expected = (): string[] => table.seats.map(({ host }) => host)
  await runSchedule(schedule, { network, conditions: CONDITIONS, history, handlers, expected })
  await clock.runUntil(() => isOver(table), { limit: PATIENCE }).catch(() => undefined)
  await clock.run(40_000)
  const winner = table.seats.flatMap(({ winners }) => winners)[0] ?? null
  history.add({ kind: 'closing' })
  for (const { id } of table.seats) table.die(id)
  const violations = checkHistory(history, [oneWinner, oneMoveATurn, noLostTurn, ...standardRules()])
  return { history, violations, winner }
}

/** Chooses once in each turn of its own, after a while. */
function playAtRandom(seat: Seat, table: Table, history: History, random: Random): void {
  let chosenIn = -1
  seat.onGame((game) => {
    const { turn, matches } = game
    if (moverOf(game) !== seat.id || turn === chosenIn) return
    chosenIn = turn
    const count = 1 + random.below(Math.min(MOST, matches))
    table.network.clock.setTimeout(() => {
      if (!table.seats.includes(seat) || seat.shown?.turn !== turn || winnerOf(seat.shown) !== null) return
      const value: Choice = { player: seat.id, turn, count }
      history.add({ kind: 'note', on: seat.host, what: 'chose', value })
      seat.game.send({ type: 'choose', count })
    }, random.next() * THINKING)
  })
}

/** All who are there have seen somebody win, or there is nobody left to begin with. */
function isOver({ seats }: Table): boolean {
  const isBegun = seats.some(({ shown }) => shown !== null)
  return seats.every(({ winners }) => winners.length > 0) || !isBegun
}
