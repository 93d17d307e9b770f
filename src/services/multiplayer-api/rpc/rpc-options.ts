import { checkWhole, invalid } from '../../../checks.ts'
import { type Clock, realClock } from '../../../clock.ts'
import type { Logger } from '../../multiplayer-peer/options.ts'

/** How much remote calls keep for others. All of them are numbers per peer. */
export interface RpcLimits {
  /** Nodes that a peer may announce to call them by number; calls of further ones carry their whole path. Default 4096. */
  paths: number
  /** Announcements of nodes that are not there yet; the newest are kept. Default 256. */
  waitingPaths: number
  /** Calls to a peer that wait for its answer; more throw `ERR_OUT_OF_MEMORY`. Default 1024. */
  pendingCalls: number
  /** Calls of a peer whose handlers have not answered yet; more are refused. Default 1024. */
  unansweredCalls: number
}

/** Options of remote calls. */
export interface RpcOptions {
  /** Godot's `root_path`: the node that paths on the wire begin at. The same on all peers. Default `/root`, as in Godot. */
  rootPath?: string
  /** Milliseconds that `call` waits for an answer. Default 10000. */
  callTimeout?: number
  /** The other side is a build of Godot with double precision: vectors are sent with floats of 64 bits. Default false. */
  doublePrecision?: boolean
  /**
   * Called when a peer announces or calls a node that is not there. If the node is declared before this returns, the call is carried out; so nodes that a game creates can be
   * declared when they are first needed.
   */
  unknownNode?: (path: string, from: number) => void
  limits?: Partial<RpcLimits>
  /** What handlers throw goes here, and what does not fit between the peers. Default: the console. */
  logger?: Logger
  /** Timers of calls that wait; a simulated clock in tests. */
  clock?: Clock
}

/** {@link RpcOptions} after the checks, with defaults. */
export interface RpcSettings {
  readonly rootPath: string
  readonly callTimeout: number
  readonly doublePrecision: boolean
  readonly unknownNode: ((path: string, from: number) => void) | undefined
  readonly limits: RpcLimits
  readonly logger: Logger
  readonly clock: Clock
}

/** Enough for a relay across the world and a handler that asks a database. */
const DEFAULT_CALL_TIMEOUT = 10_000

/** What the platforms' timers take; a longer one would fire at once. */
const LONGEST_TIMER = 2_147_483_647

const DEFAULT_RPC_LIMITS: RpcLimits = { paths: 4_096, waitingPaths: 256, pendingCalls: 1_024, unansweredCalls: 1_024 }

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for what cannot be meant. */
export function resolveRpcOptions(options: RpcOptions = {}): RpcSettings {
  const { rootPath = '/root', callTimeout = DEFAULT_CALL_TIMEOUT, doublePrecision = false, unknownNode } = options
  checkCallTimeout(callTimeout)
  const limits = { ...DEFAULT_RPC_LIMITS }
  for (const name of Object.keys(DEFAULT_RPC_LIMITS) as (keyof RpcLimits)[]) {
    const value = options.limits?.[name] ?? DEFAULT_RPC_LIMITS[name]
    checkWhole(`limits.${name}`, value, 0, 0xffffffff)
    limits[name] = value
  }
  return {
    rootPath,
    callTimeout,
    doublePrecision,
    unknownNode,
    limits,
    logger: options.logger ?? console,
    clock: options.clock ?? realClock,
  }
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a time that is not from 0 to 2147483647 ms. */
export function checkCallTimeout(milliseconds: number): void {
  if (!(milliseconds >= 0 && milliseconds <= LONGEST_TIMER)) {
    throw invalid(`The time to wait for an answer is in milliseconds, from 0 to ${LONGEST_TIMER}.`, milliseconds)
  }
}
