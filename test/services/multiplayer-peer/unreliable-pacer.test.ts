import { describe, expect, test } from '@jest/globals'
import { UnreliablePacer } from '../../../src/services/multiplayer-peer/unreliable-pacer.ts'

const LIMIT = 64 * 1024

/** A pacer before a buffer that drains at `capacity` bytes per millisecond, offered `offered` bytes each millisecond, packets of 1000. */
function run(capacity: number, offered: (time: number) => number, duration: number) {
  let now = 0
  const pacer = new UnreliablePacer({ now: () => now }, LIMIT)
  let waiting = 0
  let due = 0
  const history: { sent: number; dropped: number; waiting: number; isOn: boolean }[] = []
  for (; now < duration; now++) {
    waiting = Math.max(0, waiting - capacity)
    const entry = { sent: 0, dropped: 0, waiting: 0, isOn: false }
    for (due += offered(now); due >= 1000; due -= 1000) {
      if ((waiting > 0 || pacer.isOn) && !pacer.admits(1000, waiting)) entry.dropped += 1000
      else {
        entry.sent += 1000
        waiting += 1000
      }
    }
    history.push({ ...entry, waiting, isOn: pacer.isOn })
  }
  const sum = (key: 'sent' | 'dropped', from = 0) => history.slice(from).reduce((total, entry) => total + entry[key], 0)
  return { history, sum }
}

describe('UnreliablePacer', () => {
  test('lets everything through below capacity', () => {
    const { history, sum } = run(10_000, () => 9_000, 2_000)
    expect(sum('dropped')).toBe(0)
    expect(history.some(({ isOn }) => isOn)).toBe(false)
  })

  test('a burst that stays under the limit is not held back', () => {
    const { sum } = run(10_000, (time) => (time === 100 ? 60_000 : 0), 200)
    expect([sum('sent'), sum('dropped')]).toEqual([60_000, 0])
  })

  test.each([10_000, 1_000, 125])(
    'at twice a capacity of %i bytes per millisecond: what waits stays below the limit, pauses are short, and most of the capacity is used',
    (capacity) => {
      const duration = 20_000
      const { history, sum } = run(capacity, () => 2 * capacity, duration)
      expect(Math.max(...history.map(({ waiting }) => waiting))).toBeLessThanOrEqual(LIMIT + 2 * capacity + 1_000)
      expect(sum('sent', 2_000) / (capacity * (duration - 2_000))).toBeGreaterThan(0.6)
      // While the buffer drains, and 100 ms more.
      let longest = 0
      let pause = 0
      for (const { sent } of history) {
        pause = sent > 0 ? 0 : pause + 1
        longest = Math.max(longest, pause)
      }
      expect(longest).toBeLessThanOrEqual((LIMIT + 2 * capacity) / capacity + 120)
    },
  )

  test('when the overload is over it ends, and nothing is held back any more', () => {
    const { history, sum } = run(10_000, (time) => (time < 2_000 ? 30_000 : 1_000), 8_000)
    expect(history.at(-1)?.isOn).toBe(false)
    expect(sum('dropped', 5_000)).toBe(0)
  })
})

describe('UnreliablePacer, step by step', () => {
  /** Limit 10,000 bytes. Each row: at which millisecond, a packet of which size, with how much waiting, is admitted or not. */
  function expectAdmissions(
    rows: readonly (readonly [time: number, size: number, waiting: number, admitted: boolean])[],
  ) {
    let now = 0
    const pacer = new UnreliablePacer({ now: () => now }, 10_000)
    const found = rows.map(([time, size, waiting]) => {
      now = time
      return [time, size, waiting, pacer.admits(size, waiting)]
    })
    expect(found).toEqual(rows)
    return pacer
  }

  // Above the limit at 0, drained at 100: 100.01 bytes per millisecond, of which 0.75 are let through, after 100 ms of nothing.
  const DRAINED = [
    [0, 1_000, 10_000, true],
    [0, 1_000, 10_001, false],
    [30, 1_000, 20_000, false],
    [100, 1_000, 1, false],
    [100, 1_000, 0, false],
  ] as const

  test('drains, pauses, and lets through what the buffer drained, a little more every 100 ms', () => {
    const pacer = expectAdmissions([
      ...DRAINED,
      [199, 1, 0, false],
      [200, 3, 0, false],
      [200, 2, 0, true],
      [200, 1, 0, false],
    ])
    expect(pacer.isOn).toBe(true)
  })

  test('what was not used is saved up to the limit; after a second of nothing to hold back it is off', () => {
    const saved = [...DRAINED, [200, 1_000, 0, false], [1_200, 10_001, 0, false], [1_200, 10_000, 0, true]] as const
    expectAdmissions([...saved, [1_200, 1, 0, false]])
    expect(expectAdmissions([...DRAINED, [200, 1_000, 0, false], [1_200, 1, 0, true]]).isOn).toBe(true)
    expect(expectAdmissions([...DRAINED, [200, 1_000, 0, false], [1_200, 1, 0, true], [1_201, 1, 0, true]]).isOn).toBe(
      false,
    )
  })

  test('when it proves too high again, three quarters of the rate remain', () => {
    expectAdmissions([
      ...DRAINED,
      [200, 1_000, 0, false],
      [1_200, 1, 10_001, false],
      [101_200, 1, 0, false],
      [101_299, 1, 0, false],
      [101_300, 2, 0, false],
      [101_300, 1, 0, true],
    ])
  })

  test('8 bytes per millisecond at the least', () => {
    expectAdmissions([
      [0, 1, 10_001, false],
      [100_000, 1, 0, false],
      [100_099, 1, 0, false],
      [100_101, 9, 0, false],
      [100_101, 8, 0, true],
    ])
  })

  test('where it drained at once, the pause is for half of a send buffer of 1 MiB', () => {
    expectAdmissions([
      [0, 1, 10_001, false],
      [0, 1, 0, false],
      [69, 1, 0, false],
      [70, 765, 0, false],
      [70, 764, 0, true],
    ])
  })
})
