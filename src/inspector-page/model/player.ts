import type { Recording } from './recording.ts'

/** Calls back at the next frame of the screen, with the time in milliseconds. */
export interface Frames {
  request(callback: (now: number) => void): number
  cancel(id: number): void
}

export const SPEEDS = [1, 4, 16] as const
export type Speed = (typeof SPEEDS)[number]

/** Lets a recording go on by itself, as fast as it was, or faster. */
export class Player {
  readonly #recording: Recording
  readonly #frames: Frames
  readonly #listeners = new Set<() => void>()
  #version = 0
  #frame: number | null = null
  #speed: Speed = 1
  /** Where the present stretch began: a frame's time and the session's. */
  #from: { readonly now: number; readonly time: number } | null = null
  /** The position that it has led to: whoever moves the recording meanwhile begins a new stretch. */
  #position = 0

  constructor(recording: Recording, frames: Frames) {
    this.#recording = recording
    this.#frames = frames
  }

  get version(): number {
    return this.#version
  }

  get isPlaying(): boolean {
    return this.#frame !== null
  }

  get speed(): Speed {
    return this.#speed
  }

  set speed(speed: Speed) {
    this.#speed = speed
    this.#from = null
    this.#changed()
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** From the beginning, if it is at the end. */
  play(): void {
    if (this.isPlaying) return
    if (this.#recording.isAtEnd) this.#recording.seek(0)
    this.#from = null
    this.#next()
    this.#changed()
  }

  pause(): void {
    if (this.#frame === null) return
    this.#frames.cancel(this.#frame)
    this.#frame = null
    this.#changed()
  }

  #next(): void {
    this.#frame = this.#frames.request((now) => {
      this.#step(now)
    })
  }

  #step(now: number): void {
    const recording = this.#recording
    if (recording.position !== this.#position) this.#from = null
    this.#from ??= { now, time: recording.time }
    const time = this.#from.time + (now - this.#from.now) * this.#speed
    if (time > recording.time) recording.seekToTime(time)
    this.#position = recording.position
    if (recording.isAtEnd) {
      this.#frame = null
      this.#changed()
    } else this.#next()
  }

  #changed(): void {
    this.#version++
    for (const listener of this.#listeners) listener()
  }
}
