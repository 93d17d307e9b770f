import type { LogEntry } from './state.ts'

/** As far back as the event is looked for that led to a snapshot: a mesh of 64 peers that closes says three lines for each between the two. */
const CAUSE_SEARCHED = 1_000
/** Old entries are forgotten by so many of a hundred at once, so that each costs the same. */
const FORGOTTEN_SHARE = 0.1

/** The lines of the timeline, each with its place in the whole session. */
export class LogBook {
  readonly entries: LogEntry[]
  readonly #limit: number

  /**
   * @param limit - entries that are kept.
   * @param entries - what is written already; the book goes on with this list.
   */
  constructor(limit: number, entries: LogEntry[] = []) {
    this.#limit = limit
    this.entries = entries
  }

  /** Index of the entry that is written next. */
  get end(): number {
    return (this.entries.at(-1)?.index ?? -1) + 1
  }

  write(entry: Omit<LogEntry, 'index'>): void {
    this.entries.push({ index: this.end, ...entry })
    if (this.entries.length > this.#limit) this.entries.splice(0, Math.ceil(this.#limit * FORGOTTEN_SHARE))
  }

  /** Index of the entry of an event, by its number among the messages of its source. */
  indexOfEvent(source: string, seq: number): number | null {
    const first = Math.max(0, this.entries.length - CAUSE_SEARCHED)
    for (let i = this.entries.length - 1; i >= first; i--) {
      const entry = this.entries[i]
      if (entry?.seq === seq && entry.source === source) return entry.index
    }
    return null
  }
}
