import type { PeerState, SessionDescriptionType } from '../../index.ts'
import type { ReceivedTally, SentTally } from './traffic-tally.ts'

/** A session description or candidate on its way from one peer to another; the parent carries it as it is. */
export type PeerSignal =
  | { readonly kind: 'description'; readonly type: SessionDescriptionType; readonly sdp: string }
  | { readonly kind: 'candidate'; readonly media: string; readonly index: number; readonly name: string }

/** What the parent tells the process of a peer. */
export type ToPeer =
  /** Connect to that peer, and offer or wait for its offer. */
  | { readonly type: 'connect'; readonly peer: number; readonly offers: boolean }
  | { readonly type: 'signal'; readonly from: number; readonly signal: PeerSignal }
  /** Send this many rounds of packets (null: until told to leave), one every so many milliseconds. */
  | { readonly type: 'send'; readonly rounds: number | null; readonly every: number }
  /** Answer with `report`. */
  | { readonly type: 'report' }
  /** Answer with `tally`. */
  | { readonly type: 'tally' }
  /** Close gracefully and end. */
  | { readonly type: 'leave' }

/** What the process of a peer tells the parent. */
export type FromPeer =
  | { readonly type: 'ready' }
  | { readonly type: 'signal'; readonly to: number; readonly signal: PeerSignal }
  /** The mesh announced that peer, this many milliseconds after it was added. */
  | { readonly type: 'peerConnected'; readonly peer: number; readonly took: number }
  | { readonly type: 'peerDisconnected'; readonly peer: number }
  /** A peer that was added was given up before the mesh announced it. */
  | { readonly type: 'neverConnected'; readonly peer: number; readonly reason: string }
  /** The rounds that were asked for have been sent. */
  | { readonly type: 'sent' }
  | { readonly type: 'report'; readonly report: PeerReport }
  | { readonly type: 'tally'; readonly tally: TrafficTally }
  /** Something threw that nobody caught; the process ends. */
  | { readonly type: 'failed'; readonly message: string }

/** How a peer's connections are at one moment. */
export interface PeerReport {
  /** Milliseconds on that process's own clock. */
  readonly at: number
  readonly connections: readonly ConnectionReport[]
}

/** One connection, as one of its ends sees it. */
export interface ConnectionReport {
  readonly peer: number
  readonly state: PeerState
  /** Milliseconds from a packet to its echo, or what the transport measured before there was one; null if neither. */
  readonly roundTrip: number | null
  /** One for each of the channels, in their order. */
  readonly channels: readonly ChannelCounters[]
}

/** Counters of one channel of one connection since it opened. */
export interface ChannelCounters {
  readonly sentPackets: number
  readonly sentBytes: number
  readonly receivedPackets: number
  readonly receivedBytes: number
}

/** What a peer sent and received of the counted traffic. */
export interface TrafficTally {
  readonly sent: readonly SentTally[]
  readonly received: readonly ReceivedTally[]
}
