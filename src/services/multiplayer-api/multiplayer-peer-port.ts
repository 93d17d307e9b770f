import type { WebRTCMultiplayerPeer } from '../multiplayer-peer/multiplayer-peer.ts'

/** What the multiplayer API uses of a {@link WebRTCMultiplayerPeer}: anything of this shape will do. */
export type MultiplayerPeerPort = Pick<
  WebRTCMultiplayerPeer,
  | 'uniqueId'
  | 'connectionStatus'
  | 'isServer'
  | 'isServerRelaySupported'
  | 'refuseNewConnections'
  | 'peerConnected$'
  | 'peerRemoved$'
  | 'connectionSucceeded$'
  | 'connectionFailed$'
  | 'serverDisconnected$'
  | 'connectionStatus$'
  | 'packets$'
  | 'getPeer'
  | 'getPeers'
  | 'hasPeer'
  | 'peer'
  | 'send'
  | 'disconnectPeer'
  | 'close'
>
