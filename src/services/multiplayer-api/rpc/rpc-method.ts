import { checkWhole, invalid } from '../../../checks.ts'
import { TransferMode } from '../../multiplayer-peer/packet.ts'
import { isOptional, type OptionalRpcType } from './types/any-type.ts'
import type { RpcType } from './types/rpc-type.ts'

/** Who may call a remote method: anybody, the authority of its node, or nobody (it only has its place among the others). */
export type RpcPermission = 'any-peer' | 'authority' | 'disabled'

/** How calls travel: the words of GDScript's `@rpc`, or a {@link TransferMode}. */
export type RpcTransferMode = 'reliable' | 'unreliable' | 'unreliable-ordered' | TransferMode

export type RpcParameters = readonly RpcType<unknown>[]

/** What a call takes, by its parameters. */
export type RpcArguments<Parameters extends RpcParameters> = number extends Parameters['length']
  ? unknown[]
  : Parameters extends readonly [infer First, ...infer Rest extends RpcParameters]
    ? First extends OptionalRpcType<infer Value>
      ? [value?: Value, ...rest: RpcArguments<Rest>]
      : First extends RpcType<infer Value>
        ? [value: Value, ...rest: RpcArguments<Rest>]
        : never
    : []

/** What a handler gets: a value, or undefined, for every parameter. */
export type RpcHandlerArguments<Parameters extends RpcParameters> = {
  -readonly [Index in keyof Parameters]: Parameters[Index] extends OptionalRpcType<infer Value>
    ? Value | undefined
    : Parameters[Index] extends RpcType<infer Value>
      ? Value
      : never
}

/** What a handler is told besides its arguments. */
export interface RpcContext {
  /** The caller, as Godot's `get_remote_sender_id()`: this peer's own id if it called itself (`callLocal`). */
  readonly from: number
  /** The node's path. */
  readonly path: string
  /** The caller awaits what the handler returns. */
  readonly isAwaited: boolean
}

/** What is done when a method is called. What it returns, or what its promise resolves with, is the answer to whoever awaits one. */
export type RpcHandler<Parameters extends RpcParameters, Result> = (
  ...args: [...RpcHandlerArguments<Parameters>, context: RpcContext]
) => [Result] extends [void] ? unknown : NoInfer<Result> | PromiseLike<NoInfer<Result>>

/** What GDScript says in `@rpc(...)` and in the method's head; with the same defaults. */
export interface RpcConfig<Parameters extends RpcParameters, Result> {
  /** Default `'authority'`. */
  permission?: RpcPermission
  /** A call for everyone is also carried out here. Default false. */
  callLocal?: boolean
  /** Default `'reliable'`. Only the caller's counts. Without a meaning if `channel` is an extra channel, which has a mode of its own. */
  mode?: RpcTransferMode
  /** Default 0; from 1 on an extra channel. */
  channel?: number
  /** Types of the parameters. Default none. */
  args?: Parameters
  /** Type of what the handler answers. Default: nothing. */
  returns?: RpcType<Result>
  /**
   * Where Godot has it from: the `@rpc` annotations of the node's script, or `rpc_config()` called on the node. It decides about the method's number. Default `'script'`.
   */
  configuredBy?: 'script' | 'node'
}

/** A remote method, as {@link rpc} makes it. */
export interface RpcMethod<Parameters extends RpcParameters = RpcParameters, Result = unknown> {
  readonly permission: RpcPermission
  readonly callLocal: boolean
  readonly mode: TransferMode
  readonly channel: number
  readonly args: Parameters
  readonly returns: RpcType<Result> | undefined
  readonly configuredBy: 'script' | 'node'
  /** Erased: the types of arguments and result are those of `args` and `returns`. */
  readonly handler: ((...args: unknown[]) => unknown) | undefined
}

const MODES: Readonly<Record<string, TransferMode>> = {
  reliable: TransferMode.RELIABLE,
  unreliable: TransferMode.UNRELIABLE,
  'unreliable-ordered': TransferMode.UNRELIABLE_ORDERED,
}

const ALL_MODES: ReadonlySet<TransferMode> = new Set(Object.values(MODES))

const PERMISSIONS: ReadonlySet<RpcPermission> = new Set<RpcPermission>(['any-peer', 'authority', 'disabled'])

/** As many as a call can carry. */
const MAX_PARAMETERS = 255

/**
 * Describes a remote method of a node: GDScript's `@rpc` annotation and the head of the function.
 *
 * @param handler - what is done when it is called; leave it out for methods that are only called, never answered, here. They must be declared all the same: Godot numbers a node's
 * methods by their names.
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a permission, mode or channel that there is not, and for a parameter after an optional one that is not.
 *
 * @example
 * ```ts
 * import { float, rpc, vector2 } from 'webrtc-multiplayer/multiplayer-api'
 *
 * // @rpc("any_peer", "unreliable") func move(position: Vector2, speed: float)
 * const move = rpc({ permission: 'any-peer', mode: 'unreliable', args: [vector2, float] }, (position, speed, { from }) => {
 *   console.log(`peer ${from} is at ${position.x}, ${position.y} and does ${speed} pixels a second`)
 * })
 * ```
 */
export function rpc<const Parameters extends RpcParameters = [], Result = void>(
  config: RpcConfig<Parameters, Result> = {},
  handler?: RpcHandler<Parameters, Result>,
): RpcMethod<Parameters, Result> {
  const {
    permission = 'authority',
    callLocal = false,
    mode = 'reliable',
    channel = 0,
    configuredBy = 'script',
  } = config
  if (!PERMISSIONS.has(permission)) throw invalid(`permission is one of ${[...PERMISSIONS].join(', ')}.`, permission)
  checkWhole('channel', channel, 0, 0xffff)
  const args = config.args ?? ([] as RpcParameters as Parameters)
  checkWhole('The number of parameters', args.length, 0, MAX_PARAMETERS)
  const firstOptional = args.findIndex(isOptional)
  if (firstOptional >= 0 && !args.slice(firstOptional).every(isOptional)) {
    throw invalid('After an optional parameter all others are optional too.', args)
  }
  return {
    permission,
    callLocal,
    mode: transferMode(mode),
    channel,
    args,
    returns: config.returns,
    configuredBy,
    handler: handler as RpcMethod['handler'],
  }
}

function transferMode(mode: RpcTransferMode): TransferMode {
  const found = typeof mode === 'number' ? mode : MODES[mode]
  if (found === undefined || !ALL_MODES.has(found)) {
    throw invalid(`mode is one of ${Object.keys(MODES).join(', ')}, or a TransferMode.`, mode)
  }
  return found
}
