/** Of the time, what drawing may take: where it is work for the machine, there is less of it, and the page stays quick. */
const SHARE = 0.25
/** Milliseconds; a frame that comes later than that after a drawing was held up by it. */
const ON_TIME = 34
/** Milliseconds: a frame may be late for other reasons, as in a tab that was hidden, and whatever happens shall be seen soon. */
const LONGEST_WAIT = 500

/** Draws at most once in each animation frame, and only when asked to. */
export class FrameLoop {
  readonly #draw: (now: number) => boolean
  #frame: number | null = null
  #watched: number | null = null
  #timer: ReturnType<typeof setTimeout> | null = null
  #drawnAt = -Infinity
  /** How long the last drawing held up the frame after it. */
  #cost = 0

  /** `draw` gives true if there is more to draw in the next frame. */
  constructor(draw: (now: number) => boolean) {
    this.#draw = draw
  }

  /** In the next frame. */
  readonly request = (): void => {
    this.#clearTimer()
    this.#frame ??= requestAnimationFrame((now) => {
      this.#frame = null
      this.#drawnAt = now
      if (this.#draw(now)) this.request()
      else this.#watch(now)
    })
  }

  /** In the next frame that begins `interval` milliseconds after the last drawing, or later if that one was costly. */
  requestPaced(interval: number): void {
    if (this.#frame !== null || this.#timer !== null) return
    const pause = Math.min(LONGEST_WAIT, Math.max(interval, this.#cost / SHARE))
    const wait = this.#drawnAt + pause - performance.now()
    if (wait <= 0) this.request()
    else this.#timer = setTimeout(this.request, wait)
  }

  dispose(): void {
    this.#clearTimer()
    for (const frame of [this.#frame, this.#watched]) if (frame !== null) cancelAnimationFrame(frame)
    this.#frame = this.#watched = null
  }

  /** What is drawn here is painted elsewhere, after this: only the next frame tells how long that took. */
  #watch(drawnAt: number): void {
    this.#watched ??= requestAnimationFrame((now) => {
      this.#watched = null
      const took = now - drawnAt
      this.#cost = took > ON_TIME ? took : 0
    })
  }

  #clearTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
