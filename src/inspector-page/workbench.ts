import type { Input, InputState } from './inputs/input.ts'
import { failuresOf } from './model/failures.ts'
import { Player } from './model/player.ts'
import type { Recording } from './model/recording.ts'
import { RecordingError } from './model/recording-reader.ts'
import { Session } from './model/session.ts'
import { Tape } from './model/tape.ts'

const SCREEN = {
  request: (callback: (now: number) => void): number => requestAnimationFrame(callback),
  cancel: (id: number): void => {
    cancelAnimationFrame(id)
  },
}

/** What is on the page: what is live, and the recording that is looked at instead, if there is one. Live goes on meanwhile. */
export class Workbench {
  #version = 0
  #live = new Session()
  #tape = new Tape()
  #before: Tape | null = null
  #recording: Recording | null = null
  #player: Player | null = null
  #states = new Map<Input, InputState>()
  #missed = 0
  #problem: string | null = null
  #saved: string | null = null
  #isOpening = false
  readonly #listeners = new Set<() => void>()

  get version(): number {
    return this.#version
  }

  readonly subscribe = (listener: () => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  /** What every view shows. */
  get session(): Session {
    return this.#recording?.session ?? this.#live
  }

  get live(): Session {
    return this.#live
  }

  get recording(): Recording | null {
    return this.#recording
  }

  get player(): Player | null {
    return this.#player
  }

  /** The best of all inputs; null if there is none. */
  get connection(): InputState | null {
    const states = [...this.#states.values()]
    return (['open', 'connecting', 'lost'] as const).find((state) => states.includes(state)) ?? null
  }

  /** Whether there is anything but recordings. */
  get isLive(): boolean {
    return this.#states.size > 0
  }

  /** Whether there is something to look at again, or to save. */
  get hasTape(): boolean {
    return !this.#tape.isEmpty
  }

  /** Messages that did not get here, or could not be read. */
  get missed(): number {
    return this.#missed
  }

  /** Whether there is something from before the inspector was lost. */
  get hasBefore(): boolean {
    return this.#before !== null
  }

  /** Why a recording could not be opened. */
  get problem(): string | null {
    return this.#problem
  }

  /** What was saved last, and what it lacks. */
  get saved(): string | null {
    return this.#saved
  }

  get isOpening(): boolean {
    return this.#isOpening
  }

  /** Returns what ends it. */
  listen(input: Input): () => void {
    this.#states.set(input, 'connecting')
    this.#changed()
    const end = input.start({
      messages: (messages) => {
        const isFirst = this.#tape.isEmpty
        this.#live.applyAll(messages)
        for (const message of messages) this.#tape.push(message)
        if (isFirst) this.#changed()
      },
      state: (state) => {
        if (this.#states.get(input) === state) return
        this.#states.set(input, state)
        this.#changed()
      },
      restart: () => {
        this.#restart()
      },
      missed: (count) => {
        this.#missed += count
        this.#changed()
      },
    })
    return () => {
      this.#states.delete(input)
      end()
      this.#changed()
    }
  }

  /** Shows a recording as soon as it is read. */
  async open(opening: Promise<Recording>): Promise<void> {
    this.#isOpening = true
    this.#problem = null
    this.#changed()
    try {
      this.#show(await opening)
    } catch (error) {
      if (!(error instanceof RecordingError)) throw error
      this.#problem = error.message
    } finally {
      this.#isOpening = false
      this.#changed()
    }
  }

  /** What was live until now, to be looked at moment by moment. */
  rewind(): void {
    this.#show(this.#tape.recording('the session until now'))
  }

  openBefore(): void {
    if (this.#before) this.#show(this.#before.recording('the session before the inspector was lost'))
  }

  forgetBefore(): void {
    this.#before = null
    this.#changed()
  }

  backToLive(): void {
    this.#player?.pause()
    this.#recording = null
    this.#player = null
    this.#changed()
  }

  dismissProblem(): void {
    this.#problem = null
    this.#changed()
  }

  dismissSaved(): void {
    this.#saved = null
    this.#changed()
  }

  /** What was live, as a recording's file. */
  save(): { readonly blob: Blob; readonly name: string } {
    const time = new Date(this.#live.time || Date.now()).toISOString().slice(0, 19).replaceAll(':', '-')
    const name = `session-${time}.jsonl`
    this.#saved = [`Saved as ${name}.`, ...this.#tape.notices].join(' ')
    this.#changed()
    return { blob: new Blob(this.#tape.lines(), { type: 'application/jsonl' }), name }
  }

  #show(recording: Recording): void {
    this.#player?.pause()
    const failure = failuresOf(recording.entries)[0]
    if (failure) recording.seekToEntry(failure.index)
    this.#recording = recording
    this.#player = new Player(recording, SCREEN)
    this.#changed()
  }

  /** Whoever tells begins anew, with all that it remembers. What was seen before can be looked at until the page is closed. */
  #restart(): void {
    if (!this.#tape.isEmpty) this.#before = this.#tape
    this.#live = new Session()
    this.#tape = new Tape()
    this.#changed()
  }

  #changed(): void {
    this.#version++
    for (const listener of this.#listeners) listener()
  }
}
