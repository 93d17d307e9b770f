import type { Keyframe, Session } from './session.ts'

/** Messages between two keyframes at first: a millisecond or two to apply. */
const FIRST_INTERVAL = 250
/** With more, every second one is dropped: a keyframe of a large session is some hundred kilobytes. */
const MOST = 64

interface Placed {
  readonly position: number
  readonly keyframe: Keyframe
}

/** Moments of a recording from which others are reached without starting from its beginning. However long it is, they are as many. */
export class Keyframes {
  #placed: Placed[] = []
  #interval = FIRST_INTERVAL

  /** The session is at this position now; positions come in ascending order, from 0 on. */
  offer(position: number, session: Session): void {
    if (position % this.#interval !== 0) return
    this.#placed.push({ position, keyframe: session.keyframe() })
    if (this.#placed.length <= MOST) return
    this.#interval *= 2
    this.#placed = this.#placed.filter((placed) => placed.position % this.#interval === 0)
  }

  /** The nearest one at or before a position. */
  before(position: number): Placed {
    const found = this.#placed[Math.min(this.#placed.length - 1, Math.floor(position / this.#interval))]
    if (!found) throw new Error('The position 0 was never offered.')
    return found
  }
}
