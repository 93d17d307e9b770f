import { type ReactNode, useEffect, useRef } from 'react'
import { PanZoom, transformOf } from '../topology/pan-zoom.ts'
import { activeLeaves } from './active-states.ts'
import type { LaidOutChart } from './chart-cache.ts'
import { EdgeLine, EdgeShape } from './edge-shape.tsx'
import { StateBorder, StateText } from './state-shape.tsx'

export interface ChartMarks {
  /** Ids of the states that the actor is in. */
  readonly active: ReadonlySet<string>
  /** Ids of the transitions that were taken last. */
  readonly taken: ReadonlySet<string>
  /** How often each state was entered. */
  readonly visits: ReadonlyMap<string, number>
}

/** Scale below which the small print is too small. */
const READABLE = 0.8

interface ChartPictureProps {
  readonly laidOut: LaidOutChart
  readonly marks: ChartMarks
  /** In words, what there is to see. */
  readonly label: string
  readonly onChoose: (state: string) => void
  readonly onPanZoom: (panZoom: PanZoom | null) => void
}

/** The statechart as a picture. States and lines stay the same elements, so that only what changes is drawn again. */
export function ChartPicture({ laidOut, marks, label, onChoose, onPanZoom }: ChartPictureProps): ReactNode {
  const svg = useRef<SVGSVGElement>(null)
  const world = useRef<SVGGElement>(null)
  const panZoom = useRef<PanZoom>(null)
  const { chart, layout } = laidOut

  useEffect(() => {
    const element = svg.current
    if (!element) return
    const made = new PanZoom(element, (view) => world.current?.setAttribute('transform', transformOf(view)), {
      maxFit: 1.25,
      minFit: READABLE,
    })
    const takeKey = (event: KeyboardEvent): void => {
      if (!made.handleKey(event)) return
      event.preventDefault()
      event.stopPropagation()
    }
    element.addEventListener('keydown', takeKey)
    panZoom.current = made
    onPanZoom(made)
    return () => {
      element.removeEventListener('keydown', takeKey)
      made.dispose()
      onPanZoom(null)
    }
  }, [onPanZoom])

  useEffect(() => {
    panZoom.current?.setBox({ x: 0, y: 0, width: layout.width, height: layout.height })
    panZoom.current?.reset()
  }, [layout])
  const [leaf] = activeLeaves(chart, marks.active)
  useEffect(() => panZoom.current?.setFocus(layout.states.get(leaf ?? '') ?? null), [layout, leaf])

  const taken = [...marks.taken]
  const states = [...chart.states.values()].flatMap((state) => {
    const box = layout.states.get(state.id)
    return box ? [{ state, box }] : []
  })
  return (
    <svg ref={svg} role="img" aria-label={label} tabIndex={0}>
      <g ref={world}>
        {states.map(({ state, box }) => (
          <StateBorder
            key={state.id}
            state={state}
            box={box}
            isActive={marks.active.has(state.id)}
            isVisited={marks.visits.has(state.id)}
            isRegion={state.parent !== null && chart.states.get(state.parent)?.kind === 'parallel'}
            onChoose={onChoose}
          />
        ))}
        {layout.initials.map(({ state, at, line }) => (
          <g key={state} className="chart-initial">
            <circle cx={at.x} cy={at.y} r={4.5} />
            <EdgeLine line={line} />
          </g>
        ))}
        {chart.edges.map((edge) => {
          const edgeLayout = layout.edges.get(edge.id)
          const own = taken.filter((id) => edge.transitions.some((transition) => transition.id === id))
          return edgeLayout && <EdgeShape key={edge.id} edge={edge} layout={edgeLayout} taken={own.join(' ')} />
        })}
        {states.map(({ state, box }) => (
          <StateText
            key={state.id}
            state={state}
            box={box}
            visits={state.parent === null ? 0 : (marks.visits.get(state.id) ?? 0)}
            taken={taken.find((id) => state.notes.some(({ transition }) => transition === id)) ?? ''}
          />
        ))}
      </g>
    </svg>
  )
}
