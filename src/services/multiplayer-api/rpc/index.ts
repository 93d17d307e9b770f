/** Remote calls, as `webrtc-multiplayer/multiplayer-api` gives them to users. */
export { rpc } from './rpc-method.ts'
export type {
  RpcArguments,
  RpcConfig,
  RpcContext,
  RpcHandler,
  RpcHandlerArguments,
  RpcMethod,
  RpcParameters,
  RpcPermission,
  RpcTransferMode,
} from './rpc-method.ts'
export type {
  RpcCall,
  RpcCallable,
  RpcCallTarget,
  RpcMethods,
  RpcNode,
  RpcNodeMembers,
  RpcNodeOptions,
} from './rpc-node.ts'
export type { RpcLimits, RpcOptions } from './rpc-options.ts'
export type { RpcStats } from './rpc-stats.ts'
export type { RpcViolation } from './rpc-violation.ts'
export { nullable, optional, type OptionalRpcType, variant } from './types/any-type.ts'
export { array, arrayOf, dictionary, dictionaryOf, struct } from './types/containers.ts'
export { bool, float, int, int64 } from './types/numbers.ts'
export * from './types/packed-arrays.ts'
export type { RpcType, RpcValue } from './types/rpc-type.ts'
export * from './types/shapes.ts'
export { nodePath, string, stringName } from './types/texts.ts'
