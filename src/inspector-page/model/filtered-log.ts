import { type LogFilter, matches } from './log-filter.ts'
import type { LogEntry } from './state.ts'

/** The entries of a log that match a filter, kept up to date by looking at each entry once. */
export class FilteredLog {
  readonly filter: LogFilter
  #entries: LogEntry[] = []
  /** Index of the first entry that was not looked at yet. */
  #next = 0
  #last: LogEntry | null = null

  constructor(filter: LogFilter) {
    this.filter = filter
  }

  /** How far it has read. */
  get end(): number {
    return this.#next
  }

  /** Reads on. The list is another one only if it has changed. */
  read(log: readonly LogEntry[]): readonly LogEntry[] {
    const first = log[0]?.index ?? 0
    // Another log, or the same at an earlier moment.
    if (this.#last && log[this.#last.index - first] !== this.#last && first < this.#next) this.#restart()
    const from = Math.max(0, this.#next - first)
    const fresh = log.slice(from).filter((entry) => matches(this.filter, entry))
    const forgotten = this.#entries.findIndex(({ index }) => index >= first)
    const isTrimmed = this.#entries.length > 0 && forgotten !== 0
    if (isTrimmed) this.#entries = forgotten === -1 ? [] : this.#entries.slice(forgotten)
    if (fresh.length > 0) this.#entries = [...this.#entries, ...fresh]
    this.#last = log.at(-1) ?? null
    this.#next = first + log.length
    return this.#entries
  }

  #restart(): void {
    this.#entries = []
    this.#next = 0
    this.#last = null
  }
}
