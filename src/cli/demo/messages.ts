import type { PeerState } from '../../index.ts'
import type { ReceivedTally, SentTally } from './traffic-tally.ts'

/** What the parent tells the process of a peer. */
export type ToPeer =
  /** Join the lobby of this demo, making it if need be. `loopback`: connections stay on the loopback interface, where no firewall or missing network matters. */
  | {
      readonly type: 'join'
      readonly url: string
      readonly lobby: string
      readonly loopback: boolean
      /** Report to the inspector at this address; null: there is none. */
      readonly inspector: string | null
    }
  /** That peer is a page of somebody who visits: show it a cursor. */
  | { readonly type: 'visitor'; readonly peer: number }
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
  /** The process is up. */
  | { readonly type: 'ready' }
  /** It is in the lobby, under this id. */
  | { readonly type: 'joined'; readonly id: number }
  /** The mesh announced that peer, this many milliseconds after it was first dialled. */
  | { readonly type: 'peerConnected'; readonly peer: number; readonly took: number }
  | { readonly type: 'peerDisconnected'; readonly peer: number }
  /** The lobby's verdict: that peer was not connected. */
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
