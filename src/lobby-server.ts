/**
 * The lobby server: signaling for peers of this library and for Godot's own clients, in one process or in many. For Node.
 *
 * @packageDocumentation
 */
export type { HostLeavePolicy, LobbyErrorCode, LobbyMode, LobbySummary } from './protocol/lobby/extension.ts'
export type {
  BrokerListener,
  BrokerNode,
  BrokerRefusal,
  BrokerReply,
  BrokerSignal,
  CreateLobby,
  JoinLobby,
  LobbyBroker,
  LobbyMember,
  LobbyRecord,
  ResumeMember,
} from './services/lobby/broker/broker.ts'
export { memoryBroker } from './services/lobby/broker/memory-broker.ts'
export {
  redisBroker,
  type BrokerLogger,
  type RedisBroker,
  type RedisBrokerNode,
  type RedisBrokerOptions,
  type RedisBrokerStats,
  type RedisClientToCopy,
} from './services/lobby/broker/redis-broker.ts'
export {
  lobbyOperation,
  type LobbyOperation,
  type LobbyOperationOptions,
  type OperatedServer,
} from './services/lobby/operation/lobby-operation.ts'
export type { Authorize, AuthorizeRequest, Denial, Grant } from './services/lobby/server/authorization.ts'
export type { LobbyLimits } from './services/lobby/server/limits.ts'
export type { LobbyLogger } from './services/lobby/server/lobby-logger.ts'
export type { LobbyDialect, LobbyDrop, LobbyObserver } from './services/lobby/server/lobby-observer.ts'
export {
  createLobbyServer,
  type LobbyRoute,
  type LobbyServer,
  type LobbyServerOptions,
} from './services/lobby/server/lobby-server.ts'
export type { LobbyStats } from './services/lobby/server/lobby-stats.ts'
export { signedTokens, type SignedTokensOptions } from './services/lobby/server/signed-tokens.ts'
export type { TurnOptions } from './services/lobby/server/turn-credentials.ts'
