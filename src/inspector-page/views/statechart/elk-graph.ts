import type { ElkExtendedEdge, ElkLabel, ElkNode } from 'elkjs/lib/elk-api.js'
import type { Chart, ChartEdge, ChartState } from './chart.ts'

/** How wide a text is drawn, in pixels. */
export type TextMeasure = (text: string, style: TextStyle) => number
export type TextStyle = 'name' | 'note' | 'label'

/** Pixels from one line of text to the next. */
export const LINE_HEIGHTS: Readonly<Record<TextStyle, number>> = { name: 18, note: 14, label: 15 }
/** Between a state's border and its text. */
export const STATE_PADDING = 10
/** Around the text of a transition. */
const LABEL_PADDING = 4
/** For how often it was entered, beside its name. */
const VISITS_WIDTH = 34
/** Above and below it. */
export const HEADER_PADDING = 7
const INITIAL_SIZE = 10
const MIN_WIDTH = 76
/** Around what is inside a compound state. */
const INSET = 18

const OPTIONS = {
  'elk.algorithm': 'layered',
  'elk.direction': 'DOWN',
  // Lays out all levels together, so that a line may go from a state to one inside another.
  'elk.hierarchyHandling': 'INCLUDE_CHILDREN',
  'elk.json.shapeCoords': 'ROOT',
  'elk.json.edgeCoords': 'ROOT',
}

const SPACING = {
  'elk.edgeRouting': 'ORTHOGONAL',
  'elk.spacing.nodeNode': '28',
  'elk.spacing.edgeNode': '16',
  'elk.spacing.edgeEdge': '12',
  'elk.spacing.edgeLabel': '4',
  'elk.spacing.labelNode': '6',
  'elk.layered.spacing.nodeNodeBetweenLayers': '30',
  'elk.layered.spacing.edgeNodeBetweenLayers': '16',
  'elk.layered.spacing.edgeEdgeBetweenLayers': '12',
  // From the initial states on, so that these are at the top.
  'elk.layered.cycleBreaking.strategy': 'DEPTH_FIRST',
  'elk.layered.nodePlacement.strategy': 'NETWORK_SIMPLEX',
}

/** Height of what is written at the top of a state. */
export function headerHeight({ notes }: ChartState): number {
  return LINE_HEIGHTS.name + notes.length * LINE_HEIGHTS.note + 2 * HEADER_PADDING
}

export const initialId = (state: string): string => `${state}#initial`

/** A machine for elkjs: every state a node with the size of its text, every pair of states with transitions between them an edge with their texts as its label. */
export function elkGraphOf(chart: Chart, measure: TextMeasure): ElkNode {
  const root = chart.states.get(chart.root)
  return {
    id: '(chart)',
    layoutOptions: { ...OPTIONS, ...SPACING, 'elk.padding': '[top=8,left=8,bottom=8,right=8]' },
    children: root ? [nodeOf(root, chart, measure)] : [],
    edges: [...chart.edges.map((edge) => edgeOf(edge, measure)), ...initialEdges(chart)],
  }
}

function nodeOf(state: ChartState, chart: Chart, measure: TextMeasure): ElkNode {
  const text = Math.max(
    measure(state.name, 'name') + VISITS_WIDTH,
    ...state.notes.map(({ text }) => measure(text, 'note')),
  )
  const width = Math.ceil(Math.max(MIN_WIDTH, text + 2 * STATE_PADDING))
  const height = headerHeight(state)
  if (state.children.length === 0) return { id: state.id, width, height }
  const children = state.children.flatMap((id) => chart.states.get(id) ?? [])
  const marker: ElkNode[] =
    state.initial === null ? [] : [{ id: initialId(state.id), width: INITIAL_SIZE, height: INITIAL_SIZE }]
  return {
    id: state.id,
    layoutOptions: {
      ...SPACING,
      'elk.padding': `[top=${height + INSET},left=${INSET},bottom=${INSET},right=${INSET}]`,
      // Nothing inside may be so narrow that the text at its top does not fit.
      'elk.nodeSize.constraints': 'MINIMUM_SIZE',
      'elk.nodeSize.minimum': `(${width},${height + 2 * INSET})`,
    },
    children: [...marker, ...children.map((child) => nodeOf(child, chart, measure))],
  }
}

function edgeOf({ id, source, target, transitions }: ChartEdge, measure: TextMeasure): ElkExtendedEdge {
  const width = Math.max(...transitions.map(({ text }) => measure(text, 'label')))
  const label: ElkLabel = {
    id: `${id}#label`,
    text: transitions.map(({ text }) => text).join('\n'),
    width: Math.ceil(width) + 2 * LABEL_PADDING,
    height: transitions.length * LINE_HEIGHTS.label + 2,
    layoutOptions: { 'elk.edgeLabels.inline': 'true', 'elk.edgeLabels.placement': 'CENTER' },
  }
  return { id, sources: [source], targets: [target], labels: [label] }
}

function initialEdges({ states }: Chart): ElkExtendedEdge[] {
  return [...states.values()].flatMap(({ id, initial }) =>
    initial === null || !states.has(initial)
      ? []
      : [{ id: `${id}#initial-edge`, sources: [initialId(id)], targets: [initial] }],
  )
}
