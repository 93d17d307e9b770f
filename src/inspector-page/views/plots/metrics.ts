import type { LinkSample } from '../../model/state.ts'
import { byteRateText, bytesText, durationText, rateText, UNKNOWN } from '../topology/quantity-text.ts'

/** A line of a plot: what one end of a link says of one thing. */
export interface Line {
  /** `sends`; empty where a plot has one line for each end. */
  readonly name: string
  readonly end: 'low' | 'high'
  readonly value: (sample: LinkSample) => number | null
  /** The colour: a variable of the style sheet. */
  readonly colour: `--${string}`
  /** Lengths of line and gap, in pixels; empty for a line without gaps. Each line of a plot has its own, so that colour is not needed to tell them apart. */
  readonly dash: readonly number[]
}

export interface Metric {
  readonly id: string
  readonly title: string
  readonly lines: readonly Line[]
  /** A value as text, for axis and table. */
  readonly text: (value: number) => string
  /** The axis goes at least up to here, so that noise around nothing does not look like much. */
  readonly least: number
}

type Value = (sample: LinkSample) => number | null

/** A line for each end. */
const bothEnds = (value: Value): readonly Line[] => [
  { name: '', end: 'low', value, colour: '--series-1', dash: [] },
  { name: '', end: 'high', value, colour: '--series-2', dash: [6, 4] },
]

export const METRICS: readonly Metric[] = [
  {
    id: 'round-trip',
    title: 'Round trip',
    lines: bothEnds(({ roundTripTime }) => roundTripTime),
    text: durationText,
    least: 10,
  },
  {
    id: 'rate',
    title: 'Rate',
    lines: [
      { name: 'sends', end: 'low', value: (sample) => sample.sentBytesPerSecond, colour: '--series-1', dash: [] },
      {
        name: 'receives',
        end: 'low',
        value: (sample) => sample.receivedBytesPerSecond,
        colour: '--series-3',
        dash: [2, 3],
      },
      { name: 'sends', end: 'high', value: (sample) => sample.sentBytesPerSecond, colour: '--series-2', dash: [6, 4] },
      {
        name: 'receives',
        end: 'high',
        value: (sample) => sample.receivedBytesPerSecond,
        colour: '--series-4',
        dash: [9, 3, 2, 3],
      },
    ],
    text: byteRateText,
    least: 100,
  },
  {
    id: 'buffered',
    title: 'Waits to be sent',
    lines: bothEnds(({ bufferedAmount }) => bufferedAmount),
    text: bytesText,
    least: 1_000,
  },
  {
    id: 'drops',
    title: 'Dropped packets',
    lines: bothEnds(({ dropsPerSecond }) => dropsPerSecond),
    text: rateText,
    least: 1,
  },
]

export const valueText = ({ text }: Metric, value: number | null | undefined): string =>
  value === null || value === undefined ? UNKNOWN : text(value)
