import { type SchedulerAction, Subscription } from 'rxjs'
import type { Clock } from '../../clock.ts'

/** One piece of work that RxJS scheduled on a clock; it may schedule itself again, as `interval` does. */
export class VirtualAction<T> extends Subscription implements SchedulerAction<T> {
  readonly #clock: Clock
  readonly #work: (this: SchedulerAction<T>, state?: T) => void
  #timer: unknown = null

  constructor(clock: Clock, work: (this: SchedulerAction<T>, state?: T) => void) {
    super()
    this.#clock = clock
    this.#work = work
  }

  schedule(state?: T, delay = 0): Subscription {
    if (this.closed) return this
    this.#clear()
    this.#timer = this.#clock.setTimeout(() => {
      this.#timer = null
      this.#work(state)
      // Work that did not schedule itself again is done, and whoever holds the subscription sees it closed.
      if (this.#timer === null) this.unsubscribe()
    }, delay)
    return this
  }

  override unsubscribe(): void {
    this.#clear()
    super.unsubscribe()
  }

  #clear(): void {
    if (this.#timer !== null) this.#clock.clearTimeout(this.#timer)
    this.#timer = null
  }
}
