import { DEMO_CHANNELS, type DemoChannel, type ModeName, TARGET_KINDS, type TargetKind } from './channels.ts'
import type { RunRecord, RunTimes, Sighting } from './run-record.ts'

/** One channel and kind of target, over all peers. */
export interface ChannelSummary {
  readonly channel: number
  readonly mode: ModeName
  readonly target: TargetKind
  /** Packets, each counted once however many peers it was for. */
  readonly sent: number
  /** Packets times the peers that each was given to. */
  readonly expected: number
  readonly received: number
  readonly lost: number
  readonly duplicated: number
  readonly outOfOrder: number
  /** Received, over all packets. */
  readonly bytes: number
}

/** How many of each signal. */
export interface SignalCounts {
  readonly peerConnected: number
  readonly peerDisconnected: number
}

/** What `demo --once --json` prints. Times in milliseconds. */
export interface RunSummary {
  readonly ok: boolean
  /** At the start; one more joined later. */
  readonly peers: number
  readonly connections: {
    readonly expected: number
    readonly formed: number
    readonly medianMs: number | null
    readonly p95Ms: number | null
    readonly maxMs: number | null
  }
  readonly channels: readonly ChannelSummary[]
  readonly signals: { readonly expected: SignalCounts; readonly seen: SignalCounts }
  readonly times: Readonly<Record<`${keyof RunTimes}Ms`, number | null>>
  /** Why it is not ok. */
  readonly failures: readonly string[]
}

/** Unreliable packets live for a millisecond, so a busy machine loses some; fewer than this share means that something is wrong. */
const LEAST_UNRELIABLE_SHARE = 0.5

/** Judges a run: it is ok only if everything that was expected came. */
export function summarize(record: RunRecord): RunSummary {
  const durations = connectDurations(record)
  const channels = DEMO_CHANNELS.flatMap((channel, index) =>
    TARGET_KINDS.map((target, targetIndex) => summarizeChannel(record, channel, index, target, targetIndex)),
  )
  const failures = [
    ...record.failures,
    ...connectionFailures(record, durations.length),
    ...channels.flatMap(channelFailures),
    ...trafficFailures(record),
    ...signalFailures(record),
  ]
  return {
    ok: failures.length === 0,
    peers: record.peers,
    connections: {
      expected: record.pairs.length,
      formed: durations.length,
      medianMs: percentile(durations, 0.5),
      p95Ms: percentile(durations, 0.95),
      maxMs: percentile(durations, 1),
    },
    channels,
    signals: { expected: countSignals(record.expected), seen: countSignals(record.sightings) },
    times: summarizeTimes(record.times),
    failures,
  }
}

/** The smallest value that this share of the values does not exceed; null of none. */
export function percentile(values: readonly number[], share: number): number | null {
  const sorted = values.toSorted((a, b) => a - b)
  const value = sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]
  return value === undefined ? null : round(value)
}

/** Of each connection that both ends announced, the time of the slower end. */
function connectDurations({ pairs, sightings }: RunRecord): number[] {
  return pairs.flatMap(([low, high]) => {
    const ends = [took(sightings, low, high), took(sightings, high, low)]
    return ends.includes(null) ? [] : [Math.max(...ends.map(Number))]
  })
}

function took(sightings: readonly Sighting[], observer: number, subject: number): number | null {
  const isIt = (s: Sighting): boolean =>
    s.signal === 'peerConnected' && s.observer === observer && s.subject === subject
  return sightings.find(isIt)?.took ?? null
}

