import type { Entry } from './entry.ts'
import type { HubLimits } from './limits.ts'

/** A tenth of the entries at once, so that an entry costs the same however many there are. */
const EVICTED_SHARE = 0.1

/** The newest messages, bounded; what has no more room goes on to where it is summed up. */
export class History {
  readonly #limits: Pick<HubLimits, 'historyMessages' | 'historySize'>
  readonly #evict: (entry: Entry) => void
  readonly #entries: Entry[] = []
  #size = 0

  constructor(limits: Pick<HubLimits, 'historyMessages' | 'historySize'>, evict: (entry: Entry) => void) {
    this.#limits = limits
    this.#evict = evict
  }

  get entries(): readonly Entry[] {
    return this.#entries
  }

  push(entry: Entry): void {
    this.#entries.push(entry)
    this.#size += entry.text.length
    const { historyMessages, historySize } = this.#limits
    if (this.#entries.length > historyMessages || this.#size > historySize) this.#shrink()
  }

  #shrink(): void {
    const { historyMessages, historySize } = this.#limits
    const mostEntries = historyMessages * (1 - EVICTED_SHARE)
    const mostSize = historySize * (1 - EVICTED_SHARE)
    let count = 0
    for (const entry of this.#entries) {
      if (this.#entries.length - count <= mostEntries && this.#size <= mostSize) break
      count++
      this.#size -= entry.text.length
    }
    for (const entry of this.#entries.splice(0, count)) this.#evict(entry)
  }
}
