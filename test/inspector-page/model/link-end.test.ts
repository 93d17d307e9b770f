import { describe, expect, test } from '@jest/globals'
import { LinkEndRecord } from '../../../src/inspector-page/model/link-end.ts'
import { SampleHistory, SAMPLES_KEPT } from '../../../src/inspector-page/model/sample-history.ts'
import type { LinkSample } from '../../../src/inspector-page/model/state.ts'
import { link } from '../support/teller.ts'

const begin = (): LinkEndRecord => LinkEndRecord.begin(1, 'p/x:0', 2)

describe('rates', () => {
  test('from the differences between two looks, over all channels', () => {
    const facts = (n: number) => {
      const one = link(2, 'connected', { sentBytes: 1_000 * n, sentPackets: 10 * n, bufferedAmount: 7 })
      const two = link(2, 'connected', { receivedBytes: 500 * n, receivedPackets: 5 * n, bufferedAmount: 5 })
      return { ...one, channels: [...one.channels, ...two.channels], drops: { unsent: 3 * n, late: n } }
    }
    const first = begin().seen(facts(1), 1, 10_000)
    expect(first.newest).toBe(null)
    const second = first.seen(facts(2), 2, 10_500)
    expect(second.newest).toEqual({
      time: 10_500,
      roundTripTime: 20,
      sentBytesPerSecond: 2_000,
      receivedBytesPerSecond: 1_000,
      sentPacketsPerSecond: 20,
      receivedPacketsPerSecond: 10,
      bufferedAmount: 12,
      dropsPerSecond: 8,
    })
    expect(second.samples).toEqual([second.newest])
  })

  test('a fresh connection begins at 0 again, which is no negative rate', () => {
    const before = begin().seen(link(2, 'connected', { sentBytes: 9_000 }), 1, 1_000)
    const after = before.gone(1_100).seen(link(2, 'connected', { sentBytes: 400 }), 2, 2_000)
    expect(after.newest?.sentBytesPerSecond).toBe(400)
    expect(after.goneAt).toBe(null)
  })

  test('two looks at the same time, or in the wrong order, give no sample', () => {
    const end = begin().seen(link(2), 1, 1_000).seen(link(2), 2, 1_000).seen(link(2), 3, 900)
    expect(end.samples).toEqual([])
  })
})

describe('the history of samples', () => {
  const sample = (time: number): LinkSample => ({
    time,
    roundTripTime: null,
    sentBytesPerSecond: 0,
    receivedBytesPerSecond: 0,
    sentPacketsPerSecond: 0,
    receivedPacketsPerSecond: 0,
    bufferedAmount: 0,
    dropsPerSecond: 0,
  })
  const grow = (from: SampleHistory, first: number, count: number): SampleHistory => {
    let history = from
    for (let i = 0; i < count; i++) history = history.append(sample(first + i))
    return history
  }
  const times = ({ list }: SampleHistory): number[] => list.map(({ time }) => time)

  test('keeps the newest, in order, from the first to far beyond its limit', () => {
    for (const count of [0, 1, SAMPLES_KEPT - 1, SAMPLES_KEPT, SAMPLES_KEPT + 1, 3 * SAMPLES_KEPT + 17]) {
      const history = grow(SampleHistory.EMPTY, 0, count)
      const kept = Math.min(count, SAMPLES_KEPT)
      expect(times(history)).toEqual(Array.from({ length: kept }, (_, i) => count - kept + i))
      expect(history.newest?.time).toBe(count === 0 ? undefined : count - 1)
    }
  })

  test('a moment keeps its own, whatever is appended to it later, more than once', () => {
    const moment = grow(SampleHistory.EMPTY, 0, 300)
    const before = [...times(moment)]
    const one = grow(moment, 1_000, 100)
    const two = grow(moment, 2_000, 100)
    expect(times(moment)).toEqual(before)
    expect(times(one).slice(-100)).toEqual(Array.from({ length: 100 }, (_, i) => 1_000 + i))
    expect(times(two).slice(-100)).toEqual(Array.from({ length: 100 }, (_, i) => 2_000 + i))
    expect(times(one).slice(0, 140)).toEqual(times(two).slice(0, 140))
  })
})
