/**
 * One thing that an association carries: a message of a channel, or what announces a channel (`open`, answered by `accept`) or
 * ends it (`reset`).
 */
export interface AssociationMessage {
  readonly kind: 'data' | 'open' | 'accept' | 'reset'
  /** SCTP stream, which is the channel's id. */
  readonly stream: number
  readonly data: Uint8Array
  readonly isText: boolean
  readonly ordered: boolean
  /** How often a packet of it is retransmitted; Infinity if reliable. */
  readonly maxRetransmits: number
  /** Time of the clock after which it is not (re)transmitted any more; Infinity if reliable. */
  readonly expires: number
  /** Announces a channel. */
  readonly announcement: ChannelAnnouncement | null
  /** Called when the send buffer takes it, unless it does so at once. */
  readonly onTaken: (() => void) | null
}

/** RFC 8832: what the message that opens a channel says of it. */
export interface ChannelAnnouncement {
  readonly label: string
  readonly protocol: string
  readonly ordered: boolean
  readonly maxPacketLifeTime: number | null
  readonly maxRetransmits: number | null
}

const NOTHING = new Uint8Array(0)

/** A message of the protocol itself: reliable and without payload. A reset has no place among a stream's messages: it comes after all of them. */
export function controlMessage(
  kind: 'open' | 'accept' | 'reset',
  stream: number,
  announcement: ChannelAnnouncement | null = null,
): AssociationMessage {
  return {
    kind,
    stream,
    data: NOTHING,
    isText: false,
    ordered: kind !== 'reset',
    maxRetransmits: Infinity,
    expires: Infinity,
    announcement,
    onTaken: null,
  }
}
