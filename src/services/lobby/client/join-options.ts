import { WebRTCPeerConnection as PlatformPeerConnection } from '#platform'
import { WebSocket as PlatformWebSocket } from '#websocket'
import { checkWhole, invalid } from '../../../checks.ts'
import { type Clock, realClock } from '../../../clock.ts'
import type { NegotiationTimes } from '../../../machines/negotiation-types.ts'
import type { CreateData, LobbyMode } from '../../../protocol/lobby/extension.ts'
import { isMetadata, MAX_METADATA, MAX_METADATA_BYTES } from '../../../protocol/lobby/metadata.ts'
import type { PeerConnectionConfiguration, PeerConnectionConstructor } from '../../../transport/peer-connection.ts'
import { type Logger, type MultiplayerPeerOptions, SILENT_LOGGER } from '../../multiplayer-peer/options.ts'
import type { TransferMode } from '../../multiplayer-peer/packet.ts'
import type { BackOffOptions } from './back-off.ts'
import { isIceServer } from './ice-servers-data.ts'
import type { IceServersOption } from './ice-servers.ts'
import { checkToken, type TokenOption } from './token.ts'
import type { LobbyWebSocketConstructor } from './web-socket.ts'

/** What a lobby that is created is like. Only servers of this package know these. */
export type CreateOptions = Pick<CreateData, 'listed' | 'maxMembers' | 'onHostLeave' | 'metadata'>

/** How to reach a lobby server. */
export interface LobbyServerOptions {
  /**
   * Who this is: the server's `authorize` decides what that means. Sent as a WebSocket subprotocol, because browsers can set no headers and URLs end in logs. Of one that expires, as
   * JWTs do, give a function: it is asked for each socket, also when a lost one is made anew, and may take as long as `timeout`. If it fails, joining rejects with
   * `ERR_CONNECTION_ERROR` and its error as the cause; while reconnecting it is asked again later.
   */
  token?: TokenOption
  /** Gives up, or leaves once it has joined. */
  signal?: AbortSignal
  /** Default: the platform's; the package `ws` in Node. */
  WebSocket?: LobbyWebSocketConstructor
  /** Milliseconds for the socket to open, and again for the server to answer. Default 10000. */
  timeout?: number
  /** A simulated clock in tests. */
  clock?: Clock
}

/** Options of {@link joinLobby}. */
export interface JoinLobbyOptions extends LobbyServerOptions {
  /** The lobby to join. Without it one is created. */
  lobby?: string
  /**
   * What the lobby that is created is like. Together with `lobby`: join the lobby of that name, or create it. That, and anything but `true`, needs a server of this package.
   */
  create?: true | CreateOptions
  /** How a lobby that is created works; who joins one takes its mode. Default `mesh`. */
  mode?: LobbyMode
  /**
   * STUN and TURN servers, or a function that gives them, with the time until which they are good; it is asked again before that. Default: those that the lobby server gives, if
   * it gives any.
   */
  iceServers?: IceServersOption
  /** Transfer modes of extra channels, as in `createMesh`; the same on every peer. */
  channels?: readonly TransferMode[]
  /** Options of the `WebRTCMultiplayerPeer` that is made. Its `connectTimeout` is by default the sum of {@link times}. */
  peer?: MultiplayerPeerOptions
  /** Configuration of each connection. */
  connection?: Omit<PeerConnectionConfiguration, 'iceServers'>
  /** Default: the platform's. */
  PeerConnection?: PeerConnectionConstructor
  /** How often joining is tried again when the server cannot be reached or refuses for the time being. Default 0. */
  retries?: number
  /** How often a socket that was lost after joining is made again before the lobby counts as lost. Default 12, which takes about a minute. */
  reconnects?: number
  /** Failed attempts in a row after which another member is given up. Default 5. */
  attempts?: number
  /** Waits between attempts. Default 500 to 10000 ms. */
  backOff?: Partial<BackOffOptions>
  /** Limits for the steps of each attempt, milliseconds. Default: answer 10000, ice 15000, dtls 10000, channels 5000, stable 10000. */
  times?: Partial<NegotiationTimes>
  logger?: Logger
  /** XState's inspection events of the mesh, its peers, and the negotiations with other members. What it throws goes to the logger. */
  inspect?: MultiplayerPeerOptions['inspect']
  /** Numbers from 0 to 1 for the jitter of waits. Default `Math.random`. */
  random?: () => number
}

/** Godot answers within a frame; a browser's first connection may take a second. */
const DEFAULT_TIMES: NegotiationTimes = { answer: 10_000, ice: 15_000, dtls: 10_000, channels: 5_000, stable: 10_000 }
const DEFAULT_BACK_OFF: BackOffOptions = { first: 500, longest: 10_000 }
const DEFAULT_TIMEOUT = 10_000
const DEFAULT_ATTEMPTS = 5
const DEFAULT_RECONNECTS = 12
/** What the platforms' timers take. */
const LONGEST_TIMER = 2_147_483_647
/** What a server can be expected to take as a name. */
const MAX_NAME = 256

