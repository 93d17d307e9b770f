import { Observable, Subject } from 'rxjs'
import { Fifo } from '../fifo.ts'
import { MultiplayerError } from '../multiplayer-error.ts'
import type { ChannelMessage, MessageReceiver } from './data-channel.ts'

/** Bytes that a channel keeps for a reader who has not come yet; see the limits in docs/limits.md. */
export const INBOX_LIMIT = 16 * 1024 * 1024

/** Bytes that a queued message costs besides its payload, so that empty messages do not fill memory either. */
const OVERHEAD = 64

export interface ChannelInboxOptions {
  /** A full queue of a reliable channel overflows, that of an unreliable one drops its oldest message. */
  reliable: boolean
  /** Called once when a reliable queue would exceed the limit; the message that did not fit is lost, so the channel must close. */
  onOverflow: () => void
  /** Bytes. Default {@link INBOX_LIMIT}. */
  limit?: number
}

/** Throws on a later turn, where the platform's handler for uncaught exceptions sees it and no native library does. */
export function reportUncaught(error: unknown): void {
  setTimeout(() => {
    throw error
  })
}

/**
 * The receiving half of a data channel, the same on every transport: each message goes to the receiver, else to the subscribers of
 * `message$`, else into a bounded queue for `getPacket()`.
 */
export class ChannelInbox {
  readonly message$: Observable<ChannelMessage>
  /** Messages dropped from the full queue of an unreliable channel. */
  dropped = 0

  readonly #options: Required<ChannelInboxOptions>
  readonly #subject = new Subject<ChannelMessage>()
  #receiver: MessageReceiver | null = null
  readonly #queue = new Fifo<ChannelMessage>()
  #queuedBytes = 0
  #overflowed = false
  #lastWasText = false

  constructor(options: ChannelInboxOptions) {
    this.#options = { limit: INBOX_LIMIT, ...options }
    this.message$ = new Observable((subscriber) => {
      const subscription = this.#subject.subscribe(subscriber)
      this.#drain((message) => {
        this.#subject.next(message)
      })
      return subscription
    })
  }

  /** Hands over one message. Never throws: transports call this from native callbacks. */
  deliver(data: Uint8Array, isText: boolean): void {
    if (this.#receiver !== null) {
      try {
        this.#receiver(data, isText)
      } catch (error) {
        reportUncaught(error)
      }
    } else if (this.#subject.observed) {
      this.#subject.next({ data, isText })
    } else {
      this.#enqueue({ data, isText })
    }
  }

  setReceiver(receiver: MessageReceiver | null): void {
    this.#receiver = receiver
    if (receiver !== null) {
      this.#drain((message) => {
        this.deliver(message.data, message.isText)
      })
    }
  }

  getPacket(): Uint8Array {
    const message = this.#shift()
    if (message === undefined) {
      throw new MultiplayerError('ERR_UNAVAILABLE', 'No packet is queued; ask getAvailablePacketCount() first.')
    }
    this.#lastWasText = message.isText
    return message.data
  }

  get available(): number {
    return this.#queue.length
  }

  get lastWasText(): boolean {
    return this.#lastWasText
  }

  /** No message comes any more. What is queued stays readable. */
  complete(): void {
    this.#subject.complete()
  }

  #enqueue(message: ChannelMessage): void {
    if (this.#overflowed) return
    const { reliable, limit, onOverflow } = this.#options
    const cost = message.data.byteLength + OVERHEAD
    if (this.#queuedBytes + cost > limit) {
      if (reliable) {
        this.#overflowed = true
        onOverflow()
        return
      }
      while (this.available > 0 && this.#queuedBytes + cost > limit) {
        this.#shift()
        this.dropped++
      }
    }
    this.#queue.push(message)
    this.#queuedBytes += cost
  }

  #shift(): ChannelMessage | undefined {
    const message = this.#queue.shift()
    if (message !== undefined) this.#queuedBytes -= message.data.byteLength + OVERHEAD
    return message
  }

  #drain(take: (message: ChannelMessage) => void): void {
    for (let message = this.#shift(); message !== undefined; message = this.#shift()) take(message)
  }
}
