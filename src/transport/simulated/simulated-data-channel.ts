import { type Observable, Subject } from 'rxjs'
import type { Clock } from '../../clock.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import { BaseDataChannel } from '../base-data-channel.ts'
import type { ResolvedChannelOptions } from '../channel-options.ts'
import { ChannelState } from '../states.ts'
import { type AssociationMessage, controlMessage } from './sctp/association-message.ts'
import { SignalledState } from './signalled-state.ts'

/** What a channel needs of its connection. */
export interface ChannelCarrier {
  readonly clock: Clock
  readonly maxMessageSize: number
  /** Returns false if the message waits behind others. */
  enqueue(message: AssociationMessage): boolean
}

/** A data channel of a {@link SimulatedPeerConnection}. */
export class SimulatedDataChannel extends BaseDataChannel {
  readonly readyState$: Observable<ChannelState>
  readonly bufferedAmountLow$: Observable<void>
  bufferedAmountLowThreshold = 0
  /** Payload bytes, for the connection's counters. */
  bytesSent = 0
  bytesReceived = 0

  readonly #carrier: ChannelCarrier
  readonly #state: SignalledState<ChannelState>
  readonly #bufferedAmountLow = new Subject<void>()
  #id: number | null
  #bufferedAmount = 0

  constructor(carrier: ChannelCarrier, label: string, options: ResolvedChannelOptions) {
    super(label, options)
    this.#carrier = carrier
    this.#id = options.id
    this.#state = new SignalledState<ChannelState>(carrier.clock, ChannelState.CONNECTING, ChannelState.CLOSED)
    this.readyState$ = this.#state.state$
    this.bufferedAmountLow$ = this.#bufferedAmountLow.asObservable()
    this.readyState$.subscribe({
      complete: () => {
        this.inbox.complete()
        this.#bufferedAmountLow.complete()
      },
    })
  }

  get id(): number | null {
    return this.#id
  }

  get readyState(): ChannelState {
    return this.#state.state
  }

  get maxMessageSize(): number {
    return this.#carrier.maxMessageSize
  }

  get bufferedAmount(): number {
    return this.#bufferedAmount
  }

  send(data: Uint8Array | string): boolean {
    if (this.readyState !== ChannelState.OPEN) {
      throw new MultiplayerError(
        'ERR_UNCONFIGURED',
        `Channel '${this.label}' is not open; wait until its readyState is OPEN.`,
      )
    }
    const isText = typeof data === 'string'
    if (!isText && !(data instanceof Uint8Array)) {
      throw new MultiplayerError('ERR_INVALID_PARAMETER', 'A message is a string or a Uint8Array.', { value: data })
    }
    const bytes = isText ? new TextEncoder().encode(data) : Uint8Array.from(data)
    if (bytes.byteLength > this.maxMessageSize) {
      throw new MultiplayerError(
        'ERR_INVALID_PARAMETER',
        `A message has at most ${this.maxMessageSize} bytes, this one has ${bytes.byteLength}; send it in parts.`,
      )
    }
    return this.#enqueue(bytes, isText)
  }

  close(): void {
    if (this.readyState === ChannelState.OPEN && this.#id !== null) {
      this.#state.set(ChannelState.CLOSING)
      this.#carrier.enqueue(controlMessage('reset', this.#id))
    } else if (this.readyState === ChannelState.CONNECTING) {
      this.#state.set(ChannelState.CLOSED)
    }
  }

  /** The association is up and gave this channel its stream. */
  assign(id: number): void {
    this.#id = id
  }

  /** The other side knows of this channel: messages may flow. */
  opened(): void {
    if (this.readyState === ChannelState.CONNECTING) this.#state.setNow(ChannelState.OPEN)
  }

  receive(message: AssociationMessage): void {
    if (this.readyState === ChannelState.CLOSED) return
    this.bytesReceived += message.data.byteLength
    this.inbox.deliver(message.data, message.isText)
  }

  /** The other side has closed this channel; a channel closed on both sides is gone. */
  closedByRemote(): void {
    if (this.readyState === ChannelState.OPEN && this.#id !== null)
      this.#carrier.enqueue(controlMessage('reset', this.#id))
    this.#state.setNow(ChannelState.CLOSED)
  }

  /** The connection has ended: `now` if the network says so, `later` (is told of) if the application closed it. */
  shut(when: 'now' | 'later'): void {
    if (when === 'now') this.#state.setNow(ChannelState.CLOSED)
    else this.#state.set(ChannelState.CLOSED)
  }

  #enqueue(data: Uint8Array, isText: boolean): boolean {
    const size = data.byteLength
    this.bytesSent += size
    const isTaken = this.#carrier.enqueue({
      kind: 'data',
      stream: this.#id as number,
      data,
      isText,
      ordered: this.ordered,
      maxRetransmits: this.maxRetransmits ?? Infinity,
      expires: this.#carrier.clock.now() + (this.maxPacketLifeTime ?? Infinity),
      announcement: null,
      onTaken: () => {
        this.#taken(size)
      },
    })
    if (!isTaken) this.#bufferedAmount += size
    return isTaken
  }

  /** The transport's buffer has taken a message that had waited. */
  #taken(bytes: number): void {
    const wasHigh = this.#bufferedAmount > this.bufferedAmountLowThreshold
    this.#bufferedAmount -= bytes
    if (wasHigh && this.#bufferedAmount <= this.bufferedAmountLowThreshold) this.#bufferedAmountLow.next()
  }
}
