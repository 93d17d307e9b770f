import type { Observable } from 'rxjs'
import type { ChannelState, WriteMode } from './states.ts'

/**
 * Options of {@link WebRTCPeerConnection.createDataChannel}: W3C `RTCDataChannelInit`, which is also what Godot takes.
 * `maxPacketLifeTime` and `maxRetransmits` exclude each other; `id` is given if and only if `negotiated` is true.
 */
export interface DataChannelOptions {
  /** Both sides create the channel themselves, with the same `id`; nothing announces it. Default false. */
  negotiated?: boolean
  /** SCTP stream id, 0 to 65534 by RFC 8832; the library underneath may allow fewer (1023 with libdatachannel). */
  id?: number
  /** Messages arrive in the order in which they were sent. Default true. */
  ordered?: boolean
  /** Milliseconds during which a message is (re)transmitted, 0 to 65535. Without it and `maxRetransmits`: reliable. */
  maxPacketLifeTime?: number
  /** How often a message is retransmitted, 0 to 65535. Without it and `maxPacketLifeTime`: reliable. */
  maxRetransmits?: number
  /** Subprotocol name. Default ''. */
  protocol?: string
}

/** A message with what it came as. */
export interface ChannelMessage {
  /** The bytes; of a text message, its UTF-8. Never a view that is written again: keep it as long as you like. */
  readonly data: Uint8Array
  /** The other side sent a string. */
  readonly isText: boolean
}

/** Takes messages without an object per message; see {@link WebRTCDataChannel.setReceiver}. */
export type MessageReceiver = (data: Uint8Array, isText: boolean) => void

/**
 * One data channel: Godot's `WebRTCDataChannel`, with its getters as properties and with observables beside them.
 *
 * A message that arrives goes to exactly one place: the receiver, if {@link setReceiver} set one; else whoever is subscribed to
 * {@link message$}; else a queue for {@link getPacket}, bounded to 16 MiB. When the queue of a reliable channel would
 * overflow, the channel is closed (never a silent gap); that of an unreliable one drops its oldest message and
 * counts it in {@link droppedMessages}.
 */
export interface WebRTCDataChannel {
  readonly label: string
  /** SCTP stream id, or null while none is assigned (Godot: 65535). */
  readonly id: number | null
  readonly ordered: boolean
  readonly protocol: string
  readonly negotiated: boolean
  /** Milliseconds, or null where the option was not given (Godot: 65535). */
  readonly maxPacketLifeTime: number | null
  /** Number of retransmissions, or null where the option was not given (Godot: 65535). */
  readonly maxRetransmits: number | null
  /** Largest message that {@link send} takes, bytes: what the session description agreed, 262144 before that. */
  readonly maxMessageSize: number

  readonly readyState: ChannelState
  /** The ready state now and every change; completes after CLOSED. */
  readonly readyState$: Observable<ChannelState>

  /** Bytes that were given to {@link send} and wait in this process. */
  readonly bufferedAmount: number
  /** When {@link bufferedAmount} falls to this many bytes or fewer, {@link bufferedAmountLow$} emits. Default 0. */
  bufferedAmountLowThreshold: number
  readonly bufferedAmountLow$: Observable<void>

  /**
   * Sends one message, a string as text, bytes as binary. The bytes are copied before the call returns.
   *
   * @returns true if the transport took it at once, false if it waits behind others (then {@link bufferedAmount} is above 0).
   * @throws MultiplayerError `ERR_UNCONFIGURED` if the channel is not open, `ERR_INVALID_PARAMETER` if the message is neither
   * string nor `Uint8Array` or is larger than {@link maxMessageSize}, `ERR_OUT_OF_MEMORY` (browsers) if more than 16 MiB would wait; nothing was
   * sent then.
   */
  send(data: Uint8Array | string): boolean
  /** Messages as they arrive; those that were queued are emitted on subscription. Completes when the channel has closed. */
  readonly message$: Observable<ChannelMessage>
  /**
   * The fastest way to receive: one function, called with every message (queued ones at once, synchronously). Null takes it off. What it
   * throws is caught and reported as an uncaught exception on a later turn; it never reaches the native library.
   */
  setReceiver(receiver: MessageReceiver | null): void

  /** How {@link putPacket} sends. Default BINARY. */
  writeMode: WriteMode
  /** Sends one packet in {@link writeMode}; an empty one is not sent (as Godot's `PacketPeer`). Throws as {@link send}. */
  putPacket(packet: Uint8Array): void
  /** The oldest queued packet. @throws MultiplayerError `ERR_UNAVAILABLE` if there is none. */
  getPacket(): Uint8Array
  getAvailablePacketCount(): number
  /** Whether the packet that the last {@link getPacket} returned was sent as text. */
  wasStringPacket(): boolean
  /** Messages that were dropped because the queue of an unreliable channel was full. */
  readonly droppedMessages: number

  /** Does nothing; for code ported from Godot. */
  poll(): void
  /**
   * Closes this channel: SCTP delivers what was sent before, then tells the other side. May be called at any time, more than once.
   */
  close(): void
}
