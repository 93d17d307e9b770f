import type { Clock } from '../../../clock.ts'

/** Milliseconds for which the servers and clients may not have heard yet what became of a peer. */
const RECENT = 10_000

/** Peers to whom something happened in the last ten seconds. Needs no timer: it forgets as it is used. */
export class RecentIds {
  readonly #clock: Clock
  /** Times by id, the oldest first. */
  readonly #times = new Map<number, number>()

  constructor(clock: Clock) {
    this.#clock = clock
  }

  add(id: number): void {
    this.#times.delete(id)
    this.#forgetOld()
    this.#times.set(id, this.#clock.now())
  }

  has(id: number): boolean {
    this.#forgetOld()
    return this.#times.has(id)
  }

  #forgetOld(): void {
    const oldest = this.#clock.now() - RECENT
    for (const [id, time] of this.#times) {
      if (time > oldest) return
      this.#times.delete(id)
    }
  }
}
