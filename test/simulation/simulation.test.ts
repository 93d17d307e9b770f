import { describe, expect, test } from '@jest/globals'
import type { Schedule } from '../../src/testing/index.ts'
import { entryLine } from './support/report.ts'
import { reportOf, scheduleOf, shrink, simulate } from './support/runner.ts'

/** Milliseconds, on a machine that has much else to do; it takes a tenth of that. */
const TIMEOUT = 120_000

describe('a run', () => {
  test(
    'is the same to the last entry when it is run again from its seed',
    async () => {
      // Of each kind of world, and of 3 to 7 hosts.
      for (const seed of [1, 2, 3, 4, 7, 12]) {
        const [one, again] = [await simulate(scheduleOf(seed)), await simulate(scheduleOf(seed))]
        expect(again.history.entries.map(entryLine)).toEqual(one.history.entries.map(entryLine))
        expect(again.hash).toBe(one.hash)
      }
    },
    TIMEOUT,
  )

  test(
    'is another with another seed, and without the faults',
    async () => {
      const schedule = scheduleOf(1)
      const variants: Schedule[] = [schedule, { ...schedule, seed: 2 }, { ...schedule, faults: [] }]
      const hashes: string[] = []
      for (const variant of variants) hashes.push((await simulate(variant)).hash)
      expect(new Set(hashes).size).toBe(3)
    },
    TIMEOUT,
  )

  test(
    'is the same after its schedule was saved',
    async () => {
      const saved = JSON.stringify(scheduleOf(5))
      expect((await simulate(JSON.parse(saved) as Schedule)).hash).toBe((await simulate(scheduleOf(5))).hash)
    },
    TIMEOUT,
  )
})

test(
  'a failure is told with what led to it, and its schedule is made short',
  async () => {
    const { hosts, duration, faults } = scheduleOf(5, 3)
    const [host = ''] = hosts
    // It comes back at the end: nobody can agree at once, which is what is demanded here.
    const death = { fault: 'death', on: host, at: 15_000, for: duration - 15_000 } as const
    const schedule: Schedule = { seed: 5, hosts, duration, faults: [...faults, death] }
    const result = await simulate(schedule, 0)
    expect(reportOf(result, 1)).toMatch(
      /^agreement: host-\d.*\n {2}at 25000.0 ms; demanded since 25000.0 ms: .*\n(?: {2,}\d.*\n){2,12}.*and \d+ more\n\d+ events, history \w{16}$/,
    )
    const shortest = await shrink(schedule, 40, 0)
    expect(shortest.faults).toEqual([expect.objectContaining({ fault: 'death', on: host })])
    expect((await simulate(shortest, 0)).violations.map(({ rule }) => rule)).toContain('agreement')
  },
  TIMEOUT,
)
