import { describe, expect, jest, test } from '@jest/globals'
import type { BrokerListener } from '../../../../src/services/lobby/broker/broker.ts'
import { redisBroker } from '../../../../src/services/lobby/broker/redis-broker.ts'
import { unavailable } from '../../../../src/services/lobby/broker/redis/connection.ts'
import type { RedisBrokerOptions } from '../../../../src/services/lobby/broker/redis-broker.ts'

const LISTENER: BrokerListener = {
  changed: () => undefined,
  closed: () => undefined,
  signal: () => undefined,
  available: () => undefined,
}

function errorOf(call: () => unknown): unknown {
  try {
    call()
    return null
  } catch (error) {
    return error
  }
}

describe('redisBroker', () => {
  test.each([['http://127.0.0.1:6379'], ['127.0.0.1:6379'], [''], ['redis'], ['https://user:secret@host']])(
    'refuses the URL %j without repeating it',
    (url) => {
      const error = errorOf(() => redisBroker(url))
      expect(error).toMatchObject({ code: 'ERR_INVALID_PARAMETER' })
      expect(String(error)).not.toContain('secret')
    },
  )

  test.each<RedisBrokerOptions>([
    { prefix: '' },
    { lease: 199 },
    { lease: 600_001 },
    { lease: 1000.5 },
    { lease: Number.NaN },
    { renewEvery: 19 },
    { lease: 1000, renewEvery: 501 },
    { commandTimeout: 49 },
    { commandTimeout: 600_001 },
  ])('refuses %j', (options) => {
    expect(errorOf(() => redisBroker('redis://127.0.0.1', options))).toMatchObject({ code: 'ERR_INVALID_PARAMETER' })
  })

  test('says what to install where ioredis is missing', async () => {
    jest.unstable_mockModule('ioredis', () => {
      throw new Error('Cannot find package')
    })
    const connecting = redisBroker('redis://127.0.0.1').connect(LISTENER)
    await expect(connecting).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    await expect(connecting).rejects.toThrow('npm install ioredis')
  })
})

test('an error of Redis says its reason once, also to loggers that append what the causes say', () => {
  const { code, message, cause } = unavailable('Redis cannot be reached', new Error('connect ECONNREFUSED'))
  expect([code, message, cause]).toEqual([
    'ERR_UNAVAILABLE',
    'Redis cannot be reached (connect ECONNREFUSED).',
    undefined,
  ])
})
