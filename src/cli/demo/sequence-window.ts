/** How many sequence numbers back a duplicate is still recognized: far more than any reordering, and nothing grows with time. */
const WINDOW = 1024

/** Tells for each sequence number whether it is new, has come before, or comes after a higher one. Gaps are no matter of its. */
export class SequenceWindow {
  /** At each number's place modulo the window, the last number seen there, plus one. */
  readonly #seen = new Float64Array(WINDOW)
  #highest = -1

  take(sequence: number): 'next' | 'late' | 'duplicate' {
    const place = sequence % WINDOW
    if (this.#seen[place] === sequence + 1) return 'duplicate'
    if (sequence <= this.#highest - WINDOW) return 'late'
    this.#seen[place] = sequence + 1
    if (sequence < this.#highest) return 'late'
    this.#highest = sequence
    return 'next'
  }
}
