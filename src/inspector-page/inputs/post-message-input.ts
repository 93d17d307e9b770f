import { type Clock, realClock } from '../../clock.ts'
import { AdoptedMessages } from '../../services/inspector/adapters/adopted-messages.ts'
import type { Input, InputEvents } from './input.ts'

/** What the inspectors of XState 5 and 4 wait for. Whoever it is that listens there, it learns that there is an inspector, and nothing else. */
const GREETINGS = [{ type: '@statelyai.connected' }, { type: 'xstate.inspecting' }]

/**
 * Milliseconds after which it is said again, while nothing is heard: `@statelyai/inspect` learns of the frame where it is to send when that has loaded, and what it hears before, as Firefox
 * has it now and then, it answers to nobody.
 */
const GREETED_AGAIN = [1_000, 4_000]

/** The page that opened this one, or holds it in a frame, by `createBrowserInspector({ url })` of `@statelyai/inspect` or `inspect({ url })` of `@xstate/inspect`. */
export class PostMessageInput implements Input {
  /** Null where nobody has opened this page. */
  static of(window: Window, clock: Clock = realClock): PostMessageInput | null {
    const teller = window.self === window.top ? (window.opener as Window | null) : window.parent
    return teller === null ? null : new PostMessageInput(window, teller, clock)
  }

  readonly #window: Window
  readonly #teller: Window
  readonly #clock: Clock

  private constructor(window: Window, teller: Window, clock: Clock) {
    this.#window = window
    this.#teller = teller
    this.#clock = clock
  }

  start(events: InputEvents): () => void {
    let adopted: AdoptedMessages | null = null
    let hasHeard = false
    const listen = ({ data, source, origin }: MessageEvent<unknown>): void => {
      if (source !== this.#teller) return
      adopted ??= new AdoptedMessages('opener', { name: null, platform: 'browser', detail: origin })
      const messages = adopted.read(data) ?? []
      if (messages.length === 0) return
      hasHeard = true
      events.state('open')
      events.messages(messages)
    }
    this.#window.addEventListener('message', listen)
    const greet = (): void => {
      if (hasHeard) return
      for (const greeting of GREETINGS) this.#teller.postMessage(greeting, '*')
    }
    greet()
    const timers = GREETED_AGAIN.map((delay) => this.#clock.setTimeout(greet, delay))
    return () => {
      for (const timer of timers) this.#clock.clearTimeout(timer)
      this.#window.removeEventListener('message', listen)
    }
  }
}
