import type { SchedulerAction, SchedulerLike, Subscription } from 'rxjs'
import type { Clock } from '../../clock.ts'
import { TurnBarrier } from './turn-barrier.ts'
import { type Timer, TimerQueue } from './timer-queue.ts'
import { VirtualAction } from './virtual-action.ts'

/** Options of {@link VirtualClock.runUntil} and {@link VirtualClock.runUntilIdle}. */
export interface RunOptions {
  /** Virtual milliseconds after which to give up with an error. Default 60000. */
  limit?: number
  /** What is waited for, for the error message. */
  what?: string
}

const DEFAULT_LIMIT = 60_000

/**
 * Time that passes only when told to. It is a {@link Clock} (and so XState's `clock`: `createActor(logic, { clock })`) and a scheduler for
 * RxJS (`delay(100, clock)`, `timer(100, clock)`), so machines, streams and the simulated network all share one time.
 *
 * Timers run in the order of their times, those due at the same time in the order in which they were set. No real timer is ever used.
 *
 * @example
 * ```ts
 * import { VirtualClock } from 'webrtc-multiplayer/testing'
 *
 * const clock = new VirtualClock()
 * clock.setTimeout(() => console.log(clock.now()), 1000)
 * clock.advance(5000) // prints 1000
 * ```
 */
export class VirtualClock implements Clock, SchedulerLike {
  readonly #timers = new TimerQueue()
  #now = 0
  #sequence = 0

  /** Virtual milliseconds since the clock was made. */
  now(): number {
    return this.#now
  }

  /** Timers that are set. */
  get pending(): number {
    return this.#timers.size
  }

  setTimeout(callback: () => void, milliseconds: number): Timer {
    const delay = milliseconds > 0 ? milliseconds : 0
    const timer = { time: this.#now + delay, sequence: this.#sequence++, callback, index: -1 }
    this.#timers.push(timer)
    return timer
  }

  clearTimeout(id: unknown): void {
    if (id !== undefined && id !== null) this.#timers.remove(id as Timer)
  }

  /** RxJS's scheduler interface. */
  schedule<T>(work: (this: SchedulerAction<T>, state: T) => void, delay = 0, state?: T): Subscription {
    return new VirtualAction<T>(this, work as (this: SchedulerAction<T>, state?: T) => void).schedule(state, delay)
  }

  /**
   * Lets this many milliseconds pass and runs everything that falls due in them, synchronously. Promise callbacks do not run in between; where
   * the code under test awaits something, use {@link run}. What a timer throws comes out here, with the time standing at that timer.
   */
  advance(milliseconds: number): void {
    const end = this.#now + milliseconds
    while (this.#isDue(end)) this.#runFirst()
    this.#now = end
  }

  /** As {@link advance}, but promise callbacks run before the first timer and after each one. */
  async run(milliseconds: number): Promise<void> {
    const end = this.#now + milliseconds
    using barrier = new TurnBarrier()
    await barrier.pass()
    while (this.#isDue(end)) {
      this.#runFirst()
      await barrier.pass()
    }
    this.#now = Math.max(end, this.#now)
  }

  /** Lets time pass until the condition holds. Rejects when nothing is left to run, or at the limit. */
  async runUntil(
    condition: () => boolean,
    { limit = DEFAULT_LIMIT, what = 'the condition' }: RunOptions = {},
  ): Promise<void> {
    const end = this.#now + limit
    using barrier = new TurnBarrier()
    await barrier.pass()
    while (!condition()) {
      if (this.#timers.size === 0)
        throw new Error(`Nothing is left to run at ${this.#now} ms, and ${what} does not hold.`)
      if (!this.#isDue(end)) throw new Error(`${limit} ms of virtual time have passed, and ${what} does not hold.`)
      this.#runFirst()
      await barrier.pass()
    }
  }

  /** Lets time pass until no timer is set. Rejects at the limit, so that something that repeats for ever is found. */
  async runUntilIdle({ limit = DEFAULT_LIMIT }: Pick<RunOptions, 'limit'> = {}): Promise<void> {
    await this.runUntil(() => this.#timers.size === 0, { limit, what: 'an idle clock' })
  }

  #isDue(end: number): boolean {
    const { first } = this.#timers
    return first !== undefined && first.time <= end
  }

  #runFirst(): void {
    const timer = this.#timers.first as Timer
    this.#timers.remove(timer)
    this.#now = timer.time
    timer.callback()
  }
}
