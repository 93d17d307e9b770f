import type { Input, InputEvents } from './input.ts'
import { PresenceWatch } from './presence-watch.ts'
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
