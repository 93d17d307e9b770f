import type { InspectionEvent, Observer } from 'xstate'
import { checkWhole, invalid } from '../../checks.ts'
import { type Clock, realClock } from '../../clock.ts'
import { checkGodotVersion, DEFAULT_GODOT_VERSION, type GodotVersion } from '../../protocol/variant/godot-version.ts'
import { safeObserver } from '../multiplayer-peer/inspect.ts'
import { type Logger, SILENT_LOGGER } from '../multiplayer-peer/options.ts'
import type { AuthCallback, Authenticate } from './authentication-channel.ts'
import type { RpcLimits, RpcOptions } from './rpc/rpc-options.ts'

/** How much a {@link MultiplayerAPI} keeps of what others send it. */
export interface MultiplayerAPILimits extends RpcLimits {
  /** Peers that a server may tell a client of. Default 4096, more than a relay of one process can serve. */
  peers: number
  /** Peers that may be authenticating at the same time; more are disconnected. Default 256. */
  authenticating: number
  /**
   * Bytes of one peer's authentication that may wait for `receive()`; beyond it the authentication fails. As many bytes of packets that come before the peer's word that it has accepted may
   * wait for that; more are dropped. Default 64 KiB.
   */
  authenticationBytes: number
  /** Bytes of relayed packets that may wait for the server to tell of the peer that sent them. Default 64 KiB. */
  earlyBytes: number
}

/** Options of {@link MultiplayerAPI}; also those of remote calls. */
export interface MultiplayerAPIOptions extends Omit<RpcOptions, 'limits' | 'logger' | 'clock'> {
  /** The Godot that every peer of the session speaks. Default `'4.4'`, which is 4.4 and later. */
  version?: GodotVersion
  /** Godot's `server_relay`: the server tells its clients of each other and passes on what they send each other. The same on all peers. Default true. */
  serverRelay?: boolean
  /**
   * Authenticates a peer that has connected, before anybody hears of it: exchange what is needed over the channel, then return to accept it; throw, or resolve with false, to refuse
   * it. The other side must authenticate too. Not together with `authCallback`.
   */
  authenticate?: Authenticate
  /** Godot's `auth_callback`: takes what a peer that authenticates sends. Call `sendAuth` and `completeAuth`. */
  authCallback?: AuthCallback
  /** Milliseconds in which an authentication must be complete on both sides. Default 3000, as Godot's `auth_timeout` of 3 s; 0: no limit. */
  authTimeout?: number
  /**
   * How many wrong packets (see `stats().violations`) a peer may send before it is disconnected. Default: any number, as in Godot. What an honest peer may cause too does not count;
   * docs/multiplayer-api.md says of each kind whether it does.
   */
  violationLimit?: number
  /**
   * When a client has lost the server: also emit `peerDisconnected$` for every peer that was reached through it, before `serverDisconnected$`. Default false, as in Godot.
   */
  reportLostPeers?: boolean
  limits?: Partial<MultiplayerAPILimits>
  /** Default: nothing is logged, except that what handlers of remote calls throw goes to the console. */
  logger?: Logger
  /** XState's inspection events of the peers' authentications. What it throws goes to the logger. */
  inspect?: Observer<InspectionEvent> | ((event: InspectionEvent) => void)
  /** Timers of authentications and of calls that wait for an answer; a simulated clock in tests. */
  clock?: Clock
}

/** {@link MultiplayerAPIOptions} after the checks, with defaults. */
export interface Settings {
  readonly version: GodotVersion
  readonly violationLimit: number
  readonly reportLostPeers: boolean
  readonly limits: ApiLimits
  readonly logger: Logger
  readonly inspect: ((event: InspectionEvent) => void) | undefined
  readonly clock: Clock
}

/** Godot's `auth_timeout`, in milliseconds. */
export const DEFAULT_AUTH_TIMEOUT = 3_000

/** What the platforms' timers take; a longer one would fire at once. */
const LONGEST_TIMER = 2_147_483_647

/** The limits but those of remote calls, which the RPC layer checks itself. */
type ApiLimits = Omit<MultiplayerAPILimits, keyof RpcLimits>

const DEFAULT_API_LIMITS: ApiLimits = {
  peers: 4_096,
  authenticating: 256,
  authenticationBytes: 64 * 1024,
  earlyBytes: 64 * 1024,
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for what cannot be meant. */
export function resolveOptions(options: MultiplayerAPIOptions): Settings {
  const { version = DEFAULT_GODOT_VERSION, violationLimit = Infinity, logger = SILENT_LOGGER, inspect } = options
  checkGodotVersion(version)
  if (!(violationLimit >= 0)) throw invalid('violationLimit must be 0 or more.', violationLimit)
  checkAuthTimeout(options.authTimeout ?? DEFAULT_AUTH_TIMEOUT)
  if (options.authenticate !== undefined && options.authCallback !== undefined) {
    throw invalid('Give authenticate or authCallback, not both.', options)
  }
  if (version === '3' && (options.authenticate !== undefined || options.authCallback !== undefined)) {
    throw invalid("Godot 3 has no authentication: leave out authenticate and authCallback with version '3'.", version)
  }
  return {
    version,
    violationLimit,
    reportLostPeers: options.reportLostPeers ?? false,
    limits: resolveLimits(options.limits),
    logger,
    inspect: inspect && safeObserver(inspect, logger),
    clock: options.clock ?? realClock,
  }
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a time that is not from 0 to 2147483647 ms. */
export function checkAuthTimeout(milliseconds: number): void {
  if (!(milliseconds >= 0 && milliseconds <= LONGEST_TIMER)) {
    throw invalid(`authTimeout is in milliseconds, from 0 to ${LONGEST_TIMER}.`, milliseconds)
  }
}

function resolveLimits(limits: Partial<ApiLimits> = {}): ApiLimits {
  const resolved = { ...DEFAULT_API_LIMITS }
  for (const name of Object.keys(DEFAULT_API_LIMITS) as (keyof ApiLimits)[]) {
    const { [name]: value = DEFAULT_API_LIMITS[name] } = limits
    checkWhole(`limits.${name}`, value, 0, 0xffffffff)
    resolved[name] = value
  }
  return resolved
}
