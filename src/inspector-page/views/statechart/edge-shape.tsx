import { memo, type ReactNode } from 'react'
import type { Point } from '../topology/view-box.ts'
import type { ChartEdge } from './chart.ts'
import { type EdgeLayout, roundedPath } from './chart-layout.ts'
import { LINE_HEIGHTS } from './elk-graph.ts'

interface EdgeShapeProps {
  readonly edge: ChartEdge
  readonly layout: EdgeLayout
  /** Ids of those of its transitions that were taken last, with spaces between. */
  readonly taken: string
}

/** All transitions from one state to another: a line with an arrow head, and the texts on it. */
export const EdgeShape = memo(function EdgeShape({ edge, layout, taken }: EdgeShapeProps): ReactNode {
  const { line, label } = layout
  const ids = taken.split(' ')
  const isTaken = edge.transitions.some(({ id }) => ids.includes(id))
  return (
    <g className={isTaken ? 'chart-edge is-taken' : 'chart-edge'} data-edge={edge.id}>
      <EdgeLine line={line} />
      <rect className="chart-label-back" x={label.x} y={label.y} width={label.width} height={label.height} rx={3} />
      {edge.transitions.map(({ id, text, actions }, index) => (
        <text
          key={id}
          className={ids.includes(id) ? 'chart-label is-taken' : 'chart-label'}
          x={label.x + label.width / 2}
          y={label.y + 1 + (index + 0.5) * LINE_HEIGHTS.label}
        >
          {text}
          {actions.length > 0 && <title>{`/ ${actions.join(', ')}`}</title>}
        </text>
      ))}
    </g>
  )
})

export function EdgeLine({ line }: { readonly line: readonly Point[] }): ReactNode {
  return (
    <>
      <path className="chart-line" d={roundedPath(line)} />
      <path className="chart-arrow" d={arrowHead(line)} />
    </>
  )
}

const ARROW_LENGTH = 8
const ARROW_HALF_WIDTH = 3.5

/** At the end of the line, in the direction of its last part. */
function arrowHead(line: readonly Point[]): string {
  const [from, tip] = line.slice(-2)
  if (!from || !tip) return ''
  const length = Math.hypot(tip.x - from.x, tip.y - from.y) || 1
  const [x, y] = [(tip.x - from.x) / length, (tip.y - from.y) / length]
  const foot = { x: tip.x - x * ARROW_LENGTH, y: tip.y - y * ARROW_LENGTH }
  const [dx, dy] = [-y * ARROW_HALF_WIDTH, x * ARROW_HALF_WIDTH]
  return `M${tip.x} ${tip.y}L${foot.x + dx} ${foot.y + dy}L${foot.x - dx} ${foot.y - dy}Z`
}
