import { checkWhole, invalid } from '../../../../checks.ts'

/** Where a broker reports what an operator should know; pino has this shape. */
export interface BrokerLogger {
  info(details: object, message: string): void
  warn(details: object, message: string): void
  error(details: object, message: string): void
}

/** What is needed of an `ioredis` client that the application configured: the broker makes its own connections like it, and leaves it alone otherwise. */
export interface RedisClientToCopy {
  duplicate(options?: object): unknown
}

/** Options of {@link redisBroker}. */
export interface RedisBrokerOptions {
  /** What the broker's keys and channels begin with; servers that share lobbies share it. Default `webrtc-multiplayer:`. */
  readonly prefix?: string
  /**
   * Milliseconds after which a server that is not heard of is given up and its members leave, from 200 to 600000. Default 5000. The same for all servers of a prefix.
   */
  readonly lease?: number
  /** Milliseconds between two renewals of the lease, from 20 to half of it. Default a fifth of the lease. */
  readonly renewEvery?: number
  /** Milliseconds after which a Redis that does not answer counts as unreachable, from 50 to 600000. Default half of the lease, but at least 1000. */
  readonly commandTimeout?: number
  readonly logger?: BrokerLogger
}

/** The options with their defaults. */
export interface ResolvedOptions {
  readonly prefix: string
  readonly lease: number
  readonly renewEvery: number
  readonly commandTimeout: number
  readonly logger: BrokerLogger
}

const SILENT: BrokerLogger = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a value that is not allowed. */
export function resolveOptions({
  prefix = 'webrtc-multiplayer:',
  lease = 5000,
  renewEvery = Math.floor(lease / 5),
  commandTimeout = Math.max(1000, Math.floor(lease / 2)),
  logger = SILENT,
}: RedisBrokerOptions): ResolvedOptions {
  if (typeof prefix !== 'string' || prefix === '') throw invalid('prefix must be a text that is not empty.', prefix)
  checkWhole('lease, in milliseconds,', lease, 200, 600_000)
  checkWhole('renewEvery, in milliseconds,', renewEvery, 20, Math.floor(lease / 2))
  checkWhole('commandTimeout, in milliseconds,', commandTimeout, 50, 600_000)
  return { prefix, lease, renewEvery, commandTimeout, logger }
}
