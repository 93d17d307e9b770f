import { MultiplayerError } from '../../multiplayer-error.ts'
import { DEFAULT_LOBBY_LIMITS, type LobbyLimits, resolveLobbyLimits } from '../../services/lobby/server/limits.ts'
import { UsageError } from '../command.ts'
import { readOrigin, readSecret, readText, readTurnUrl, urlOf, wholeNumber } from './read-values.ts'
import { describeSettings, GivenSettings, type Settings, variableOf } from './settings.ts'

/** Levels of pino, from everything to nothing. */
const LOG_LEVELS = ['trace', 'debug', 'info', 'warn', 'error', 'fatal', 'silent'] as const
export type LogLevel = (typeof LOG_LEVELS)[number]

/** A hash of 256 bits wants a key of as many (RFC 7518, section 3.2); shorter ones can be guessed from a single token. */
const SHORTEST_JWT_SECRET = 32

/** Of lobbies and sockets: more than any machine holds. */
const MOST = 10_000_000

const SETTINGS = {
  port: { value: 'N', help: 'port of sockets and of all paths (default 9080); 0: a free one' },
  host: { value: 'ADDRESS', help: 'address to listen at (default 127.0.0.1); 0.0.0.0: all of IPv4' },
  redis: { value: 'URL', help: 'shares lobbies with other servers on this Redis (default: in memory, alone)' },
  'redis-prefix': { value: 'TEXT', help: 'begins all keys in Redis; servers share lobbies if it is the same' },
  origin: { value: 'ORIGIN', repeatable: true, help: 'pages of this origin may connect (default: of any); repeatable' },
  'jwt-secret-file': { value: 'FILE', help: 'clients need a token signed (HMAC) with the secret in this file' },
  jwks: { value: 'URL', help: 'clients need a token signed with one of the keys at this address' },
  'jwt-issuer': { value: 'TEXT', help: "what a token's iss must be" },
  'jwt-audience': { value: 'TEXT', help: "what a token's aud must contain" },
  'turn-url': { value: 'URL', repeatable: true, help: 'TURN or STUN server that clients are told of; repeatable' },
  'turn-secret-file': { value: 'FILE', help: "the TURN server's static-auth-secret, for credentials that expire" },
  'turn-ttl': { value: 'SECONDS', help: 'how long these credentials are good for' },
  'max-lobbies': { value: 'N', help: 'lobbies at most, of all servers of one Redis together' },
  'max-sockets': { value: 'N', help: 'sockets at most' },
  limit: { value: 'NAME=N', repeatable: true, help: 'another limit, e.g. socketsPerAddress=1000; repeatable' },
  'trust-proxy': { value: 'N', help: 'reverse proxies before it, whose X-Forwarded-For is believed (default 0)' },
  'log-level': { value: 'LEVEL', help: `${LOG_LEVELS.join(', ')} (default info)` },
  'no-metrics': { value: null, help: 'no /metrics' },
  'metrics-port': { value: 'N', help: '/metrics, /healthz and /readyz at a port of their own instead' },
} as const satisfies Settings

export const SERVE_HELP = `Usage: webrtc-multiplayer serve [options]

The lobby server: peers find each other through it, those of this library and Godot games that use the
protocol of Godot's signaling demo (4.x on any path, 3.x on a path that ends in /godot3).
SIGTERM or Ctrl-C: it takes nobody new, lets members go on at another server of its Redis, and ends. Twice: it ends at once.

${describeSettings(SETTINGS)}
  --help                   prints this

Each is also an environment variable, e.g. ${variableOf('max-lobbies')} for --max-lobbies; flags win.
Several values of one variable are separated by commas or spaces. Logs are lines of JSON on standard output.`

/** What the arguments and the environment say. What is undefined is left to the server's defaults. */
export interface ServeOptions {
  readonly port: number
  readonly host: string
  readonly redis: { readonly url: string; readonly prefix: string | undefined } | null
  /** Empty: any. */
  readonly origins: readonly string[]
  readonly tokens: TokenOptions | null
  readonly turn: TurnOptions | null
  readonly limits: Partial<LobbyLimits>
  /** Hops. */
  readonly trustProxy: number
  readonly logLevel: LogLevel
  readonly metrics: boolean
  /** Null: health and metrics are at the sockets' port. */
  readonly metricsPort: number | null
}

/** How tokens are checked; either by a secret or by public keys. */
export interface TokenOptions {
  readonly secret: string | undefined
  readonly jwks: string | undefined
  readonly issuer: string | undefined
  readonly audience: string | undefined
}

export interface TurnOptions {
  readonly urls: readonly string[]
  /** Undefined: there are STUN servers only. */
  readonly secret: string | undefined
  /** Seconds. */
  readonly ttl: number | undefined
}

type Given = GivenSettings<typeof SETTINGS>

