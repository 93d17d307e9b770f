import { Observable, Subject } from 'rxjs'
import type { DataChannel as NativeDataChannel } from 'node-datachannel'
import { MultiplayerError } from '../../multiplayer-error.ts'
import { BaseDataChannel } from '../base-data-channel.ts'
import { reportUncaught } from '../channel-inbox.ts'
import type { ResolvedChannelOptions } from '../channel-options.ts'
import { ChannelState } from '../states.ts'
import { keepAlive, letGo } from './keep-alive.ts'
import { guardNative } from './native-guard.ts'
import { ObservableState } from './observable-state.ts'

const encoder = new TextEncoder()

/** What a channel tells its connection. */
export interface ChannelOwner {
  /** The native channel has closed; the connection decides when {@link NodeDataChannel.finish} follows. */
  channelEnded(channel: NodeDataChannel): void
  /** Largest message before the descriptions have agreed on one. */
  readonly maxMessageSize: number
}

/** A data channel over node-datachannel's native one. */
export class NodeDataChannel extends BaseDataChannel {
  readonly readyState$: Observable<ChannelState>
  readonly bufferedAmountLow$: Observable<void>
  /** Messages that have arrived; tells the connection whether a closing channel still delivers. */
  received = 0
  /** The end of this channel came from this side. */
  wasClosedHere = false
  /** When something was last sent, by `performance.now()`. */
  lastSentAt = -Infinity

  readonly #native: NativeDataChannel
  readonly #state = new ObservableState(ChannelState.CONNECTING)
  readonly #low = new Subject<void>()
  #id: number | null
  #open = false
  #wasOpen = false
  /** The native channel was closed; most of its methods throw from then on. */
  #ended = false
  #maxMessageSize: number
  #lowThreshold = 0
  #watchesLow = false

  constructor(native: NativeDataChannel, label: string, options: ResolvedChannelOptions, owner: ChannelOwner) {
    super(label, options)
    this.#native = native
    this.#id = options.id
    this.#maxMessageSize = owner.maxMessageSize
    this.readyState$ = this.#state.changes$
    this.bufferedAmountLow$ = new Observable((subscriber) => {
      this.#watchLow()
      return this.#low.subscribe(subscriber)
    })
    keepAlive(native)
    // Each native callback has its own queue, and the queues run in the order in which they were made: open before message before closed.
    native.onOpen(
      guardNative(() => {
        this.#opened()
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
        this.#open = false
        this.#ended = true
        owner.channelEnded(this)
      }),
    )
    if (native.isOpen()) this.#opened()
  }

  get id(): number | null {
    return this.#id
  }

  get maxMessageSize(): number {
    return this.#maxMessageSize
  }

  get readyState(): ChannelState {
    return this.#state.value
  }

  get bufferedAmount(): number {
    return this.#native.bufferedAmount()
  }

  get bufferedAmountLowThreshold(): number {
    return this.#lowThreshold
  }

  set bufferedAmountLowThreshold(bytes: number) {
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > 0xffffffff) {
      throw new MultiplayerError(
        'ERR_INVALID_PARAMETER',
        'bufferedAmountLowThreshold must be a whole number of bytes, 0 or more.',
        { value: bytes },
      )
    }
    this.#lowThreshold = bytes
    if (!this.#ended) this.#native.setBufferedAmountLowThreshold(bytes)
  }

  send(data: Uint8Array | string): boolean {
    if (!this.#open) {
      const state = ChannelState[this.#state.value]
      throw new MultiplayerError(
        'ERR_UNCONFIGURED',
        `Channel '${this.label}' is ${state}; send when readyState is OPEN.`,
      )
    }
    try {
      // Read for the pause before a graceful close; 20 ns of a send of several microseconds.
      this.lastSentAt = performance.now()
      if (typeof data === 'string') return this.#native.sendMessage(data)
      if (data instanceof Uint8Array) return this.#native.sendMessageBinary(data)
    } catch (cause) {
      throw this.#sendError(data, cause)
    }
    throw new MultiplayerError(
      'ERR_INVALID_PARAMETER',
      'A message is a Uint8Array or a string; wrap other buffers: new Uint8Array(buffer).',
      { value: data },
    )
  }

  close(): void {
    if (this.#state.value >= ChannelState.CLOSING) return
    this.stopSending()
    this.closeNative()
  }

  /** Nothing can be sent any more, messages still arrive. */
  stopSending(): void {
    this.#open = false
    this.#state.setLater(ChannelState.CLOSING)
  }

  /** Closes the native channel; messages of this channel that wait to be delivered are dropped by it. */
  closeNative(): void {
    // If the other side has just closed it, the event is on its way, and a close here could take it away: then nothing would ever release
    // the native channel and the process would not end by itself.
    const closedByOther = this.#wasOpen && !this.#native.isOpen()
    if (!this.#ended && !closedByOther) {
      this.wasClosedHere = true
      this.#native.close()
    }
    this.#open = false
    this.#ended = true
  }

  /**
   * The connection is about to be closed, which closes every channel that was open. Closing such a channel here too would race with the other side closing it:
   * measured, one in eighty closes then lost the event that releases the channel. One that never opened is not closed by its connection.
   */
  closeWithConnection(): void {
    if (!this.#wasOpen && !this.#ended && !this.#native.isOpen()) this.#native.close()
    this.#open = false
    this.#ended = true
  }

  /** Reports CLOSED; the last that this channel does. */
  finish(): void {
    this.#open = false
    this.#state.finish(ChannelState.CLOSED)
    this.inbox.complete()
    this.#low.complete()
  }

  #opened(): void {
    if (this.#state.value !== ChannelState.CONNECTING || this.#ended) return
    this.#open = true
    this.#wasOpen = true
    this.#id = this.#native.getId()
    this.#maxMessageSize = this.#native.maxMessageSize()
    this.#state.set(ChannelState.OPEN)
  }

  #arrived(message: string | Buffer): void {
    // The queues of two native callbacks may in rare cases run in the wrong order.
    if (!this.#open && this.#state.value !== ChannelState.OPEN) {
      this.#opened()
      if (this.#state.value === ChannelState.CLOSED) return
    }
    this.received++
    if (typeof message === 'string') this.inbox.deliver(encoder.encode(message), true)
    else
      this.inbox.deliver(new Uint8Array(message.buffer as ArrayBuffer, message.byteOffset, message.byteLength), false)
  }

  #watchLow(): void {
    if (this.#watchesLow || this.#ended) return
    this.#watchesLow = true
    this.#native.setBufferedAmountLowThreshold(this.#lowThreshold)
    this.#native.onBufferedAmountLow(
      guardNative(() => {
        if (this.#open) this.#low.next()
      }),
    )
  }

  #sendError(data: Uint8Array | string, cause: unknown): MultiplayerError {
    const size = typeof data === 'string' ? Buffer.byteLength(data) : data.byteLength
    if (size > this.#maxMessageSize) {
      const message = `The message has ${size} bytes, the other side takes ${this.#maxMessageSize}; split it.`
      return new MultiplayerError('ERR_INVALID_PARAMETER', message, { value: size, cause })
    }
    return new MultiplayerError(
      'ERR_UNCONFIGURED',
      `Channel '${this.label}' closed while sending; watch readyState$.`,
      { cause },
    )
  }
}
