import type { ReactNode } from 'react'
import type { LinkSample, LinkState } from '../../model/state.ts'
import { clockText } from '../../model/time-text.ts'
import { type Line, type Metric, METRICS, valueText } from './metrics.ts'
import { type EndSamples, sampleAt } from './plot-data.ts'

interface ValuesTableProps {
  readonly link: LinkState
  readonly samples: EndSamples
  /** The moment that is shown. */
  readonly time: number
  /** Whether it is where the cursor is; else it is the newest. */
  readonly isCursor: boolean
}

/** The values of all lines at one moment; also what their colours and dashes mean. */
export function ValuesTable({ link, samples, time, isCursor }: ValuesTableProps): ReactNode {
  const at = { low: sampleAt(samples.low, time), high: sampleAt(samples.high, time) }
  return (
    <table className="plots-values">
      <caption>
        {isCursor ? 'at' : 'now,'} {clockText(time)}
      </caption>
      <thead>
        <tr>
          <td />
          <th scope="col">peer {link.low} says</th>
          <th scope="col">peer {link.high} says</th>
        </tr>
      </thead>
      <tbody>
        {METRICS.flatMap((metric) =>
          rowsOf(metric).map(({ name, low, high }) => (
            <tr key={`${metric.id} ${name}`}>
              <th scope="row">{name === '' ? metric.title : name}</th>
              <Value metric={metric} line={low} sample={at.low} />
              <Value metric={metric} line={high} sample={at.high} />
            </tr>
          )),
        )}
      </tbody>
    </table>
  )
}

/** The lines of both ends for the same thing. */
function rowsOf({ lines }: Metric): { name: string; low: Line; high: Line }[] {
  return lines.flatMap((low) => {
    const high = lines.find(({ name, end }) => name === low.name && end === 'high')
    return low.end === 'low' && high ? [{ name: low.name, low, high }] : []
  })
}

interface ValueProps {
  readonly metric: Metric
  readonly line: Line
  readonly sample: LinkSample | null
}

function Value({ metric, line, sample }: ValueProps): ReactNode {
  return (
    <td>
      <svg className="plots-swatch" width="26" height="8" aria-hidden="true">
        <path d="M0 4H26" stroke={`var(${line.colour})`} strokeDasharray={line.dash.join(' ')} />
      </svg>
      {valueText(metric, sample && line.value(sample))}
    </td>
  )
}
