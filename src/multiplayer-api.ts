/**
 * Godot's `MultiplayerAPI`: peer exchange, relay, authentication and remote calls, on Godot's wire.
 *
 * @packageDocumentation
 */
export type { AuthenticationFailureReason, AuthenticationState } from './machines/authentication-types.ts'
export { MultiplayerError, type MultiplayerErrorCode } from './multiplayer-error.ts'
export type {
  AuthPacket,
  ConfirmPathPacket,
  NodeById,
  NodeByPath,
  NodeTarget,
  PeerPacket,
  RawPacket,
  RelayPacket,
  ReplicationPacket,
  RpcByNamePacket,
  RpcPacket,
  RsetPacket,
  ScenePacket,
  SimplifyPathPacket,
  SystemPacket,
} from './protocol/scene-packets/packet.ts'
export { decodeRelayed, decodeScenePacket, encodeScenePacket } from './protocol/scene-packets/scene-packets.ts'
export type { EncodedArguments } from './protocol/variant/arguments.ts'
export { DEFAULT_GODOT_VERSION, type GodotVersion } from './protocol/variant/godot-version.ts'
export type { ReplicationMessage } from './services/multiplayer-api/api-signals.ts'
export type {
  AuthCallback,
  Authenticate,
  AuthenticationChannel,
} from './services/multiplayer-api/authentication-channel.ts'
export type { AuthenticationFailure } from './services/multiplayer-api/authentications.ts'
export { MultiplayerAPI, type DisconnectPeerOptions } from './services/multiplayer-api/multiplayer-api.ts'
export type { MultiplayerPeerPort } from './services/multiplayer-api/multiplayer-peer-port.ts'
export type { MultiplayerAPILimits, MultiplayerAPIOptions } from './services/multiplayer-api/options.ts'
export * from './services/multiplayer-api/rpc/index.ts'
export type {
  MultiplayerAPIPeerStats,
  MultiplayerAPIStats,
  ReceiverCounters,
} from './services/multiplayer-api/stats.ts'
export type { ViolationCounts, ViolationKind } from './services/multiplayer-api/violations.ts'
