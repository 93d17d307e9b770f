import { memo, type ReactNode } from 'react'
import type { Box } from '../topology/ring-layout.ts'
import type { ChartState } from './chart.ts'
import { HEADER_PADDING, headerHeight, LINE_HEIGHTS, STATE_PADDING } from './elk-graph.ts'

interface StateBorderProps {
  readonly state: ChartState
  readonly box: Box
  readonly isActive: boolean
  readonly isVisited: boolean
  /** A part of a parallel state. */
  readonly isRegion: boolean
  readonly onChoose: (state: string) => void
}

const CORNER = 7
/** Between the two borders of a final state. */
const FINAL_GAP = 3.5

/** A state's border; what is inside a compound state is drawn by itself, above it. */
export const StateBorder = memo(function StateBorder(props: StateBorderProps): ReactNode {
  const { state, box, isActive, isVisited, isRegion, onChoose } = props
  const classes = ['chart-state', `is-${state.kind}`]
  if (isActive) classes.push('is-active')
  if (isVisited) classes.push('is-visited')
  if (isRegion) classes.push('is-region')
  return (
    <g
      className={classes.join(' ')}
      data-state={state.id}
      transform={`translate(${box.x} ${box.y})`}
      onClick={() => onChoose(state.id)}
    >
      <rect className="chart-border" width={box.width} height={box.height} rx={CORNER} />
      {state.kind === 'final' && (
        <rect
          className="chart-inner-border"
          x={FINAL_GAP}
          y={FINAL_GAP}
          width={box.width - 2 * FINAL_GAP}
          height={box.height - 2 * FINAL_GAP}
          rx={CORNER - 2}
        />
      )}
      {state.children.length > 0 && <path className="chart-rule" d={`M0 ${headerHeight(state)}H${box.width}`} />}
    </g>
  )
})

interface StateTextProps {
  readonly state: ChartState
  readonly box: Box
  /** How often it was entered, as far as is known. */
  readonly visits: number
  /** The transition of the small print that was taken last; empty if none. */
  readonly taken: string
}

/** A state's name and small print; above the lines, so that one that goes into a compound state does not cross its name out. */
export const StateText = memo(function StateText({ state, box, visits, taken }: StateTextProps): ReactNode {
  return (
    <g className={`chart-text is-${state.kind}`} transform={`translate(${box.x} ${box.y})`}>
      <text className="chart-name" x={STATE_PADDING} y={HEADER_PADDING + LINE_HEIGHTS.name / 2}>
        {state.name}
      </text>
      {visits > 0 && (
        <text className="chart-visits" x={box.width - STATE_PADDING + 2} y={HEADER_PADDING + LINE_HEIGHTS.name / 2}>
          {visits}×
        </text>
      )}
      {state.notes.map((note, index) => (
        <text
          key={index}
          className={note.transition !== null && note.transition === taken ? 'chart-note is-taken' : 'chart-note'}
          x={STATE_PADDING}
          y={HEADER_PADDING + LINE_HEIGHTS.name + (index + 0.5) * LINE_HEIGHTS.note}
        >
          {note.text}
          {note.text !== note.full && <title>{note.full}</title>}
        </text>
      ))}
    </g>
  )
})