/** @throws UsageError for what is unknown, out of range, does not go together, or a file that cannot be read. */
export function parseServeOptions(args: readonly string[], environment: NodeJS.ProcessEnv): ServeOptions {
  const given = new GivenSettings(SETTINGS, args, environment, 'serve')
  const metrics = !given.isOn('no-metrics')
  return {
    port: given.one('port', wholeNumber(0, 65_535)) ?? 9080,
    host: given.one('host', readText) ?? '127.0.0.1',
    redis: readRedis(given),
    origins: given.all('origin', readOrigin),
    tokens: readTokens(given),
    turn: readTurn(given),
    limits: readLimits(given),
    trustProxy: given.one('trust-proxy', wholeNumber(0, 16)) ?? 0,
    logLevel: given.one('log-level', readLogLevel) ?? 'info',
    metrics,
    metricsPort: given.one('metrics-port', wholeNumber(0, 65_535)) ?? null,
  }
}

function readLimits(given: Given): Partial<LobbyLimits> {
  const limits: Partial<LobbyLimits> = Object.fromEntries(given.all('limit', readLimit))
  const lobbies = given.one('max-lobbies', wholeNumber(1, MOST))
  const sockets = given.one('max-sockets', wholeNumber(1, MOST))
  if (lobbies !== undefined) limits.lobbies = lobbies
  if (sockets !== undefined) limits.sockets = sockets
  try {
    resolveLobbyLimits(limits)
  } catch (error) {
    if (!(error instanceof MultiplayerError)) throw error
    throw new UsageError(`${given.source('limit') ?? ''}: ${error.message}`)
  }
  return limits
}

function readLimit(given: string, source: string): [name: string, value: number] {
  const [, name, value] = /^(\w+)=(\d+)$/.exec(given) ?? []
  if (name === undefined || !Object.hasOwn(DEFAULT_LOBBY_LIMITS, name)) {
    const names = Object.keys(DEFAULT_LOBBY_LIMITS).join(', ')
    throw new UsageError(`${source} is of the form NAME=N, not '${given}'; there is: ${names}`)
  }
  return [name, Number(value)]
}

function readRedis(given: Given): ServeOptions['redis'] {
  const url = given.one('redis', urlOf('redis:', 'rediss:'))
  const prefix = given.one('redis-prefix', readText)
  if (url !== undefined) return { url, prefix }
  if (prefix !== undefined) throw new UsageError(`${given.source('redis-prefix') ?? ''} needs --redis`)
  return null
}

function readTokens(given: Given): TokenOptions | null {
  const secret = given.one('jwt-secret-file', readSecret)
  const jwks = given.one('jwks', urlOf('https:', 'http:'))
  const issuer = given.one('jwt-issuer', readText)
  const audience = given.one('jwt-audience', readText)
  const isChecked = secret !== undefined || jwks !== undefined
  const restriction = given.source('jwt-issuer') ?? given.source('jwt-audience')
  if (!isChecked && restriction !== undefined) {
    throw new UsageError(`${restriction} needs --jwt-secret-file or --jwks; without them no tokens are asked for`)
  }
  if (secret !== undefined && jwks !== undefined) {
    throw new UsageError(
      `${given.source('jwt-secret-file') ?? ''} and ${given.source('jwks') ?? ''} exclude each other; give one of them`,
    )
  }
  if (secret !== undefined && Buffer.byteLength(secret) < SHORTEST_JWT_SECRET) {
    throw new UsageError(
      `the secret in ${given.one('jwt-secret-file', readText) ?? ''} is shorter than ${SHORTEST_JWT_SECRET} bytes, which can be guessed; make one with: openssl rand -base64 48`,
    )
  }
  return isChecked ? { secret, jwks, issuer, audience } : null
}

function readTurn(given: Given): TurnOptions | null {
  const urls = given.all('turn-url', readTurnUrl)
  const secret = given.one('turn-secret-file', readSecret)
  const ttl = given.one('turn-ttl', wholeNumber(60, 86_400 * 7))
  if (secret !== undefined && urls.length > 0) return { urls, secret, ttl }
  const hasRelay = urls.some((url) => /^turns?:/i.test(url))
  if (urls.length > 0 && !hasRelay && ttl === undefined) return { urls, secret, ttl }
  if (secret !== undefined) throw new UsageError(`${given.source('turn-secret-file') ?? ''} needs --turn-url`)
  if (urls.length > 0) throw new UsageError(`${given.source('turn-url') ?? ''} needs --turn-secret-file`)
  if (ttl !== undefined) {
    throw new UsageError(`${given.source('turn-ttl') ?? ''} needs --turn-url and --turn-secret-file`)
  }
  return null
}

function readLogLevel(given: string, source: string): LogLevel {
  const level = LOG_LEVELS.find((name) => name === given.toLowerCase())
  if (level === undefined) throw new UsageError(`${source} is one of ${LOG_LEVELS.join(', ')}, not '${given}'`)
  return level
}