function summarizeChannel(
  { tallies }: RunRecord,
  { channel, modeName }: DemoChannel,
  channelIndex: number,
  target: TargetKind,
  targetIndex: number,
): ChannelSummary {
  const isOfThis = (tally: { channel: number; target: number }): boolean =>
    tally.channel === channelIndex && tally.target === targetIndex
  const all = [...tallies.values()]
  const sent = all.flatMap((tally) => tally.sent.filter(isOfThis))
  const received = all.flatMap((tally) => tally.received.filter(isOfThis))
  const expectedCount = sum(sent, (tally) => tally.expected)
  const receivedCount = sum(received, (tally) => tally.received)
  return {
    channel,
    mode: modeName,
    target,
    sent: sum(sent, (tally) => tally.packets),
    expected: expectedCount,
    received: receivedCount,
    lost: expectedCount - receivedCount,
    duplicated: sum(received, (tally) => tally.duplicated),
    outOfOrder: sum(received, (tally) => tally.outOfOrder),
    bytes: sum(received, (tally) => tally.bytes),
  }
}

function connectionFailures({ pairs }: RunRecord, formed: number): string[] {
  return formed === pairs.length ? [] : [`${formed} of ${pairs.length} connections formed`]
}

function channelFailures(summary: ChannelSummary): string[] {
  const { channel, mode, target, expected, received, lost, duplicated, outOfOrder } = summary
  const where = `channel ${channel} ${mode}, ${target}`
  const failures: string[] = []
  if (mode === 'reliable' && lost !== 0) failures.push(`${where}: ${received} of ${expected} packets arrived`)
  if (mode !== 'reliable' && (received < expected * LEAST_UNRELIABLE_SHARE || received > expected)) {
    failures.push(`${where}: ${received} of ${expected} packets arrived`)
  }
  if (duplicated > 0) failures.push(`${where}: ${duplicated} packets arrived twice`)
  if (mode !== 'unreliable' && outOfOrder > 0) failures.push(`${where}: ${outOfOrder} packets arrived out of order`)
  return failures
}

function trafficFailures({ tallies }: RunRecord): string[] {
  return [...tallies].flatMap(([id, { sent, received }]) => {
    const skipped = sum(sent, (tally) => tally.skipped)
    const refused = sum(sent, (tally) => tally.refused)
    const wrong = sum(received, (tally) => tally.wrong)
    return [
      ...(skipped > 0 ? [`peer ${id} sent to ${skipped} peers that were not open`] : []),
      ...(refused > 0 ? [`peer ${id} was refused ${refused} packets`] : []),
      ...(wrong > 0
        ? [`peer ${id} received ${wrong} packets that were changed, or not for it or for that channel`]
        : []),
    ]
  })
}

function signalFailures({ expected, sightings }: RunRecord): string[] {
  const missing = countTexts(expected)
  for (const text of sightings.map(describeSighting)) missing.set(text, (missing.get(text) ?? 0) - 1)
  return [...missing].flatMap(([text, count]) => {
    if (count > 0) return [`never: ${text}`]
    return count < 0 ? [`once too often: ${text}`] : []
  })
}

function countTexts(sightings: RunRecord['expected']): Map<string, number> {
  return new Map(sightings.map((sighting) => [describeSighting(sighting), 1]))
}

function describeSighting({ signal, observer, subject }: RunRecord['expected'][number]): string {
  return `${signal} of ${subject} at peer ${observer}`
}

function countSignals(sightings: RunRecord['expected']): SignalCounts {
  const count = (signal: Sighting['signal']): number => sightings.filter((s) => s.signal === signal).length
  return { peerConnected: count('peerConnected'), peerDisconnected: count('peerDisconnected') }
}

function summarizeTimes(times: RunTimes): RunSummary['times'] {
  const of = (time: number | undefined): number | null => (time === undefined ? null : round(time))
  return {
    startMs: of(times.start),
    formMs: of(times.form),
    trafficMs: of(times.traffic),
    joinMs: of(times.join),
    leaveMs: of(times.leave),
    closeMs: of(times.close),
    totalMs: of(times.total),
  }
}

function sum<T>(values: readonly T[], of: (value: T) => number): number {
  return values.reduce((total, value) => total + of(value), 0)
}

function round(milliseconds: number): number {
  return Math.round(milliseconds * 10) / 10
}
