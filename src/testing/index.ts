export { brokerAcceptance, type BrokerUnderTest } from './broker-acceptance.ts'
export { connectPair, type CandidateRewriter, type ConnectPairOptions } from './connect-pair.ts'
export { admissionModelEvents, admissionModelRefusal } from './models/admission-model-events.ts'
export type {
  AdmissionModel,
  AdmissionModelContext,
  AdmissionModelEmitted,
  AdmissionModelEvent,
  AdmissionModelOptions,
  AdmissionModelState,
} from './models/admission-model-types.ts'
export { admissionModel } from './models/admission-model.ts'
export {
  AUTHENTICATION_MODEL_EVENTS,
  authenticationModelRefusal,
  isPossibleInAuthenticationModel,
} from './models/authentication-model-events.ts'
export type {
  AuthenticationModel,
  AuthenticationModelContext,
  AuthenticationModelEmitted,
  AuthenticationModelEvent,
  AuthenticationModelMessage,
  AuthenticationModelOptions,
  AuthenticationModelSide,
  AuthenticationModelStage,
  AuthenticationModelState,
  AuthenticationModelWay,
} from './models/authentication-model-types.ts'
export { AUTHENTICATION_MODEL_TIMES } from './models/authentication-model-side.ts'
export { authenticationModel } from './models/authentication-model.ts'
export { isPossibleInLobbySessionModel, lobbySessionModelEvents } from './models/lobby-session-model-events.ts'
export type {
  LobbySessionModel,
  LobbySessionModelContext,
  LobbySessionModelEmitted,
  LobbySessionModelEvent,
  LobbySessionModelMember,
  LobbySessionModelOptions,
  LobbySessionModelReason,
  LobbySessionModelState,
  LobbySessionModelTime,
} from './models/lobby-session-model-types.ts'
export { lobbySessionModel } from './models/lobby-session-model.ts'
export { meshModelEvents, meshModelRefusal } from './models/mesh-model-events.ts'
export type {
  MeshModel,
  MeshModelContext,
  MeshModelEmitted,
  MeshModelEvent,
  MeshModelOptions,
  MeshModelPeer,
  MeshModelState,
  MeshModelStatus,
  MeshModelTime,
  MeshModelTimer,
} from './models/mesh-model-types.ts'
export { meshModel } from './models/mesh-model.ts'
export {
  PEER_MODEL_EVENTS,
  PEER_MODEL_TIMES,
  peerModel,
  type PeerEndReason,
  type PeerModel,
  type PeerModelContext,
  type PeerModelEmitted,
  type PeerModelEvent,
  type PeerModelState,
} from './models/peer-model.ts'
export { PathCoverage } from './paths/path-coverage.ts'
export type { Model, ModelPath, ModelSnapshot, PathOptions, PathStep, SneakPath } from './paths/path-types.ts'
export { sneakPaths } from './paths/sneak-paths.ts'
export { transitionPaths, type TransitionPathOptions, type TransitionPaths } from './paths/transition-paths.ts'
export { type PathDriver, walkPath, walkSneakPath } from './paths/walk-path.ts'
export type { ApiRecording } from './simulation/api-recording.ts'
export { checkHistory, standardRules, type StandardRulesOptions } from './simulation/check-history.ts'
export { generateSchedule, type GenerateScheduleOptions } from './simulation/generate-schedule.ts'
export { History, type HistoryOptions } from './simulation/history.ts'
export type * from './simulation/history-entry.ts'
export type { LobbyRecording } from './simulation/lobby-recording.ts'
export type { MeshRecording, MeshRecordingOptions } from './simulation/mesh-recording.ts'
export { packetLabel } from './simulation/packet-label.ts'
export type { Recording, RecordingPort } from './simulation/recording.ts'
export type { Finding, Rule, Violation } from './simulation/rule.ts'
export { agreement, type AgreementOptions } from './simulation/rules/agreement.ts'
export { reliableArrival, type ReliableArrivalOptions } from './simulation/rules/reliable-arrival.ts'
export {
  type FaultHandler,
  type FaultHandlers,
  runSchedule,
  type RunScheduleOptions,
} from './simulation/run-schedule.ts'
export type * from './simulation/schedule.ts'
export { shrinkSchedule, type ShrinkScheduleOptions } from './simulation/shrink-schedule.ts'
export type { NetworkConditions } from '../transport/simulated/network-conditions.ts'
export type { NetworkCounters } from '../transport/simulated/network-path.ts'
export { Random } from '../transport/simulated/random.ts'
export type { SimulatedHost } from '../transport/simulated/simulated-host.ts'
export {
  SimulatedNetwork,
  type LinkSelector,
  type SimulatedNetworkOptions,
} from '../transport/simulated/simulated-network.ts'
export { VirtualClock, type RunOptions } from '../transport/simulated/virtual-clock.ts'
export { transportAcceptance, type LossyLink, type TestApi, type TransportUnderTest } from './transport-acceptance.ts'
