import { describe, expect, test } from '@jest/globals'
import { Session } from '../../../../src/inspector-page/model/session.ts'
import type { LinkSample } from '../../../../src/inspector-page/model/state.ts'
import { METRICS, type Metric, valueText } from '../../../../src/inspector-page/views/plots/metrics.ts'
import {
  newestTime,
  plotTable,
  sampleAt,
  samplesOf,
  shownTimes,
  stepTime,
} from '../../../../src/inspector-page/views/plots/plot-data.ts'
import { link, Teller } from '../../support/teller.ts'

const sample = (time: number, roundTripTime: number | null = 20): LinkSample => ({
  time,
  roundTripTime,
  sentBytesPerSecond: time,
  receivedBytesPerSecond: 2 * time,
  sentPacketsPerSecond: 1,
  receivedPacketsPerSecond: 2,
  bufferedAmount: 3,
  dropsPerSecond: 4,
})

function metric(id: string): Metric {
  const found = METRICS.find((other) => other.id === id)
  if (!found) throw new Error(`there is no metric ${id}`)
  return found
}

const roundTrip = metric('round-trip')

describe('a table for plots', () => {
  test('has a row for each sample of either end, in order; where only the other end told something there is nothing, not a gap', () => {
    const { times, values } = plotTable({ low: [sample(1_000), sample(2_000)], high: [sample(1_400, 30)] }, [roundTrip])
    expect(times).toEqual([1, 1.4, 2])
    expect(roundTrip.lines.map((line) => values.get(line))).toEqual([
      [20, undefined, 20],
      [undefined, 30, undefined],
    ])
  })

  test('has a gap where a value is unknown, and where an end was silent', () => {
    const low = [sample(1_000), sample(1_500, null), sample(2_000), sample(9_000)]
    const { times, values } = plotTable({ low, high: [] }, [roundTrip])
    expect(times).toEqual([1, 1.5, 2, 5.5, 9])
    expect(roundTrip.lines.map((line) => values.get(line))[0]).toEqual([20, null, 20, null, 20])
  })

  test('has a column for each line of each metric', () => {
    const { values } = plotTable({ low: [sample(1_000)], high: [sample(1_000)] }, METRICS)
    expect([...values.values()].map((column) => column.filter((value) => value !== undefined))).toEqual([
      [20],
      [20],
      [1_000],
      [2_000],
      [1_000],
      [2_000],
      [3],
      [3],
      [4],
      [4],
    ])
  })
})

test('each line of a plot has dashes, and each line of a rate a colour, that no other line of it has', () => {
  for (const { lines } of METRICS) {
    expect(new Set(lines.map(({ dash }) => String(dash))).size).toBe(lines.length)
    expect(new Set(lines.map(({ colour }) => colour)).size).toBe(lines.length)
  }
})

test('values are in words that say their unit', () => {
  expect(METRICS.map((each) => valueText(each, 1_234))).toEqual(['1.2 s', '1.2 kB/s', '1.2 kB', '1234/s'])
  expect(METRICS.map((each) => valueText(each, 0))).toEqual(['0 ms', '0 B/s', '0 B', '0/s'])
  expect([null, undefined].map((value) => valueText(roundTrip, value))).toEqual(['–', '–'])
})

describe('moments', () => {
  const samples = { low: [sample(10_000), sample(10_500), sample(11_000)], high: [sample(10_200), sample(10_700)] }

  test('the sample of a moment is the nearest one, if it is near', () => {
    expect(sampleAt(samples.low, 10_700)?.time).toBe(10_500)
    expect(sampleAt(samples.low, 10_800)?.time).toBe(11_000)
    expect(sampleAt(samples.low, 12_500)?.time).toBe(11_000)
    expect(sampleAt(samples.low, 12_501)).toBe(null)
    expect(sampleAt([], 10_000)).toBe(null)
  })

  test('keys step over the samples of both ends', () => {
    expect(newestTime(samples)).toBe(11_000)
    expect(newestTime({ low: [], high: [] })).toBe(null)
    expect(stepTime(samples, 11_000, -1)).toBe(10_700)
    expect(stepTime(samples, 10_600, -1)).toBe(10_500)
    expect(stepTime(samples, 10_600, 1)).toBe(10_700)
    expect(stepTime(samples, 10_700, 1)).toBe(11_000)
    expect(stepTime(samples, 10_200, -20)).toBe(10_000)
    expect(stepTime(samples, 10_200, Infinity)).toBe(11_000)
    expect(stepTime(samples, 10_700, -Infinity)).toBe(10_000)
    expect(stepTime(samples, 99_000, 0)).toBe(11_000)
    expect(stepTime({ low: [], high: [] }, 0, 1)).toBe(null)
  })

  test('all there is is shown, at least 20 s and at most two minutes', () => {
    expect(shownTimes(samples, 12_000)).toEqual([-8_000, 12_000])
    expect(shownTimes(samples, 70_000)).toEqual([10_000, 70_000])
    expect(shownTimes(samples, 500_000)).toEqual([380_000, 500_000])
    expect(shownTimes({ low: [], high: [] }, 70_000)).toEqual([50_000, 70_000])
  })
})

test('the ends of a link tell apart by their ids, whoever tells', () => {
  const teller = new Teller()
  const session = new Session()
  session.applyAll([
    teller.mesh(7),
    teller.facts(7, [link(3)]),
    teller.after(1_000).facts(7, [link(3, 'connected', { sentBytes: 500 })]),
  ])
  const between = session.links.get('tea|3-7')
  if (!between) throw new Error('there is no link')
  const { low, high } = samplesOf(between)
  expect(low).toEqual([])
  expect(high.map(({ sentBytesPerSecond }) => sentBytesPerSecond)).toEqual([500])
})
