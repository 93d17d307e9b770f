import UPlot from 'uplot'
import { clockText } from '../../model/time-text.ts'
import type { Metric } from './metrics.ts'
import type { PlotTable } from './plot-data.ts'

/** Colours that the style sheet has now, by variable. */
export type Colours = (variable: `--${string}`) => string

export interface PlotOptions {
  readonly metric: Metric
  /** Whether it shows the labels of the time axis, which all plots have in common. */
  readonly hasTimeLabels: boolean
  readonly colours: Colours
  readonly font: string
  /** Where the pointer is, in milliseconds since 1970; null when it leaves. */
  readonly onPoint: (time: number | null) => void
}

/** The same for all plots, so that their times are above each other. */
const AXIS_WIDTH = 64
export const TIME_LABELS = 22
/** Between two lines of the grid; with nothing but these, values on the axis are short. */
const STEPS = Array.from({ length: 12 }, (_, power) => [1, 2, 5].map((digit) => digit * 10 ** (power - 1))).flat()
/** Where uPlot's cursor is not seen. */
const OUTSIDE = -10

/** One plot. uPlot draws it, on a canvas. */
export class Plot {
  readonly #plot: UPlot
  readonly #metric: Metric
  /** The first and the last moment that are shown, in seconds. */
  #shown: [number, number] = [0, 1]

  constructor(parent: HTMLElement, { metric, hasTimeLabels, colours, font, onPoint }: PlotOptions) {
    this.#metric = metric
    const axis: UPlot.Axis = {
      stroke: () => colours('--faint'),
      font,
      grid: { stroke: () => colours('--line'), width: 1 },
      ticks: { show: false },
    }
    this.#plot = new UPlot(
      {
        width: 300,
        height: 100,
        legend: { show: false },
        // To the right as much as half a time needs, which may stand at the very end.
        padding: [6, 28, hasTimeLabels ? 0 : 6, 0],
        cursor: {
          drag: { x: false, y: false, setScale: false },
          points: { size: 6 },
          y: false,
        },
        scales: {
          x: { range: () => this.#shown },
          y: { range: (_plot, _least, most) => [0, Math.max(metric.least, most * 1.1)] },
        },
        axes: [
          {
            ...axis,
            size: hasTimeLabels ? TIME_LABELS : 0,
            values: hasTimeLabels
              ? (_plot, times) => times.map((time) => clockText(time * 1_000).slice(0, 8))
              : () => [],
            space: 72,
          },
          { ...axis, size: AXIS_WIDTH, values: (_plot, values) => values.map(metric.text), space: 24, incrs: STEPS },
        ],
        series: [
          {},
          ...metric.lines.map(({ colour, dash }) => ({
            stroke: () => colours(colour),
            width: 1.75,
            dash: [...dash],
            points: { show: false },
          })),
        ],
      },
      undefined,
      parent,
    )
    const { over } = this.#plot
    over.addEventListener('pointermove', ({ clientX }) => {
      const left = clientX - over.getBoundingClientRect().left
      onPoint(this.#plot.posToVal(left, 'x') * 1_000)
    })
    over.addEventListener('pointerleave', () => onPoint(null))
  }

  /** Shows a table of values, from one moment to another. */
  show({ times, values }: PlotTable, [from, until]: readonly [number, number]): void {
    this.#shown = [from / 1_000, until / 1_000]
    const lines = this.#metric.lines.map((line) => [...(values.get(line) ?? [])])
    this.#plot.setData([[...times], ...lines])
  }

  /** Puts the cursor at a moment, or takes it away. */
  point(time: number | null): void {
    const left = time === null ? -1 : this.#plot.valToPos(time / 1_000, 'x')
    this.#plot.setCursor({ left: left < 0 ? OUTSIDE : left, top: 0 }, false)
  }

  resize(width: number, height: number): void {
    this.#plot.setSize({ width, height })
  }

  /** After the colours have changed. */
  redraw(): void {
    this.#plot.redraw(false)
  }

  dispose(): void {
    this.#plot.destroy()
  }
}
