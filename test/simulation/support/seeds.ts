import { describe, expect, test } from '@jest/globals'
import { countContents, EVERYTHING } from './contents.ts'
import { reportOf, scheduleOf, simulate } from './runner.ts'

/** Seeds of one test. */
const BATCH = 20
/** Milliseconds, on a machine that has much else to do; it takes a tenth of that. */
const TIMEOUT = 120_000

/** Declares tests that run these seeds; each fails with what was broken and how to repeat it. */
export function testSeeds(first: number, count: number): void {
  const batches = Array.from({ length: count / BATCH }, (_, batch) => first + batch * BATCH)
  const counts = new Map<string, number>()

  describe('the whole system under faults', () => {
    test.each(batches.map((from) => [from, from + BATCH - 1] as const))(
      'seeds %i to %i break no rule',
      async (from, to) => {
        for (let seed = from; seed <= to; seed++) {
          const result = await simulate(scheduleOf(seed))
          countContents(result.history.entries, counts)
          const report = result.violations.length === 0 ? '' : reportOf(result, 3)
          expect({ seed, report }).toEqual({ seed, report: '' })
        }
      },
      TIMEOUT,
    )

    test('with everything that can happen', () => {
      expect([...counts.keys()].sort()).toEqual(EVERYTHING)
      expect(counts.get('same id, same host')).toBeGreaterThan(10)
      expect(counts.get('disconnected mesh')).toBeGreaterThan(100)
      expect(counts.get('deliver mesh')).toBeGreaterThan(10_000)
    })
  })
}
