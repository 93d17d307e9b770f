import type { LobbyBroker } from '../../services/lobby/broker/broker.ts'
import { memoryBroker } from '../../services/lobby/broker/memory-broker.ts'
import { redisBroker } from '../../services/lobby/broker/redis-broker.ts'
import type { LobbyOperation } from '../../services/lobby/operation/lobby-operation.ts'
import type { LobbyLogger } from '../../services/lobby/server/lobby-logger.ts'
import type { LobbyServerOptions } from '../../services/lobby/server/lobby-server-options.ts'
import { signedTokens } from '../../services/lobby/server/signed-tokens.ts'
import type { ServeOptions, TokenOptions } from './options.ts'

/** What a lobby server is created with for what the command line said. */
export async function toServerOptions(
  { port, host, redis, origins, tokens, turn, limits, trustProxy, metricsPort }: ServeOptions,
  { routes, observer }: LobbyOperation,
  logger: LobbyLogger,
): Promise<LobbyServerOptions> {
  return {
    port,
    host,
    broker: toBroker(redis, logger),
    limits,
    trustProxy,
    observer,
    logger,
    ...(metricsPort === null && { routes }),
    ...(origins.length > 0 && { allowedOrigins: origins }),
    ...(tokens !== null && { authorize: await toAuthorize(tokens) }),
    ...(turn !== null && {
      turn: {
        urls: turn.urls,
        ...(turn.secret !== undefined && { secret: turn.secret }),
        ...(turn.ttl !== undefined && { ttl: turn.ttl * 1000 }),
      },
    }),
  }
}

function toBroker(redis: ServeOptions['redis'], logger: LobbyLogger): LobbyBroker {
  if (redis === null) return memoryBroker()
  return redisBroker(redis.url, { logger, ...(redis.prefix !== undefined && { prefix: redis.prefix }) })
}

async function toAuthorize({ secret, jwks, issuer, audience }: TokenOptions) {
  return signedTokens({
    ...(secret !== undefined && { secret }),
    ...(jwks !== undefined && { jwks }),
    ...(issuer !== undefined && { issuer }),
    ...(audience !== undefined && { audience }),
  })
}
