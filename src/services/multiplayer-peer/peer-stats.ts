import type { PeerState } from '../../machines/peer-state.ts'
import type { ConnectionStats } from '../../transport/peer-connection.ts'
import type { TransferMode } from './packet.ts'

/** Counters of one channel to one peer. */
export interface ChannelStats {
  readonly label: string
  /** 0, or the number of the extra channel. */
  readonly channel: number
  readonly mode: TransferMode
  readonly sentPackets: number
  readonly sentBytes: number
  /** Packets that were not sent: unreliable ones because too much waited already, any because the channel had closed. */
  readonly droppedPackets: number
  readonly receivedPackets: number
  readonly receivedBytes: number
  /** Bytes waiting to be sent. */
  readonly bufferedAmount: number
}

/** Counters of one peer. */
export interface PeerStats extends ConnectionStats {
  readonly peer: number
  readonly state: PeerState
  readonly channels: readonly ChannelStats[]
  /** Packets that arrived and wait: for the peer to be announced, or for a reader. */
  readonly waitingPackets: number
  readonly waitingBytes: number
  /** Unreliable packets that arrived and were dropped because too many waited. */
  readonly droppedWaitingPackets: number
  /** Packets that arrived and were thrown away because the peer had been reported gone. */
  readonly latePackets: number
}

/** Counters of a mesh, those of peers that are gone included. */
export interface MeshStats {
  /** Peers in the mesh now, open or not. */
  readonly peers: readonly PeerStats[]
  readonly sentPackets: number
  readonly sentBytes: number
  readonly receivedPackets: number
  readonly receivedBytes: number
  /** Packets that were not sent: unreliable ones because too much waited already, any because the channel had closed. */
  readonly droppedPackets: number
  /** Packets that arrived and never reached a reader: dropped from a full buffer, unread when their peer was reported gone, or late. */
  readonly unreadPackets: number
}
