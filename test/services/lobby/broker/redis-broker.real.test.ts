import { afterAll, beforeAll, describe, test } from '@jest/globals'
import { redisBroker } from '../../../../src/services/lobby/broker/redis-broker.ts'
import { brokerAcceptance } from '../../../../src/testing/broker-acceptance.ts'
import { wait, waitFor } from '../../../support/real-time.ts'
import { HAS_REDIS, RedisServer } from '../../../support/redis-server.ts'

const suite = HAS_REDIS ? describe : describe.skip

suite('the Redis broker passes the acceptance suite', () => {
  let redis: RedisServer
  let brokers = 0

  beforeAll(async () => {
    redis = await RedisServer.start()
  })
  afterAll(async () => {
    await redis.kill()
  })

  brokerAcceptance(
    { describe, test },
    {
      create: () => Promise.resolve(redisBroker(redis.url, { prefix: `test-${++brokers}:` })),
      // Ten times what a message takes through a Redis on the same machine.
      settle: () => wait(20),
      waitFor,
    },
  )
})
