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
