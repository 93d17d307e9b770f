import { describe, test } from '@jest/globals'
import { HAS_REDIS } from '../../../support/redis-server.ts'
import { Chaos } from './chaos.ts'

const suite = HAS_REDIS ? describe : describe.skip

/** Another one each time; a failure names it, and `CHAOS_SEED` runs it again (what happens also depends on real time). */
const SEED = Number(process.env['CHAOS_SEED'] ?? Math.floor(Math.random() * 2 ** 31))

/** So many at a time, each with a Redis of its own: they mostly wait. */
const AT_A_TIME = 5

suite('whatever breaks, nobody is lost and nobody appears', () => {
  for (let round = 0; round < 4; round++) {
    const seeds = Array.from({ length: AT_A_TIME }, (_, index) => SEED + round * AT_A_TIME + index)
    test(`seeds ${seeds.join(', ')}`, async () => {
      const outcomes = await Promise.allSettled(seeds.map((seed) => Chaos.run(seed)))
      const failures = outcomes.filter((outcome) => outcome.status === 'rejected').map(({ reason }) => String(reason))
      if (failures.length > 0) throw new Error(failures.join('\n'))
    }, 120_000)
  }
})
