import type { Observable } from 'rxjs'
import { MultiplayerError } from '../../multiplayer-error.ts'
import { reportUncaught } from '../channel-inbox.ts'
import type { ResolvedChannelOptions } from '../channel-options.ts'
import { byteLength, type ChannelOwner, LibraryDataChannel } from '../library/library-data-channel.ts'
import { onLaterTurn } from '../library/later-turn.ts'
import { ChannelState } from '../states.ts'
import { reasonOf } from './open-connection.ts'
import type { StandardDataChannel } from './standard-webrtc.ts'

const encoder = new TextEncoder()

/** Beyond this Chromium throws and others close the channel (W3C allows both); Firefox takes any amount, until memory ends. */
const SEND_QUEUE = 16 * 1024 * 1024

/** What one turn may send without being counted as waiting: as much as libdatachannel's SCTP send buffer takes, which does not count there either. */
const BURST = 1024 * 1024

/** Milliseconds between two looks at what waits, where no event tells. */
const LOW_POLL = 10

/** What a channel of a browser needs of its connection. */
export interface BrowserChannelOwner extends ChannelOwner<BrowserDataChannel> {
  /** Payload bytes over all channels, counted up by each. */
  readonly traffic: { sent: number; received: number }
  /** A channel is about to report that it is open. */
  channelOpens(): void
  /** The other side has aborted the association, and with it every channel. */
  aborted(): void
}

/** A data channel over an `RTCDataChannel`. */
export class BrowserDataChannel extends LibraryDataChannel {
  readonly bufferedAmountLow$: Observable<void>

  readonly #native: StandardDataChannel
  readonly #owner: BrowserChannelOwner
  readonly #traffic: BrowserChannelOwner['traffic']
  /** @roamhq/wrtc has no event for it. */
  readonly #pollsLow: boolean
  #isPolling = false
  /** Bytes that this turn has sent. */
  #burst = 0

  constructor(native: StandardDataChannel, options: ResolvedChannelOptions, owner: BrowserChannelOwner) {
    super(native.label, options)
    this.#native = native
    this.#owner = owner
    this.#traffic = owner.traffic
    this.bufferedAmountLow$ = this.low.asObservable()
    this.#pollsLow = !('onbufferedamountlow' in native)
    // Firefox 140 gives Blobs by default, which can only be read later, out of order.
    native.binaryType = 'arraybuffer'
    native.onopen = () => {
      if (this.readyState !== ChannelState.CONNECTING) return
      owner.channelOpens()
      if (!this.ended) this.opened()
    }
    native.onmessage = ({ data }) => {
      this.#arrived(data)
    }
    native.onbufferedamountlow = () => {
      if (this.isOpen) this.low.next()
    }
    native.onerror = ({ error }) => {
      if (error?.errorDetail === 'sctp-failure') owner.aborted()
    }
    native.onclose = () => {
      if (this.ended) return
      this.isOpen = false
      this.ended = true
      owner.channelEnded(this)
    }
    if (native.readyState === 'open') native.onopen()
  }

  get id(): number | null {
    const { id } = this.#native
    // While there is none some say -1 or 65535.
    return id !== null && id >= 0 && id < 65535 ? id : null
  }

  get maxMessageSize(): number {
    return this.#owner.maxMessageSize
  }

  /**
   * A browser counts everything that was sent in this turn, because it looks at the network only after it. So that a burst of packets is not taken for
   * congestion, what this turn has sent does not count as long as little waits altogether.
   */
  get bufferedAmount(): number {
    const { bufferedAmount } = this.#native
    return bufferedAmount > BURST ? bufferedAmount : Math.max(0, bufferedAmount - this.#burst)
  }

  get unsent(): number {
    return this.#native.bufferedAmount
  }

  closeNative(): void {
    this.wasClosedHere ||= !this.ended
    this.isOpen = false
    const { readyState } = this.#native
    this.#native.close()
    // Not every implementation tells of the end of a channel that never opened.
    if (readyState === 'connecting') onLaterTurn(() => this.#native.onclose?.())
  }

  closeWithConnection(): void {
    const native = this.#native
    native.onopen = native.onmessage = native.onbufferedamountlow = native.onerror = native.onclose = null
    this.isOpen = false
    this.ended = true
    native.close()
  }

  protected transmitText(data: string): boolean {
    return this.#transmit(data, byteLength(data))
  }

  protected transmitBytes(data: Uint8Array): boolean {
    return this.#transmit(data, data.byteLength)
  }

  protected applyLowThreshold(bytes: number): void {
    this.#native.bufferedAmountLowThreshold = bytes
  }

  #transmit(data: Uint8Array | string, size: number): boolean {
    if (size > this.maxMessageSize) throw new RangeError('too large')
    const waiting = this.#native.bufferedAmount + size
    if (waiting > SEND_QUEUE) {
      throw new MultiplayerError(
        'ERR_OUT_OF_MEMORY',
        `Channel '${this.label}': ${waiting} bytes would wait, browsers take ${SEND_QUEUE}; go on when bufferedAmountLow$ emits.`,
        { value: waiting },
      )
    }
    try {
      this.#native.send(data)
    } catch (cause) {
      if (this.#native.readyState !== 'open') throw cause
      throw new MultiplayerError('FAILED', `Channel '${this.label}' refuses the message: ${reasonOf(cause)}.`, {
        cause,
      })
    }
    this.#traffic.sent += size
    if (this.#pollsLow && waiting > this.bufferedAmountLowThreshold) this.#pollLow()
    if (this.#burst === 0) {
      setTimeout(() => {
        this.#burst = 0
      })
    }
    this.#burst += size
    return waiting <= BURST && waiting <= this.#burst
  }

  #pollLow(): void {
    if (this.#isPolling) return
    this.#isPolling = true
    setTimeout(() => {
      this.#isPolling = false
      if (this.ended) return
      if (this.unsent > this.bufferedAmountLowThreshold) this.#pollLow()
      else if (this.isOpen) this.low.next()
    }, LOW_POLL)
  }

  #arrived(data: unknown): void {
    const isText = typeof data === 'string'
    let bytes: Uint8Array
    if (isText) bytes = encoder.encode(data)
    else if (data instanceof ArrayBuffer) bytes = new Uint8Array(data)
    else if (data instanceof Uint8Array) bytes = data
    // That of another realm, as of a frame or Electron's preload script.
    else if (Object.prototype.toString.call(data) === '[object ArrayBuffer]')
      bytes = new Uint8Array(data as ArrayBuffer)
    else {
      this.close()
      reportUncaught(
        new MultiplayerError(
          'FAILED',
          `This WebRTC implementation ignores binaryType 'arraybuffer'; channel '${this.label}' is closed.`,
          {
            value: data,
          },
        ),
      )
      return
    }
    this.#traffic.received += bytes.byteLength
    this.inbox.deliver(bytes, isText)
  }
}
