import { Observable } from 'rxjs'
import type { DataChannel as NativeDataChannel } from 'node-datachannel'
import { reportUncaught } from '../channel-inbox.ts'
import type { ResolvedChannelOptions } from '../channel-options.ts'
import { type ChannelOwner, LibraryDataChannel } from '../library/library-data-channel.ts'
import { ChannelState } from '../states.ts'
import { keepAlive, letGo } from './keep-alive.ts'
import { guardNative } from './native-guard.ts'

const encoder = new TextEncoder()

/** A `Buffer` has a `slice` and a `toString` of its own. To change its prototype takes a third of the time that another view of its memory takes, and nothing of the garbage collector's. */
const asBytes = (message: Buffer): Uint8Array => Object.setPrototypeOf(message, Uint8Array.prototype) as Uint8Array

/** A data channel over node-datachannel's native one. */
export class NodeDataChannel extends LibraryDataChannel {
  readonly bufferedAmountLow$: Observable<void>
  /** Messages that have arrived; tells the connection whether a closing channel still delivers. */
  received = 0

  readonly #native: NativeDataChannel
  #id: number | null
  #wasOpen = false
  #maxMessageSize: number
  #watchesLow = false

  constructor(
    native: NativeDataChannel,
    label: string,
    options: ResolvedChannelOptions,
    owner: ChannelOwner<NodeDataChannel>,
  ) {
    super(label, options)
    this.#native = native
    this.#id = options.id
    this.#maxMessageSize = owner.maxMessageSize
    this.bufferedAmountLow$ = new Observable((subscriber) => {
      this.#watchLow()
      return this.low.subscribe(subscriber)
    })
    keepAlive(native)
    // Each native callback has its own queue, and the queues run in the order in which they were made: open before message before closed.
    native.onOpen(
      guardNative(() => {
        this.#nativeOpened()
      }),
    )
    native.onMessage((message) => {
      // As guardNative, without its list of arguments for every message.
      try {
        this.#arrived(message as string | Buffer)
      } catch (error) {
        reportUncaught(error)
      }
    })
    native.onClosed(
      guardNative(() => {
        letGo(native)
        this.isOpen = false
        this.ended = true
        owner.channelEnded(this)
      }),
    )
    if (native.isOpen()) this.#nativeOpened()
  }

  get id(): number | null {
    return this.#id
  }

  get maxMessageSize(): number {
    return this.#maxMessageSize
  }

  get bufferedAmount(): number {
    return this.#native.bufferedAmount()
  }

  get unsent(): number {
    return this.bufferedAmount
  }

  /** Messages of this channel that wait to be delivered are dropped by it. */
  closeNative(): void {
    // If the other side has just closed it, the event is on its way, and a close here could take it away: then nothing would ever release
    // the native channel and the process would not end by itself.
    const closedByOther = this.#wasOpen && !this.#native.isOpen()
    if (!this.ended && !closedByOther) {
      this.wasClosedHere = true
      this.#native.close()
    }
    this.isOpen = false
    this.ended = true
  }

  /**
   * The connection closes every channel that was open. Closing such a channel here too would race with the other side closing it:
   * measured, one in eighty closes then lost the event that releases the channel. One that never opened is not closed by its connection.
   */
  closeWithConnection(): void {
    if (!this.#wasOpen && !this.ended && !this.#native.isOpen()) this.#native.close()
    this.isOpen = false
    this.ended = true
  }

  protected transmitText(data: string): boolean {
    return this.#native.sendMessage(data)
  }

  protected transmitBytes(data: Uint8Array): boolean {
    return this.#native.sendMessageBinary(data)
  }

  protected applyLowThreshold(bytes: number): void {
    this.#native.setBufferedAmountLowThreshold(bytes)
  }

  #nativeOpened(): void {
    if (this.readyState !== ChannelState.CONNECTING || this.ended) return
    this.#wasOpen = true
    this.#id = this.#native.getId()
    this.#maxMessageSize = this.#native.maxMessageSize()
    this.opened()
  }

  #arrived(message: string | Buffer): void {
    // The queues of two native callbacks may in rare cases run in the wrong order.
    if (!this.isOpen && this.readyState !== ChannelState.OPEN) {
      this.#nativeOpened()
      if (this.readyState === ChannelState.CLOSED) return
    }
    this.received++
    if (typeof message === 'string') this.inbox.deliver(encoder.encode(message), true)
    else this.inbox.deliver(asBytes(message), false)
  }

  #watchLow(): void {
    if (this.#watchesLow || this.ended) return
    this.#watchesLow = true
    this.#native.setBufferedAmountLowThreshold(this.bufferedAmountLowThreshold)
    this.#native.onBufferedAmountLow(
      guardNative(() => {
        if (this.isOpen) this.low.next()
      }),
    )
  }
}
