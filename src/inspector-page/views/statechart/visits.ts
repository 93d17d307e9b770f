import type { ActorState, LogEntry } from '../../model/state.ts'
import { activeStates } from './active-states.ts'
import type { Chart } from './chart.ts'

/** How often an actor has entered each of its states, as far as the log tells. Reads only what was written since it was asked before. */
export class Visits {
  readonly #chart: Chart
  readonly #sessionId: string
  #counts = new Map<string, number>()
  #active: ReadonlySet<string> = new Set()
  /** The newest entry that was read. */
  #read: LogEntry | null = null

  constructor(chart: Chart, { sessionId }: Pick<ActorState, 'sessionId'>) {
    this.#chart = chart
    this.#sessionId = sessionId
  }

  /** By state; those that were never entered are missing. */
  count(log: readonly LogEntry[]): ReadonlyMap<string, number> {
    const first = log[0]?.index ?? 0
    let next = this.#read === null ? 0 : this.#read.index + 1 - first
    // Replay has gone back, or this is another session.
    if (this.#read !== null && next > 0 && log[next - 1] !== this.#read) next = this.#begin()
    for (const entry of log.slice(Math.max(0, next))) this.#take(entry)
    this.#read = log.at(-1) ?? null
    return this.#counts
  }

  #begin(): 0 {
    this.#counts = new Map()
    this.#active = new Set()
    this.#read = null
    return 0
  }

  #take({ sessionId, message }: LogEntry): void {
    if (sessionId !== this.#sessionId) return
    if (message.type !== '@xstate.actor' && message.type !== '@xstate.snapshot') return
    const active = activeStates(this.#chart, message.snapshot.value)
    const entered = new Map<string, number>()
    for (const id of active) if (!this.#active.has(id)) entered.set(id, 1)
    // States that were passed through in one go, and those that were left and entered again, are in no snapshot.
    const passed = new Map<string, number>()
    for (const { to } of message.type === '@xstate.snapshot' ? (message.transitions ?? []) : [])
      for (const id of to) passed.set(id, (passed.get(id) ?? 0) + 1)
    for (const [id, count] of passed) if (this.#chart.states.has(id)) entered.set(id, count)
    for (const [id, count] of entered) this.#counts.set(id, (this.#counts.get(id) ?? 0) + count)
    if (message.snapshot.value !== undefined) this.#active = active
  }
}
