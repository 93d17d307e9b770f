/** A description and a handful of candidates for each of the others, and again for those who come and go. */
const AT_ONCE = 400
const PER_SECOND = 20

/** How many messages somebody may still send: plenty at once, and then some every second. */
export class Allowance {
  #left = AT_ONCE
  #since = performance.now()

  /** Takes one; false if there is none. */
  take(): boolean {
    const now = performance.now()
    this.#left = Math.min(AT_ONCE, this.#left + ((now - this.#since) / 1000) * PER_SECOND)
    this.#since = now
    if (this.#left < 1) return false
    this.#left--
    return true
  }
}
