/** An allowance that refills steadily up to its capacity. */
export class TokenBucket {
  readonly #capacity: number
  readonly #perMillisecond: number
  #left: number
  #updated: number

  /** @param perSecond - what it gains. @param now - milliseconds. */
  constructor(capacity: number, perSecond: number, now: number) {
    this.#capacity = capacity
    this.#perMillisecond = perSecond / 1000
    this.#left = capacity
    this.#updated = now
  }

  /** Takes that much if there is enough. */
  take(amount: number, now: number): boolean {
    if (!this.has(amount, now)) return false
    this.#left -= amount
    return true
  }

  has(amount: number, now: number): boolean {
    this.#refill(now)
    return this.#left >= amount
  }

  isFull(now: number): boolean {
    return this.has(this.#capacity, now)
  }

  /** Milliseconds until there is that much (or all there can be), at least 1. */
  wait(amount: number, now: number): number {
    this.#refill(now)
    const missing = Math.min(amount, this.#capacity) - this.#left
    return Math.max(1, Math.ceil(missing / this.#perMillisecond))
  }

  #refill(now: number): void {
    this.#left = Math.min(this.#capacity, this.#left + (now - this.#updated) * this.#perMillisecond)
    this.#updated = now
  }
}
