import { type Entry, toEntry } from '../../services/inspector/hub/entry.ts'
import { History } from '../../services/inspector/hub/history.ts'
import { LatestFacts } from '../../services/inspector/hub/latest-facts.ts'
import { DEFAULT_HUB_LIMITS } from '../../services/inspector/hub/limits.ts'
import { Registry } from '../../services/inspector/hub/registry.ts'
import type { InspectorMessage } from '../../services/inspector/wire/messages.ts'
import { Recording } from './recording.ts'

export interface TapeLimits {
  readonly messages: number
  /** Characters. */
  readonly size: number
}

/** A mesh of 64 peers that all report tells 7 MB a second, one of six 50 kB. As many messages are opened again in about a second. */
const DEFAULT_LIMITS: TapeLimits = { messages: 100_000, size: 96 * 1024 * 1024 }

/** What the page was told, to be looked at again or saved. Bounded: of what is too old only that is known which was there then. */
export class Tape {
  readonly #history: History
  readonly #registry = new Registry(DEFAULT_HUB_LIMITS)
  readonly #facts = new LatestFacts(DEFAULT_HUB_LIMITS.factsSize)
  #forgotten = 0

  constructor(limits: TapeLimits = DEFAULT_LIMITS) {
    this.#history = new History({ historyMessages: limits.messages, historySize: limits.size }, (entry) => {
      this.#forget(entry)
    })
  }

  /** Messages that are not on it any more. */
  get forgotten(): number {
    return this.#forgotten
  }

  /** What whoever opens or saves it should know. */
  get notices(): readonly string[] {
    return this.#forgotten > 0 ? [`Its beginning is missing: ${this.#forgotten} older messages were forgotten.`] : []
  }

  get isEmpty(): boolean {
    return this.#history.entries.length === 0
  }

  push(message: InspectorMessage): void {
    this.#history.push(toEntry(message))
  }

  /** As a recording's file: JSON Lines, in pieces. */
  lines(): string[] {
    const entries = this.#entries()
    const startedAt = entries[0]?.message.time ?? 0
    const partial = this.#forgotten > 0 ? { isPartial: true } : {}
    const header = JSON.stringify({ type: 'webrtc.recording', version: 1, startedAt, ...partial })
    return [`${header}\n`, ...entries.map(({ text }) => `${text}\n`)]
  }

  recording(name: string): Recording {
    const messages = this.#entries().map(({ message }) => message)
    return new Recording(name, messages, this.notices)
  }

  #entries(): Entry[] {
    return [...this.#registry.entries(), ...this.#facts.entries, ...this.#history.entries]
  }

  #forget(entry: Entry): void {
    const { message } = entry
    this.#forgotten++
    if (message.type === 'webrtc.source-gone') this.#facts.forget(message.source)
    if (message.type === 'webrtc.facts') this.#facts.keep(message, entry)
    else this.#registry.apply(entry)
  }
}
