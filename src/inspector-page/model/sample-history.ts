import type { LinkSample } from './state.ts'

/** Two minutes at two looks a second: what the plots show. */
export const SAMPLES_KEPT = 240

/**
 * The newest samples of one end of a link, as a value: appending makes another history, so that every moment of a recording can keep its own. They share what they have in common.
 */
export class SampleHistory {
  static readonly EMPTY = new SampleHistory([], [], 0)

  readonly #older: readonly LinkSample[]
  readonly #newer: LinkSample[]
  /** How many of `#newer` belong to this history; what follows was appended to it later. */
  readonly #count: number
  #list: readonly LinkSample[] | null = null

  private constructor(older: readonly LinkSample[], newer: LinkSample[], count: number) {
    this.#older = older
    this.#newer = newer
    this.#count = count
  }

  get newest(): LinkSample | null {
    return this.#newer[this.#count - 1] ?? null
  }

  get list(): readonly LinkSample[] {
    this.#list ??= [...this.#older.slice(this.#count), ...this.#newer.slice(0, this.#count)]
    return this.#list
  }

  append(sample: LinkSample): SampleHistory {
    if (this.#count === SAMPLES_KEPT) return new SampleHistory(this.#newer, [sample], 1)
    const isLast = this.#count > 0 && this.#count === this.#newer.length
    const newer = isLast ? this.#newer : this.#newer.slice(0, this.#count)
    newer.push(sample)
    return new SampleHistory(this.#older, newer, this.#count + 1)
  }
}