type Defaulted =
  | 'WebSocket'
  | 'PeerConnection'
  | 'timeout'
  | 'clock'
  | 'mode'
  | 'channels'
  | 'connection'
  | 'retries'
  | 'reconnects'
  | 'attempts'
  | 'logger'
  | 'random'

/** {@link JoinLobbyOptions}, checked and with the defaults. */
export type ResolvedJoinOptions = Omit<JoinLobbyOptions, Defaulted | 'backOff' | 'times' | 'peer'> &
  Required<Pick<JoinLobbyOptions, Defaulted>> & {
    readonly url: string
    readonly backOff: BackOffOptions
    readonly times: NegotiationTimes
    readonly peer: MultiplayerPeerOptions
  }

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for an option that makes no sense. */
export function resolveJoinOptions(url: string, options: JoinLobbyOptions): ResolvedJoinOptions {
  const { retries = 0, reconnects = DEFAULT_RECONNECTS, attempts = DEFAULT_ATTEMPTS, mode = 'mesh' } = options
  checkWhole('retries', retries, 0, 1_000_000)
  checkWhole('reconnects', reconnects, 0, 1_000_000)
  checkWhole('attempts', attempts, 1, 1_000_000)
  if (!['mesh', 'client-server'].includes(mode)) throw invalid(`mode is 'mesh' or 'client-server'.`, mode)
  checkLobby(options)
  const times = { ...DEFAULT_TIMES, ...options.times }
  for (const [name, value] of Object.entries(times)) checkTime(`times.${name}`, value)
  const backOff = { ...DEFAULT_BACK_OFF, ...options.backOff }
  for (const [name, value] of Object.entries(backOff)) checkTime(`backOff.${name}`, value)
  if (Array.isArray(options.iceServers) && !options.iceServers.every(isIceServer)) {
    throw invalid(
      `iceServers is a list of { urls, username?, credential? }, or a function that gives one.`,
      options.iceServers,
    )
  }
  const clock = options.clock ?? realClock
  const logger = options.logger ?? SILENT_LOGGER
  const { answer, ice, dtls, channels } = times
  const connectTimeout = Math.min(LONGEST_TIMER, answer + ice + dtls + channels)
  return {
    ...options,
    ...resolveServerOptions(url, options),
    PeerConnection: options.PeerConnection ?? PlatformPeerConnection,
    mode,
    channels: options.channels ?? [],
    connection: options.connection ?? {},
    retries,
    reconnects,
    attempts,
    logger,
    random: options.random ?? Math.random,
    backOff,
    times,
    peer: { connectTimeout, clock, logger, ...(options.inspect && { inspect: options.inspect }), ...options.peer },
  }
}

/** {@link LobbyServerOptions}, checked and with the defaults. */
export type ResolvedServerOptions = LobbyServerOptions &
  Required<Pick<LobbyServerOptions, 'WebSocket' | 'timeout' | 'clock'>> & { readonly url: string }

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` */
export function resolveServerOptions(url: string, options: LobbyServerOptions): ResolvedServerOptions {
  const { token, timeout = DEFAULT_TIMEOUT } = options
  if (token !== undefined && typeof token !== 'function') checkToken(token)
  checkTime('timeout', timeout)
  return {
    ...options,
    url: checkUrl(url),
    WebSocket: options.WebSocket ?? PlatformWebSocket,
    timeout,
    clock: options.clock ?? realClock,
  }
}

function checkLobby({ lobby, create }: JoinLobbyOptions): void {
  if (lobby !== undefined && (typeof lobby !== 'string' || lobby === '' || lobby.length > MAX_NAME)) {
    throw invalid(`lobby is a name of 1 to ${MAX_NAME} characters; leave it out to create a lobby.`, lobby)
  }
  if (create === undefined || create === true) return
  const { metadata = '', maxMembers = 1 } = create
  checkMetadata(metadata)
  checkWhole('create.maxMembers', maxMembers, 1, LONGEST_TIMER)
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` */
export function checkMetadata(metadata: string): void {
  if (!isMetadata(metadata)) {
    throw invalid(
      `metadata is a string of at most ${MAX_METADATA} characters and ${MAX_METADATA_BYTES} bytes as JSON.`,
      metadata,
    )
  }
}

function checkTime(name: string, value: number): void {
  if (!(value > 0 && value <= LONGEST_TIMER)) {
    throw invalid(`${name} is in milliseconds, more than 0, at most ${LONGEST_TIMER}.`, value)
  }
}

/** `http:` is taken as `ws:`, since it is the same server. */
function checkUrl(url: string): string {
  const parsed = URL.canParse(url) ? new URL(url) : null
  if (parsed === null || !/^(?:ws|http)s?:$/.test(parsed.protocol) || parsed.hash !== '') {
    throw invalid(`The address of a lobby server is like 'ws://host:9080' or 'wss://host/path'.`, url)
  }
  return parsed.href.replace(/^http/, 'ws')
}
