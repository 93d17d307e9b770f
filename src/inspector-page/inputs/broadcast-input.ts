import { whenAbsent } from '../../services/inspector/tab/presence.ts'
import type { InspectorMessage } from '../../services/inspector/wire/messages.ts'
import type { Input, InputEvents } from './input.ts'
import { readMessages } from './read-messages.ts'

/** Milliseconds; whoever reports stops three seconds after the last call. */
const CALL_EVERY = 1_000

/** Other tabs of the same origin, without any server. */
export class BroadcastInput implements Input {
  readonly #name: string

  /** @param name - of the channel. */
  constructor(name: string) {
    this.#name = name
  }

  start(events: InputEvents): () => void {
    const channel = new BroadcastChannel(this.#name)
    const watch = new PresenceWatch((message) => events.messages([message]))
    channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      // Other tabs may look too, and call as this one does.
      if (!Array.isArray(data)) return
      const { messages, unreadable } = readMessages(data)
      if (unreadable > 0) events.missed(unreadable)
      if (messages.length === 0) return
      events.state('open')
      events.messages(messages)
      for (const message of messages) watch.hear(message)
    }
    // Who looks anew is told everything, though others look already.
    const viewer = Math.random().toString(36)
    const call = (): void => channel.postMessage({ type: 'webrtc.view', viewer })
    call()
    const timer = setInterval(call, CALL_EVERY)
    return () => {
      clearInterval(timer)
      watch.end()
      channel.close()
    }
  }
}

/** Tells of sources that have gone without a word: whose tab was killed, or has crashed. */
class PresenceWatch {
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
