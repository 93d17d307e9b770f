import { deepStrictEqual } from 'node:assert/strict'
import type { PathDriver } from 'webrtc-multiplayer/testing'
import type { SnapshotFrom } from 'xstate'
import { MOST } from '../../src/nim.ts'
import type { TableEmitted, TableEvent, tableModel } from '../table-model.ts'
import { Table } from './table.ts'

export type TableState = SnapshotFrom<ReturnType<typeof tableModel>>

/** Milliseconds until a death is noticed, and some. */
const NOTICED = 60_000
/** Milliseconds in which whatever is said has been heard. */
const SETTLED = 200

/** Leads real players through what the model says, and compares what each of them is shown. */
export class TableDriver implements PathDriver<TableState, TableEvent, TableEmitted> {
  readonly #table: Table
  readonly #winners: number[] = []

  constructor(size: number, matches: number) {
    this.#table = new Table({ size, matches })
  }

  act(event: TableEvent): void {
    if (event.type === 'JOINS') this.#table.join(event.player)
    else if (event.type === 'DIES') this.#table.die(event.player)
    else this.#table.seat(event.player).game.send({ type: 'choose', count: event.count })
  }

  /** Somebody who cheats has a machine that refuses nothing, and asks the others straight away. */
  async attempt(event: TableEvent): Promise<void> {
    this.act(event)
    if (event.type !== 'TAKES') return
    const seat = this.#table.seat(event.player)
    seat.say(0, { type: 'take', turn: seat.shown?.turn ?? 0, count: event.count })
    await this.#table.network.clock.run(SETTLED)
  }

  async check({ value, context }: TableState, emitted: readonly TableEmitted[]): Promise<void> {
    const { here, order, matches } = context
    this.#winners.push(...emitted.map(({ player }) => player))
    const isBegun = value !== 'waiting'
    const expected = here.map((id) => ({
      id,
      game: isBegun ? { matches, players: order } : null,
      isHost: isBegun && id === here[0],
      winners: this.#winners,
    }))
    const { clock } = this.#table.network
    const isAsExpected = (): boolean => JSON.stringify(this.#seen()) === JSON.stringify(expected)
    // What is wrong stays so, and the comparison tells how.
    await clock.runUntil(isAsExpected, { limit: NOTICED }).catch(() => undefined)
    await clock.run(SETTLED)
    deepStrictEqual(this.#seen(), expected)
  }

  #seen() {
    return [...this.#table.seats]
      .sort((a, b) => a.id - b.id)
      .map(({ id, shown, isHost, winners }) => ({
        id,
        game: shown && { matches: shown.matches, players: shown.players },
        isHost,
        winners,
      }))
  }
}

/** Everything that can happen to these players. */
export function tableEvents(players: readonly number[]): TableEvent[] {
  const counts = Array.from({ length: MOST }, (_, i) => i + 1)
  return players.flatMap((player): TableEvent[] => [
    { type: 'JOINS', player },
    ...counts.map((count) => ({ type: 'TAKES' as const, player, count })),
    { type: 'DIES', player },
  ])
}

/** Nobody joins or dies twice, the dead do nothing, and somebody has to be left to look at. */
export function isPossible({ context: { here, dead } }: TableState, { type, player }: TableEvent): boolean {
  if (type === 'JOINS') return !here.includes(player) && !dead.includes(player)
  return here.includes(player) && (type === 'TAKES' || here.length > 1)
}
