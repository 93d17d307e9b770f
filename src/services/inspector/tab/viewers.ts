import type { Clock } from '../../../clock.ts'

/** Milliseconds without a sign after which a tab counts as closed: it gives one every second, and one in the background may be late. */
const SILENCE = 3_000
/** Tabs that look at the same time. */
const MOST = 64

/** The tabs that look: whoever gives a sign, until it does not any more. */
export class Viewers {
  readonly #clock: Clock
  readonly #none: () => void
  readonly #timers = new Map<string, unknown>()

  /** @param none - hears that nobody looks any more. */
  constructor(clock: Clock, none: () => void) {
    this.#clock = clock
    this.#none = none
  }

  /** @returns whether it has just come. */
  sign(viewer: string): boolean {
    const isNew = !this.#timers.has(viewer)
    if (isNew && this.#timers.size >= MOST) return false
    this.#clock.clearTimeout(this.#timers.get(viewer))
    const timer = this.#clock.setTimeout(() => {
      this.#timers.delete(viewer)
      if (this.#timers.size === 0) this.#none()
    }, SILENCE)
    this.#timers.set(viewer, timer)
    return isNew
  }

  clear(): void {
    for (const timer of this.#timers.values()) this.#clock.clearTimeout(timer)
    this.#timers.clear()
  }
}
