import { afterAll, beforeAll, describe } from '@jest/globals'
import { redisBroker } from '../../../../src/services/lobby/broker/redis-broker.ts'
import { HAS_REDIS, RedisServer } from '../../../support/redis-server.ts'
import { extendedSuite } from './support/extended-suite.ts'
import type { OpenExtendedWorld } from './support/extended-world.ts'
import { openServersOn } from './support/open-worlds.ts'
import { resumeSuite } from './support/resume-suite.ts'

const suite = HAS_REDIS ? describe : describe.skip

suite('servers on a real Redis', () => {
  let redis: RedisServer
  let worlds = 0

  beforeAll(async () => {
    redis = await RedisServer.start()
  })
  afterAll(async () => {
    await redis.kill()
  })

  const open: OpenExtendedWorld = (options) =>
    openServersOn(redisBroker(redis.url, { prefix: `test-${++worlds}:` }), options)

  describe('speak the extended protocol', () => {
    extendedSuite(open)
  })

  describe('keep the places of members', () => {
    resumeSuite(open)
  })
})
