import type { LinkSample, LinkState } from '../../model/state.ts'
import type { Line, Metric } from './metrics.ts'

/** What the plots show at most: two minutes back from now. */
const MOST_SHOWN = 120_000
const LEAST_SHOWN = 20_000
/** Where two samples of an end are further apart than this, it told nothing in between, and the line has a gap. Several of the default interval. */
const GAP = 3_000
/** A sample counts for a moment up to this far away from it. */
const NEAR = 1_500

/** The first and the last moment that the plots show, in milliseconds since 1970: all there is, within bounds. */
export function shownTimes({ low, high }: EndSamples, now: number): readonly [number, number] {
  const oldest = Math.min(low[0]?.time ?? now, high[0]?.time ?? now)
  const span = Math.max(LEAST_SHOWN, Math.min(MOST_SHOWN, now - oldest))
  return [now - span, now]
}

/** Samples of both ends of a link. */
export interface EndSamples {
  readonly low: readonly LinkSample[]
  readonly high: readonly LinkSample[]
}

export function samplesOf({ ends, low, high }: LinkState): EndSamples {
  return { low: ends.get(low)?.samples ?? [], high: ends.get(high)?.samples ?? [] }
}

/** A value, `null` where there is a gap, `undefined` where the other end told something and this one did not. */
export type Cell = number | null | undefined

/** One list of times for all lines, in seconds since 1970, and a list of values for each line, as uPlot wants them: the two ends are looked at at different moments. */
export interface PlotTable {
  readonly times: readonly number[]
  /** By metric and line. */
  readonly values: ReadonlyMap<Line, readonly Cell[]>
}

export function plotTable(samples: EndSamples, metrics: readonly Metric[]): PlotTable {
  const rows = [
    ...samples.low.map((sample) => ({ time: sample.time, end: 'low' as const, sample })),
    ...samples.high.map((sample) => ({ time: sample.time, end: 'high' as const, sample })),
    ...gaps(samples.low).map((time) => ({ time, end: 'low' as const, sample: null })),
    ...gaps(samples.high).map((time) => ({ time, end: 'high' as const, sample: null })),
  ].sort((a, b) => a.time - b.time)
  const values = new Map<Line, Cell[]>()
  for (const line of metrics.flatMap(({ lines }) => lines)) {
    values.set(
      line,
      rows.map(({ end, sample }) => (end !== line.end ? undefined : sample && line.value(sample))),
    )
  }
  return { times: rows.map(({ time }) => time / 1_000), values }
}

/** Times at which an end had been silent for too long. */
function gaps(samples: readonly LinkSample[]): number[] {
  return samples.flatMap(({ time }, index) => {
    const before = samples[index - 1]
    return before && time - before.time > GAP ? [(time + before.time) / 2] : []
  })
}

/** The sample of a moment: the nearest one, unless that is too far away. */
export function sampleAt(samples: readonly LinkSample[], time: number): LinkSample | null {
  let nearest: LinkSample | null = null
  for (const sample of samples) {
    if (Math.abs(sample.time - time) <= Math.abs((nearest?.time ?? -Infinity) - time)) nearest = sample
  }
  return nearest && Math.abs(nearest.time - time) <= NEAR ? nearest : null
}

/** The time of the newest sample of both ends; null before there is one. */
export function newestTime({ low, high }: EndSamples): number | null {
  const newest = Math.max(low.at(-1)?.time ?? -Infinity, high.at(-1)?.time ?? -Infinity)
  return Number.isFinite(newest) ? newest : null
}

/** The time of the sample that is `by` samples away from a moment, over both ends; the first or last one beyond them. */
export function stepTime(samples: EndSamples, time: number, by: number): number | null {
  const times = [...new Set([...samples.low, ...samples.high].map((sample) => sample.time))].sort((a, b) => a - b)
  const before = times.filter((other) => other < time).length
  // Between two samples, the first step forward is to the next one.
  const index = before + (by > 0 && times[before] !== time ? by - 1 : by)
  return times[Math.max(0, Math.min(times.length - 1, index))] ?? null
}
