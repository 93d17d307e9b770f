import { whenAbsent } from '../../services/inspector/tab/presence.ts'
import type { InspectorMessage } from '../../services/inspector/wire/messages.ts'

/** Tells of sources that have gone without a word: whose tab was killed, or has crashed. */
export class PresenceWatch {
  readonly #tell: (message: InspectorMessage) => void
  readonly #living = new Map<string, { seq: number; readonly leaving: AbortController }>()

  constructor(tell: (message: InspectorMessage) => void) {
    this.#tell = tell
  }

  hear({ type, source, seq }: InspectorMessage): void {
    const known = this.#living.get(source)
    if (type === 'webrtc.source-gone') this.#forget(source)
    else if (known) known.seq = seq
    else if (type === 'webrtc.source') this.#await(source, seq)
  }

  end(): void {
    for (const source of [...this.#living.keys()]) this.#forget(source)
  }

  #await(source: string, seq: number): void {
    const living = { seq, leaving: new AbortController() }
    this.#living.set(source, living)
    whenAbsent(source, living.leaving.signal, () => {
      this.#living.delete(source)
      this.#tell({ type: 'webrtc.source-gone', source, seq: living.seq + 1, time: Date.now() })
    })
  }

  #forget(source: string): void {
    this.#living.get(source)?.leaving.abort()
    this.#living.delete(source)
  }
}
