/**
 * Lobbies: peers find each other through a signaling server that Godot's own clients can use too.
 *
 * @packageDocumentation
 */
export type {
  NegotiationFailure,
  NegotiationRole,
  NegotiationState,
  NegotiationStep,
  NegotiationTimes,
} from './machines/negotiation-types.ts'
export type { NegotiationCause } from './machines/negotiation-types.ts'
export type { HostLeavePolicy, LobbyErrorCode, LobbyMode, LobbySummary } from './protocol/lobby/extension.ts'
export type { BackOffOptions } from './services/lobby/client/back-off.ts'
export type { LobbyClientCounters } from './services/lobby/client/client-counters.ts'
export type { CandidateType, DialCandidate, DialPair } from './services/lobby/client/dial-candidate.ts'
export type { DialProgress } from './services/lobby/client/dial-progress.ts'
export type { ExpiringIceServers, IceServersOption } from './services/lobby/client/ice-servers.ts'
export { joinLobby } from './services/lobby/client/join-lobby.ts'
export type { CreateOptions, JoinLobbyOptions, LobbyServerOptions } from './services/lobby/client/join-options.ts'
export type { JoinedLobby, LobbyState } from './services/lobby/client/joined-lobby.ts'
export { listLobbies, type ListLobbiesOptions } from './services/lobby/client/list-lobbies.ts'
export { lobbyErrorCode, type LobbyRefusal } from './services/lobby/client/lobby-errors.ts'
export type { TokenOption } from './services/lobby/client/token.ts'
export type { Verdict, VerdictReason } from './services/lobby/client/verdict.ts'
export type { LobbyWebSocket, LobbyWebSocketConstructor } from './services/lobby/client/web-socket.ts'
