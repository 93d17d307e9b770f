import type { Clock } from '../../../clock.ts'

/** What one member may ask for within {@link WINDOW} that costs a connection. A healthy pair does it once, a troubled one a few times a minute. */
const MOST = 16
/** Milliseconds. */
const WINDOW = 10_000

/** Lets a few through in any ten seconds, and no more. */
export class WindowGate {
  readonly #clock: Pick<Clock, 'now'>
  #taken: number[] = []

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** @returns false for one too many. */
  admits(): boolean {
    const now = this.#clock.now()
    this.#taken = this.#taken.filter((time) => now - time < WINDOW)
    if (this.#taken.length >= MOST) return false
    this.#taken.push(now)
    return true
  }
}
