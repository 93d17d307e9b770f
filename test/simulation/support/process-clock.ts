import type { Clock } from '../../../src/clock.ts'

/** The timers of one process: they end with it. */
export class ProcessClock implements Clock {
  readonly #clock: Clock
  readonly #timers = new Set<unknown>()
  #isDead = false

  constructor(clock: Clock) {
    this.#clock = clock
  }

  get isDead(): boolean {
    return this.#isDead
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.size
  }

  now(): number {
    return this.#clock.now()
  }

  setTimeout(callback: () => void, milliseconds: number): unknown {
    if (this.#isDead) return null
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(timer)
      callback()
    }, milliseconds)
    this.#timers.add(timer)
    return timer
  }

  clearTimeout(id: unknown): void {
    this.#timers.delete(id)
    this.#clock.clearTimeout(id)
  }

  /** The process is dead: none of its timers ever fires. */
  die(): void {
    this.#isDead = true
    for (const timer of this.#timers) this.#clock.clearTimeout(timer)
    this.#timers.clear()
  }
}
