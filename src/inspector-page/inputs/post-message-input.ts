import { AdoptedMessages } from '../../services/inspector/adapters/adopted-messages.ts'
import type { Input, InputEvents } from './input.ts'

/** What the inspectors of XState 5 and 4 wait for. Whoever it is that listens there, it learns that there is an inspector, and nothing else. */
const GREETINGS = [{ type: '@statelyai.connected' }, { type: 'xstate.inspecting' }]

/** The page that opened this one, or holds it in a frame, by `createBrowserInspector({ url })` of `@statelyai/inspect` or `inspect({ url })` of `@xstate/inspect`. */
export class PostMessageInput implements Input {
  /** Null where nobody has opened this page. */
  static of(window: Window): PostMessageInput | null {
    const teller = window.self === window.top ? (window.opener as Window | null) : window.parent
    return teller === null ? null : new PostMessageInput(window, teller)
  }

  readonly #window: Window
  readonly #teller: Window

  private constructor(window: Window, teller: Window) {
    this.#window = window
    this.#teller = teller
  }

  start(events: InputEvents): () => void {
    let adopted: AdoptedMessages | null = null
    const listen = ({ data, source, origin }: MessageEvent<unknown>): void => {
      if (source !== this.#teller) return
      adopted ??= new AdoptedMessages('opener', { name: null, platform: 'browser', detail: origin })
      const messages = adopted.read(data) ?? []
      if (messages.length === 0) return
      events.state('open')
      events.messages(messages)
    }
    this.#window.addEventListener('message', listen)
    for (const greeting of GREETINGS) this.#teller.postMessage(greeting, '*')
    return () => this.#window.removeEventListener('message', listen)
  }
}
