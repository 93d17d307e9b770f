import { describe, expect, test } from '@jest/globals'
import { LobbyMessageType } from '../../../../src/protocol/lobby/message.ts'
import { Random } from '../../../../src/transport/simulated/random.ts'
import { VirtualClock } from '../../../../src/transport/simulated/virtual-clock.ts'
import { type CoreClient, CoreWorld } from './support/core-world.ts'
import { SlowBroker } from './support/slow-broker.ts'

const SERVERS = 3
const CLIENTS = 12
const STEPS = 600
const SEEDS = [1, 2, 3, 4, 5, (Date.now() >>> 0) % 1_000_000]

const { CREATE, JOIN, ID, PEER_CONNECT, PEER_DISCONNECT, OFFER, TOKEN, RESUME, LEAVE, ERROR } = LobbyMessageType

/** A client that keeps books of what it is told, and does nothing by itself. */
class Player {
  /** Its id in its lobby; 0 while it has none. */
  id = 0
  lobby = ''
  token = ''
  others = new Set<number>()
  /** Signals it got, each of which is different. */
  readonly got: string[] = []
  /** What must not be: told of somebody twice, or of the going of somebody unknown. */
  readonly faults: string[] = []
  #socket: CoreClient | null = null
  /** One that it has given up, but that is still open. */
  #previous: CoreClient | null = null

  get socket(): CoreClient | null {
    return this.#socket?.ended === null ? this.#socket : null
  }

  open(world: CoreWorld, server: number): void {
    this.end()
    this.#previous = this.#socket
    this.#socket = world.connect('extended', {}, server)
  }

  /** Ends the socket that it has given up. */
  end(): void {
    this.#previous?.end(1006)
  }

  say(type: LobbyMessageType, id: number, data: string): void {
    this.socket?.send(JSON.stringify({ type, id, data }))
  }

  hear(): void {
    for (const text of this.#socket?.takeAll() ?? []) {
      const { type, id, data } = JSON.parse(text) as { type: LobbyMessageType; id: number; data: string }
      this.#heard(type, id, data)
    }
    // A place that was lost for good; one that can be taken up again has its token still.
    if (this.#socket?.ended?.code === 1000) this.#leave()
  }

  #heard(type: LobbyMessageType, id: number, data: string): void {
    switch (type) {
      case ID:
        this.#leave()
        this.id = id
        return
      case JOIN:
        this.lobby = data
        return
      case TOKEN:
        this.token = (JSON.parse(data) as { token: string }).token
        return
      case RESUME:
        this.others = new Set((JSON.parse(data) as { members: number[] }).members)
        return
      case PEER_CONNECT:
        if (this.others.has(id) || id === this.id) this.faults.push(`told of ${id} again`)
        this.others.add(id)
        return
      case PEER_DISCONNECT:
        if (!this.others.delete(id)) this.faults.push(`told of the going of ${id}`)
        return
      case OFFER:
        this.got.push(data)
        return
      case ERROR:
        if (['host-left', 'token-invalid', 'lobby-not-found'].includes((JSON.parse(data) as { code: string }).code))
          this.#leave()
        return
      default:
    }
  }

  #leave(): void {
    this.id = 0
    this.lobby = ''
    this.token = ''
    this.others.clear()
  }
}

/** Twelve clients at three servers join, leave, lose their sockets and come back, and signal each other. */
async function play(seed: number) {
  const random = new Random(seed)
  const clock = new VirtualClock()
  const broker = new SlowBroker(clock, () => random.below(40))
  const limits = { graceTime: 2000, extendedJoinTimeout: 1_000_000, heartbeat: 1_000_000, messageBurst: 1_000_000 }
  const world = await CoreWorld.open({ broker, limits }, SERVERS, clock)
  const players = Array.from({ length: CLIENTS }, () => new Player())
  const any = <Item>(items: readonly Item[]): Item => items[random.below(items.length)] as Item
  let signals = 0

  const actions: readonly ((player: Player) => void)[] = [
    (player) => {
      if (player.socket === null || player.id !== 0) return
      const onHostLeave = random.chance(0.8) ? 'keep' : 'close'
      const request = { mode: 'mesh', name: any(['red', 'blue']), orJoin: true, onHostLeave }
      player.say(CREATE, 0, JSON.stringify(request))
    },
    (player) => {
      if (player.socket !== null) return
      player.open(world, random.below(SERVERS))
      if (player.token !== '') player.say(RESUME, 0, player.token)
    },
    (player) => {
      for (const other of player.others) if (player.id !== 0) player.say(OFFER, other, `${signals++}`)
    },
    (player) => {
      if (random.chance(0.3)) player.socket?.end(1006)
    },
    (player) => {
      if (random.chance(0.1)) player.say(LEAVE, 0, '')
    },
    // Another socket while the first is open.
    (player) => {
      if (player.token === '' || random.chance(0.5)) return
      player.hear()
      player.open(world, random.below(SERVERS))
      player.say(RESUME, 0, player.token)
    },
  ]
  const hear = (): void => {
    for (const player of players) player.hear()
  }
  for (let step = 0; step < STEPS; step++) {
    any(actions)(any(players))
    await world.pass(random.below(60))
    hear()
  }
  for (const player of players) player.end()
  await world.pass(1000)
  hear()
  // Whoever lost its place comes back or is gone.
  for (const player of players)
    if (player.socket === null && player.token !== '') (actions[1] as (who: Player) => void)(player)
  await world.pass(5000)
  hear()
  return { world, players, signals }
}

describe.each(SEEDS)('seed %i', (seed) => {
  test('everyone knows of exactly those that are in its lobby; no signal comes twice; nothing is left over', async () => {
    const { world, players, signals } = await play(seed)
    const inLobbies = players.filter(({ id, socket }) => id !== 0 && socket !== null)
    for (const player of players) expect(player.faults).toEqual([])
    for (const player of inLobbies) {
      const others = inLobbies.filter((other) => other !== player && other.lobby === player.lobby)
      expect([...player.others].sort()).toEqual(others.map(({ id }) => id).sort())
    }
    const stats = world.cores.map((core) => core.stats())
    expect(stats.reduce((sum, { members }) => sum + members, 0)).toBe(inLobbies.length)
    const got = players.flatMap((player) => player.got)
    expect(new Set(got).size).toBe(got.length)
    // Some of it has to have happened for the rest to mean anything.
    expect(
      [signals, got.length, stats.reduce((sum, { resumes }) => sum + resumes, 0)].every((count) => count > 5),
    ).toBe(true)

    for (const player of players) player.say(LEAVE, 0, '')
    for (const player of players) player.socket?.end()
    await world.pass(60_000)
    const empty = { sockets: 0, pendingSockets: 0, lobbies: 0, members: 0, lostMembers: 0, keptSignals: 0 }
    for (const core of world.cores) expect(core.stats()).toMatchObject(empty)
    expect(world.clock.pending).toBe(0)
    await world.close()
  })
})
