/**
 * State of one remote peer, the states of {@link peerMachine}:
 * `new` (added, its channels created), `connecting` (the connection left NEW), `channelsOpen` (connected and every channel open, not yet
 * announced), `connected` (announced, packets flow), `draining` (the other side began to close: what it had sent still arrives), `closed`.
 */
export type PeerState = 'new' | 'connecting' | 'channelsOpen' | 'connected' | 'draining' | 'closed'

/** Why a peer was closed. */
export type PeerCloseReason =
  /** `removePeer(id)`. */
  | 'removed'
  /** `disconnectPeer(id)`: as if the connection had been lost. */
  | 'disconnected'
  /** `disconnectPeer(id, true)`: without a signal to the application. */
  | 'forced'
  /** The connection became DISCONNECTED, FAILED or CLOSED. */
  | 'connection-failed'
  /** One of its channels closed. */
  | 'channel-closed'
  /** It did not open within `connectTimeout`. */
  | 'connect-timeout'
  /** Packets that nobody read exceeded the receive limit on a reliable channel. */
  | 'receive-overflow'
  /** The mesh was closed. */
  | 'mesh-closed'
  /** Something threw inside the peer's actor; the error went to the logger. */
  | 'error'
