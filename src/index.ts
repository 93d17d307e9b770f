/**
 * Godot's `WebRTCMultiplayerPeer` for TypeScript.
 *
 * @packageDocumentation
 */
import { WebRTCPeerConnection as PlatformPeerConnection } from '#platform'
import type {
  PeerConnectionConstructor,
  WebRTCPeerConnection as PeerConnectionContract,
} from './transport/peer-connection.ts'

/** A connection to one other peer, on whatever platform this runs. */
export type WebRTCPeerConnection = PeerConnectionContract
/** The platform's WebRTC: node-datachannel in Node, `RTCPeerConnection` in browsers and everywhere else. */
export const WebRTCPeerConnection: PeerConnectionConstructor = PlatformPeerConnection

export type { Clock } from './clock.ts'
export {
  GODOT_ERRORS,
  MultiplayerError,
  type MultiplayerErrorCode,
  type MultiplayerErrorDetails,
} from './multiplayer-error.ts'
export type { LinkEvent, LinkPort } from './machines/link-port.ts'
export { meshLogic } from './machines/mesh-machine.ts'
export {
  ConnectionStatus,
  TARGET_PEER_BROADCAST,
  TARGET_PEER_SERVER,
  type MeshActorRef,
  type MeshConfiguration,
  type MeshEmitted,
  type MeshEvent,
  type MeshInput,
  type MeshLogic,
  type MeshMode,
  type MeshPeer,
  type MeshSnapshot,
  type ServerLostPolicy,
} from './machines/mesh-types.ts'
export { peerLogic } from './machines/peer-machine.ts'
export type { PeerEvent, PeerInput, PeerLogic, PeerOutput, PeerReport, PeerSnapshot } from './machines/peer-types.ts'
export type { PeerCloseReason, PeerState } from './machines/peer-state.ts'
export type { PeerRemoval } from './services/multiplayer-peer/mesh-signals.ts'
export { WebRTCMultiplayerPeer, type CloseOptions } from './services/multiplayer-peer/multiplayer-peer.ts'
export type { Logger, MeshLimits, MultiplayerPeerOptions } from './services/multiplayer-peer/options.ts'
export type { PacketsOptions } from './services/multiplayer-peer/packet-router.ts'
export { TransferMode, type Packet, type SendOptions, type SendResult } from './services/multiplayer-peer/packet.ts'
export type { ChannelStats, MeshStats, PeerStats } from './services/multiplayer-peer/peer-stats.ts'
export type { PeerInfo, RemotePeer } from './services/multiplayer-peer/remote-peer.ts'
export type {
  ChannelMessage,
  DataChannelOptions,
  MessageReceiver,
  WebRTCDataChannel,
} from './transport/data-channel.ts'
export type {
  CloseGracefullyOptions,
  ConnectionStats,
  IceCandidate,
  IceServer,
  LibdatachannelSettings,
  PeerConnectionConfiguration,
  PeerConnectionConstructor,
  RemoteImplementation,
  SelectedCandidate,
  SelectedCandidatePair,
  SessionDescription,
  SessionDescriptionType,
} from './transport/peer-connection.ts'
export type { StandardPeerConnectionConstructor } from './transport/browser/standard-webrtc.ts'
export {
  ChannelState,
  ConnectionState,
  GatheringState,
  SignalingState,
  WriteMode,
  type IceConnectionState,
} from './transport/states.ts'
