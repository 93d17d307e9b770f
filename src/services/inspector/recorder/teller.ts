import type { InspectorMessage, Stamp } from '../wire/messages.ts'
import { errorText } from './plain-json.ts'

/** What {@link Teller} counts. */
export interface TellerStats {
  /** Messages that were told. */
  readonly messages: number
  /** What went wrong in watching or in the sink; nothing of it reaches whoever is watched. */
  readonly failures: number
  /** What the last failure said; null if there was none. */
  readonly lastFailure: string | null
}

/** Numbers and dates the messages of a source, and gives them to whoever wants them now. Nothing that fails on the way gets back to the actor whose event is told. */
export class Teller {
  readonly source: string
  readonly #now: () => number
  #sink: ((message: InspectorMessage) => void) | null = null
  #seq = 0
  /** Sinks that are at work: one may lead to events that are told too. */
  #depth = 0
  #messages = 0
  #failures = 0
  #lastFailure: string | null = null

  /** @param now - milliseconds since 1970. */
  constructor(source: string, now: () => number) {
    this.source = source
    this.#now = now
  }

  get isOn(): boolean {
    return this.#sink !== null
  }

  /** Whether this was called from within a sink. */
  get isTelling(): boolean {
    return this.#depth > 0
  }

  start(sink: (message: InspectorMessage) => void): void {
    this.#sink = sink
  }

  stop(): void {
    this.#sink = null
  }

  /** Milliseconds since 1970. */
  now(): number {
    return this.#now()
  }

  /** Of the next message. Numbers have no gaps, so that whoever is told knows what was lost. */
  stamp(time = this.#now()): Stamp {
    if (this.#sink !== null) this.#seq++
    return { source: this.source, seq: this.#seq, time }
  }

  tell(message: InspectorMessage): void {
    if (this.#sink === null) return
    this.#messages++
    this.#depth++
    try {
      this.#sink(message)
    } catch (error) {
      this.fail(error)
    }
    this.#depth--
  }

  /** Does something that must not fail for whoever calls; counts it if it does. */
  attempt(work: () => void): void {
    try {
      work()
    } catch (error) {
      this.fail(error)
    }
  }

  fail(error: unknown): void {
    this.#failures++
    this.#lastFailure = errorText(error)
  }

  stats(): TellerStats {
    return { messages: this.#messages, failures: this.#failures, lastFailure: this.#lastFailure }
  }
}
