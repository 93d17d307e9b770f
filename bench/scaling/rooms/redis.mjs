/** A redis-server of its own, and what it says of itself. */
import { Redis } from 'ioredis'
import { findRedisServer, redisInstallCommand } from '../../../scripts/redis.mjs'
import { fromTests } from '../support/from-tests.mjs'

/** Why there can be none here; null if there can. */
export const whyNoRedis = () => (findRedisServer() === null ? `no redis-server here: ${redisInstallCommand()}` : null)

export async function startRedis() {
  const { RedisServer } = await fromTests('redis-server')
  const server = await RedisServer.start()
  const kill = () => void server.kill()
  process.once('exit', kill)
  const client = new Redis(server.url)
  return {
    url: server.url,
    /** `commands` that it has carried out, `bytes` that came and went, `cpu` milliseconds, `memory` bytes. */
    async use() {
      const text = await client.info()
      const value = (name) => Number(new RegExp(`^${name}:(.*)$`, 'm').exec(text)[1])
      return {
        commands: value('total_commands_processed'),
        bytes: value('total_net_input_bytes') + value('total_net_output_bytes'),
        cpu: 1000 * (value('used_cpu_sys') + value('used_cpu_user')),
        memory: value('used_memory'),
      }
    },
    async stop() {
      process.off('exit', kill)
      client.disconnect()
      await server.stop()
    },
  }
}
