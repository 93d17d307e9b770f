import { describe, expect, test } from '@jest/globals'
import { DEMO_CHANNELS, TARGET_KINDS } from '../../src/cli/demo/channels.ts'
import type { TrafficTally } from '../../src/cli/demo/messages.ts'
import type { Pair, RunRecord, Sighting } from '../../src/cli/demo/run-record.ts'
import { summaryText } from '../../src/cli/demo/summary-text.ts'
import { percentile, summarize } from '../../src/cli/demo/summary.ts'

const PAIRS: Pair[] = [
  [1, 2],
  [1, 3],
  [2, 3],
]

/** A tally of one peer that sent a packet of each kind to two others, and received as much. */
function tally(own: number): TrafficTally {
  const flows = DEMO_CHANNELS.flatMap((_, channel) => TARGET_KINDS.map((_kind, target) => ({ channel, target })))
  const from = own === 1 ? 2 : 1
  return {
    sent: flows.map((flow) => ({ ...flow, packets: 1, expected: 2, dropped: 0, skipped: 0, refused: 0 })),
    received: flows.map((flow) => ({ ...flow, from, received: 2, duplicated: 0, outOfOrder: 0, bytes: 40, wrong: 0 })),
  }
}

/** Three peers that all connected; peer 2 left at the end. */
function goodRun(): RunRecord & { sightings: Sighting[]; tallies: Map<number, TrafficTally>; failures: string[] } {
  const connected = PAIRS.flatMap(([low, high], i): Sighting[] => [
    { signal: 'peerConnected', observer: low, subject: high, took: 10 * (i + 1) },
    { signal: 'peerConnected', observer: high, subject: low, took: 5 },
  ])
  const left = [1, 3].map((observer): Sighting => ({ signal: 'peerDisconnected', observer, subject: 2, took: 3 }))
  const sightings = [...connected, ...left]
  return {
    peers: 3,
    pairs: PAIRS,
    sightings,
    expected: sightings.map(({ signal, observer, subject }) => ({ signal, observer, subject })),
    tallies: new Map([1, 2, 3].map((id) => [id, tally(id)])),
    times: { start: 100, form: 30.04, total: 1234.56 },
    failures: [],
  }
}

/** The good run with one received flow of peer 1 changed. */
function runWith(channel: number, change: Partial<TrafficTally['received'][number]>): RunRecord {
  const run = goodRun()
  const flow = run.tallies.get(1)?.received.find((tally) => tally.channel === channel)
  if (flow === undefined) throw new Error('no such flow')
  Object.assign(flow, change)
  return run
}

describe('a run in which everything arrived', () => {
  const summary = summarize(goodRun())

  test('is ok', () => {
    expect(summary.failures).toEqual([])
    expect(summary.ok).toBe(true)
  })

  test('tells of its connections, by the slower end of each', () => {
    expect(summary.connections).toEqual({ expected: 3, formed: 3, medianMs: 20, p95Ms: 30, maxMs: 30 })
  })

  test('has a row for each channel and kind of target', () => {
    expect(summary.channels).toHaveLength(15)
    expect(summary.channels[0]).toEqual({
      channel: 0,
      mode: 'reliable',
      target: 'broadcast',
      sent: 3,
      expected: 6,
      received: 6,
      lost: 0,
      duplicated: 0,
      outOfOrder: 0,
      bytes: 120,
    })
  })

  test('counts signals and rounds times', () => {
    expect(summary.signals.seen).toEqual({ peerConnected: 6, peerDisconnected: 2 })
    expect(summary.signals.expected).toEqual(summary.signals.seen)
    expect(summary.times).toMatchObject({ startMs: 100, formMs: 30, leaveMs: null, totalMs: 1234.6 })
  })

  test('reads well', () => {
    const text = summaryText(summary)
    expect(text).toContain('connections  3 of 3, median 20 ms')
    expect(text).toContain('1 reliable    allButOne     3         6         6     0')
    expect(text).toMatch(/ok: everything expected arrived$/)
  })
})

describe('a run is not ok', () => {
  const failuresOf = (record: RunRecord): readonly string[] => {
    const summary = summarize(record)
    expect(summary.ok).toBe(summary.failures.length === 0)
    return summary.failures
  }

  test('if a reliable packet is lost', () => {
    expect(failuresOf(runWith(0, { received: 1 }))).toEqual(['channel 0 reliable, broadcast: 5 of 6 packets arrived'])
  })

  test('if most of the unreliable ones are lost; a few may be', () => {
    expect(failuresOf(runWith(2, { received: 0 }))).toEqual([])
    const run = goodRun()
    for (const { received } of run.tallies.values())
      for (const flow of received) if (flow.channel === 2) flow.received = 0
    expect(failuresOf(run)).toContain('channel 0 unreliable, broadcast: 0 of 6 packets arrived')
  })

  test('if a packet comes twice, on whatever channel', () => {
    expect(failuresOf(runWith(4, { duplicated: 1 }))).toEqual([
      'channel 2 unreliable, broadcast: 1 packets arrived twice',
    ])
  })

  test('if the order is broken where it is promised', () => {
    expect(failuresOf(runWith(0, { outOfOrder: 2 }))).toHaveLength(1)
    expect(failuresOf(runWith(1, { outOfOrder: 2 }))).toHaveLength(1)
    expect(failuresOf(runWith(2, { outOfOrder: 2 }))).toEqual([])
  })

  test('if a packet came to the wrong peer or was changed', () => {
    expect(failuresOf(runWith(0, { wrong: 1 }))).toEqual([
      'peer 1 received 1 packets that were changed, or not for it or for that channel',
    ])
  })

  test('if a peer was killed in it', () => {
    const run = goodRun()
    run.failures.push('sending: peer 3: its process ended unexpectedly (signal SIGKILL)')
    run.tallies.delete(3)
    expect(failuresOf(run)).toEqual(run.failures)
  })

  test('if a connection is announced on one side only', () => {
    const run = goodRun()
    run.sightings.splice(1, 1)
    expect(failuresOf(run)).toEqual(['2 of 3 connections formed', 'never: peerConnected of 1 at peer 2'])
  })

  test('if a signal comes twice, or one comes that nobody expects', () => {
    const run = goodRun()
    run.sightings.push({ signal: 'peerDisconnected', observer: 1, subject: 2, took: 4 })
    run.sightings.push({ signal: 'peerDisconnected', observer: 1, subject: 3, took: 4 })
    expect(failuresOf(run)).toEqual([
      'once too often: peerDisconnected of 2 at peer 1',
      'once too often: peerDisconnected of 3 at peer 1',
    ])
  })

  test('if nothing happened at all', () => {
    const run: RunRecord = {
      ...goodRun(),
      sightings: [],
      tallies: new Map(),
      failures: ['starting: gave up after 30 s'],
    }
    const failures = failuresOf(run)
    expect(failures[0]).toBe('starting: gave up after 30 s')
    expect(failures).toContain('0 of 3 connections formed')
    expect(summarize(run).connections).toMatchObject({ formed: 0, medianMs: null })
    expect(summaryText(summarize(run))).toContain('failed: 0 of 3 connections formed')
  })
})

describe('percentiles', () => {
  test('are values that occurred', () => {
    expect(percentile([], 0.5)).toBeNull()
    expect(percentile([3], 0.95)).toBe(3)
    expect(percentile([4, 1, 3, 2], 0.5)).toBe(2)
    expect(percentile([4, 1, 3, 2], 1)).toBe(4)
  })
})
