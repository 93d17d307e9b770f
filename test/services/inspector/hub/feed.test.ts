import { beforeEach, describe, expect, test } from '@jest/globals'
import { Backlog } from '../../../../src/services/inspector/hub/backlog.ts'
import { toEntry } from '../../../../src/services/inspector/hub/entry.ts'
import { Feed } from '../../../../src/services/inspector/hub/feed.ts'
import { VirtualClock } from '../../../../src/testing/index.ts'
import { Collector } from '../support/collector.ts'
import { Teller } from '../support/teller.ts'

const LIMITS = { merged: 100, mergedSize: 1_000_000, mostSize: 2_000_000 }
const MIB = 1024 * 1024

describe('a feed', () => {
  let clock: VirtualClock
  let outlet: Collector
  let feed: Feed
  let a: Teller

  beforeEach(() => {
    clock = new VirtualClock()
    outlet = new Collector()
    feed = new Feed(outlet, clock, LIMITS)
    a = new Teller('a')
  })

  test('writes a burst at once, within a frame of a screen', () => {
    for (let i = 0; i < 50; i++) feed.push(toEntry(a.event('mesh', `e${i}`)))
    expect(outlet.writes).toEqual([])
    clock.advance(16)
    expect(outlet.writes).toEqual([50])
    expect(clock.pending).toBe(0)
  })

  test('writes much in pieces', () => {
    const text = 'x'.repeat(100_000)
    for (let i = 0; i < 6; i++) feed.push(toEntry(a.event('mesh', text)))
    clock.advance(16)
    expect(outlet.writes).toEqual([2, 2, 2])
  })

  test('waits for a slow outlet; what waits is merged and counted, and then told', () => {
    outlet.bufferedAmount = MIB
    feed.push(toEntry(a.begins()))
    feed.push(toEntry(a.actor('mesh')))
    for (let i = 0; i < 1_000; i++) feed.push(toEntry(a.snapshot('mesh', `s${i}`)))
    clock.advance(1_000)
    expect(outlet.messages).toEqual([])
    expect(feed.waiting).toBeLessThanOrEqual(LIMITS.merged)

    outlet.bufferedAmount = 0
    clock.advance(16)
    expect(outlet.told.slice(0, 2)).toEqual(['a source', 'a/mesh is new'])
    expect(outlet.told.at(-1)).toBe('a/mesh s999')
    expect(outlet.missed).toBe(feed.missed)
    expect(outlet.missed + outlet.messages.length).toBe(1_002)
  })

  test('what was missed is told once', () => {
    outlet.bufferedAmount = MIB
    for (let i = 0; i < 300; i++) feed.push(toEntry(a.event('mesh', 'go')))
    outlet.bufferedAmount = 0
    clock.advance(16)
    const { missed } = outlet
    expect(missed).toBeGreaterThan(0)
    feed.push(toEntry(a.event('mesh', 'last')))
    clock.advance(16)
    expect(outlet.missed).toBe(missed)
  })

  test('gives up an outlet for which even the merged grows without end, and holds nothing for it', () => {
    outlet.bufferedAmount = MIB
    let count = 0
    while (!outlet.hasGivenUp && count < 10_000)
      feed.push(toEntry(a.actor(`peer:${count++}`, { group: 'x'.repeat(400) })))
    expect(count).toBeGreaterThan(1_000)
    expect(count).toBeLessThan(10_000)
    feed.push(toEntry(a.actor('late')))
    outlet.bufferedAmount = 0
    clock.advance(1_000)
    expect(outlet.messages).toEqual([])
    expect(clock.pending).toBe(0)
  })

  test('writes everything at its end, however slow the outlet is', () => {
    outlet.bufferedAmount = MIB
    for (let i = 0; i < 10; i++) feed.push(toEntry(a.event('mesh', 'go')))
    feed.end()
    expect(outlet.messages).toHaveLength(10)
    expect(clock.pending).toBe(0)
  })

  test('writes nothing after a close', () => {
    feed.push(toEntry(a.event('mesh', 'go')))
    feed.close()
    feed.push(toEntry(a.event('mesh', 'go')))
    feed.end()
    clock.advance(1_000)
    expect(outlet.messages).toEqual([])
  })
})

describe('a backlog', () => {
  test('costs as much for each entry, however many cannot be merged', () => {
    const backlog = new Backlog({ merged: 100, mergedSize: Infinity, mostSize: Infinity })
    const a = new Teller('a')
    const entries = Array.from({ length: 50_000 }, (_, index) => toEntry(a.actor(`peer:${index}`)))
    const started = performance.now()
    for (const entry of entries) backlog.push(entry)
    // Merging all of them each time would take minutes.
    expect(performance.now() - started).toBeLessThan(5_000)
    expect(backlog.length).toBe(50_000)
  })
})
