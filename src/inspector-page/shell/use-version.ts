import { useMemo, useSyncExternalStore } from 'react'

/** What tells of its changes by a number that counts them. */
export interface Versioned {
  readonly version: number
  subscribe(listener: () => void): () => void
}

/**
 * Draws again when it has changed: at the next frame of the screen, however often it changes until then.
 *
 * @param pause - milliseconds between two drawings, for what costs more than it is worth at every frame. Default 0.
 */
export function useVersion(source: Versioned, pause = 0): number {
  const frames = useMemo(() => new Frames(source, pause), [source, pause])
  return useSyncExternalStore(frames.subscribe, frames.version)
}

/** The version that a source had when it was last drawn. */
class Frames {
  readonly #source: Versioned
  readonly #pause: number
  #version: number

  constructor(source: Versioned, pause: number) {
    this.#source = source
    this.#pause = pause
    this.#version = source.version
  }

  readonly version = (): number => this.#version

  readonly subscribe = (listener: () => void): (() => void) => {
    let frame = 0
    let timer: ReturnType<typeof setTimeout> | undefined
    let drawnAt = -Infinity
    const draw = (now: number): void => {
      frame = 0
      drawnAt = now
      this.#version = this.#source.version
      listener()
    }
    const wait = (): void => {
      if (frame !== 0 || timer !== undefined) return
      const left = drawnAt + this.#pause - performance.now()
      if (left <= 0) frame = requestAnimationFrame(draw)
      else {
        timer = setTimeout(() => {
          timer = undefined
          frame = requestAnimationFrame(draw)
        }, left)
      }
    }
    const unsubscribe = this.#source.subscribe(wait)
    // It may have changed between the first drawing and now.
    if (this.#source.version !== this.#version) wait()
    return () => {
      unsubscribe()
      clearTimeout(timer)
      cancelAnimationFrame(frame)
    }
  }
}
