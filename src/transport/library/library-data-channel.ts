import { type Observable, Subject } from 'rxjs'
import { checkWhole, invalid } from '../../checks.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import { BaseDataChannel } from '../base-data-channel.ts'
import type { ResolvedChannelOptions } from '../channel-options.ts'
import { ChannelState } from '../states.ts'
import { ObservableState } from './observable-state.ts'
import { type SendTurn, presentTurn } from './send-turn.ts'

const encoder = new TextEncoder()

/** What a channel tells its connection. */
export interface ChannelOwner<Channel> {
  /** The library's channel has closed; the connection decides when {@link LibraryDataChannel.finish} follows. */
  channelEnded(channel: Channel): void
  /** Largest message that this side sends, bytes. */
  readonly maxMessageSize: number
}

/** A data channel of a WebRTC library: its states, and what is checked before the library gets a message. */
export abstract class LibraryDataChannel extends BaseDataChannel {
  readonly readyState$: Observable<ChannelState>
  /** The end of this channel came from this side. */
  wasClosedHere = false

  protected readonly low = new Subject<void>()
  /** Messages can be sent. */
  protected isOpen = false
  /** The library's channel was closed. */
  protected ended = false
  readonly #state = new ObservableState(ChannelState.CONNECTING)
  #lowThreshold = 0
  #lastSent: SendTurn | undefined

  constructor(label: string, options: ResolvedChannelOptions) {
    super(label, options)
    this.readyState$ = this.#state.changes$
  }

  get readyState(): ChannelState {
    return this.#state.value
  }

  /** When something was last sent, by `performance.now()`, or a little later; for the pause before a graceful close. */
  get lastSentAt(): number {
    return this.#lastSent === undefined ? -Infinity : (this.#lastSent.endedAt ?? performance.now())
  }

  get bufferedAmountLowThreshold(): number {
    return this.#lowThreshold
  }

  set bufferedAmountLowThreshold(bytes: number) {
    checkWhole('bufferedAmountLowThreshold', bytes, 0, 0xffffffff)
    this.#lowThreshold = bytes
    if (!this.ended) this.applyLowThreshold(bytes)
  }

  send(data: Uint8Array | string): boolean {
    if (!this.isOpen) {
      const state = ChannelState[this.#state.value]
      throw new MultiplayerError(
        'ERR_UNCONFIGURED',
        `Channel '${this.label}' is ${state}; send when readyState is OPEN.`,
      )
    }
    try {
      this.#lastSent = presentTurn()
      if (typeof data === 'string') return this.transmitText(data)
      if (data instanceof Uint8Array) return this.transmitBytes(data)
    } catch (cause) {
      throw this.#sendError(data, cause)
    }
    throw invalid('A message is a Uint8Array or a string; wrap other buffers: new Uint8Array(buffer).', data)
  }

  close(): void {
    if (this.#state.value >= ChannelState.CLOSING) return
    this.stopSending()
    this.closeNative()
  }

  /** Nothing can be sent any more, messages still arrive. */
  stopSending(): void {
    this.isOpen = false
    this.#state.setLater(ChannelState.CLOSING)
  }

  /** Reports CLOSED; the last that this channel does. */
  finish(): void {
    this.isOpen = false
    this.#state.finish(ChannelState.CLOSED)
    this.inbox.complete()
    this.low.complete()
  }

  /** Bytes in this process, those included that {@link bufferedAmount} leaves out. */
  abstract get unsent(): number
  /** Closes the library's channel, and with it the other side's. */
  abstract closeNative(): void
  /** The connection is about to be closed, now. */
  abstract closeWithConnection(): void

  protected abstract transmitText(data: string): boolean
  protected abstract transmitBytes(data: Uint8Array): boolean
  protected abstract applyLowThreshold(bytes: number): void

  /** The library's channel has opened. */
  protected opened(): void {
    this.isOpen = true
    this.#state.set(ChannelState.OPEN)
  }

  #sendError(data: Uint8Array | string, cause: unknown): MultiplayerError {
    if (cause instanceof MultiplayerError) return cause
    const size = byteLength(data)
    if (size > this.maxMessageSize) {
      const message = `The message has ${size} bytes, the other side takes ${this.maxMessageSize}; split it.`
      return new MultiplayerError('ERR_INVALID_PARAMETER', message, { value: size, cause })
    }
    return new MultiplayerError(
      'ERR_UNCONFIGURED',
      `Channel '${this.label}' closed while sending; watch readyState$.`,
      { cause },
    )
  }
}

/** Bytes of a message as it is sent. */
export function byteLength(data: Uint8Array | string): number {
  return typeof data === 'string' ? encoder.encode(data).byteLength : data.byteLength
}
