import type { AssociationMessage } from './association-message.ts'

/** Bytes of chunks in one packet: what libdatachannel's default path MTU of 1280 leaves, rounded. */
export const MAX_PACKET = 1200
/** Headers of IP, UDP, DTLS and SCTP around the chunks, bytes. */
export const PACKET_OVERHEAD = 80
/** RFC 9260: header of a DATA chunk, bytes. */
export const CHUNK_HEADER = 16
/** Bytes of a packet that only acknowledges. */
export const SACK_BYTES = PACKET_OVERHEAD + 16

/** A message on its way: cut into fragments, each in a chunk of its own. */
export interface OutgoingMessage {
  readonly message: AssociationMessage
  readonly fragments: number
  /** Place among the ordered messages of its stream (SSN); set when its first fragment is sent, -1 if unordered. */
  sequence: number
  fragmentsSent: number
  /** Bytes that still count in the send buffer. */
  buffered: number
  /** Given up: too many retransmissions, or too old. */
  isAbandoned: boolean
}

/** One fragment of a message, with its place among all chunks of the association (TSN). */
export interface Chunk {
  readonly tsn: number
  readonly outgoing: OutgoingMessage
  readonly payload: number
}

/** What the receiver has: every chunk up to `cumulative`, and those in `beyond`. */
export interface Acknowledgement {
  readonly cumulative: number
  readonly beyond: readonly number[]
}

/** RFC 3758 (FORWARD-TSN): the sender gave up these messages, nothing up to `cumulative` will come any more. */
export interface Forward {
  readonly cumulative: number
  readonly abandoned: readonly OutgoingMessage[]
}
