import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { BrokerListener, LobbyBroker } from './broker.ts'
import type { MakeClient } from './redis/connection.ts'
import { type RedisBrokerOptions, type RedisClientToCopy, resolveOptions } from './redis/options.ts'
import { type RedisBrokerNode, RedisNode } from './redis/redis-node.ts'

export type { BrokerLogger, RedisBrokerOptions, RedisClientToCopy } from './redis/options.ts'
export type { RedisBrokerNode, RedisBrokerStats } from './redis/redis-node.ts'

/** The broker that {@link redisBroker} makes. */
export interface RedisBroker extends LobbyBroker {
  connect(listener: BrokerListener): Promise<RedisBrokerNode>
}

/**
 * A broker in a Redis (6 or newer, or what speaks its protocol and runs its scripts; not a Redis Cluster), for servers in many processes: any server takes any socket, and members of one
 * lobby may be at different servers. Needs the package `ioredis`.
 *
 * A server that dies is given up after its lease, and its members leave. While Redis is away, what the servers agree on stands still; when it is back, empty or
 * not, they bring back what they know, and nobody is lost but the members of servers that died meanwhile. A server that was given up although it lives (its
 * machine stood still, or was cut off) brings its members back with new sessions. For one lease after Redis lost its data, lobbies cannot be made, and what is not there (yet) is
 * `ERR_UNAVAILABLE` instead of refused, since it may be about to be brought back.
 *
 * @param redis - where it is, `redis://[user:password@]host[:port][/database]`, `rediss://` for TLS, or an `ioredis` client whose settings to use (for Sentinel, say), which is left alone otherwise.
 *
 * @example
 * ```ts
 * import { createLobbyServer, redisBroker } from 'webrtc-multiplayer/lobby-server'
 *
 * const server = await createLobbyServer({ port: 9080, broker: redisBroker('redis://127.0.0.1:6379') })
 * console.log(server.url)
 * ```
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a URL or option that is not allowed. `connect` rejects with `ERR_UNAVAILABLE` if Redis cannot be reached, or `ioredis` is not installed.
 */
export function redisBroker(redis: string | RedisClientToCopy, options: RedisBrokerOptions = {}): RedisBroker {
  if (typeof redis === 'string') checkUrl(redis)
  const resolved = resolveOptions(options)
  return {
    connect: async (listener) => {
      const make = typeof redis === 'string' ? await clientsOf(redis) : copiesOf(redis)
      return new RedisNode(make, resolved, listener).open()
    },
  }
}

function checkUrl(url: string): void {
  if (/^rediss?:$/.test(URL.canParse(url) ? new URL(url).protocol : '')) return
  // Without the value: it may hold a password.
  throw new MultiplayerError(
    'ERR_INVALID_PARAMETER',
    'The URL of a Redis must be redis://[user:password@]host[:port][/database], or rediss:// for TLS.',
  )
}

async function clientsOf(url: string): Promise<MakeClient> {
  try {
    const { Redis } = await import('ioredis')
    return (options) => new Redis(url, options)
  } catch (cause) {
    throw new MultiplayerError('ERR_UNAVAILABLE', 'redisBroker() needs the package ioredis: npm install ioredis', {
      cause,
    })
  }
}

function copiesOf(client: RedisClientToCopy): MakeClient {
  return (options) => client.duplicate(options) as ReturnType<MakeClient>
}
