import type { ElkExtendedEdge, ElkNode } from 'elkjs/lib/elk-api.js'
import type { Chart } from './chart.ts'
import { headerHeight, initialId } from './elk-graph.ts'
import type { Box } from '../topology/ring-layout.ts'
import type { Point } from '../topology/view-box.ts'

/** Where everything of a chart is drawn, in pixels from its upper left corner. */
export interface ChartLayout {
  readonly width: number
  readonly height: number
  /** By state. */
  readonly states: ReadonlyMap<string, Box>
  /** By edge. */
  readonly edges: ReadonlyMap<string, EdgeLayout>
  /** Where a compound state is entered. */
  readonly initials: readonly { readonly state: string; readonly at: Point; readonly line: readonly Point[] }[]
}

export interface EdgeLayout {
  readonly line: readonly Point[]
  readonly label: Box
}

/** Reads what elkjs has laid out. */
export function readLayout(chart: Chart, laidOut: ElkNode): ChartLayout {
  const boxes = new Map<string, Box>()
  collectBoxes(laidOut.children ?? [], boxes)
  const edges = new Map((laidOut.edges ?? []).map((edge) => [edge.id, edge]))
  const initials = [...chart.states.keys()].flatMap((state) => {
    const box = boxes.get(initialId(state))
    const edge = edges.get(`${state}#initial-edge`)
    if (!box) return []
    return [{ state, at: middleOf(box), line: edge ? lineOf(edge) : [] }]
  })
  return {
    width: laidOut.width ?? 0,
    height: laidOut.height ?? 0,
    states: new Map([...chart.states.keys()].flatMap((id) => entry(id, boxes.get(id)))),
    edges: new Map(
      chart.edges.flatMap(({ id, source }) => entry(id, belowHeader(edgeLayout(edges.get(id)), chart, source, boxes))),
    ),
    initials,
  }
}

const entry = <T>(id: string, value: T | undefined): (readonly [string, T])[] =>
  value === undefined ? [] : [[id, value] as const]

const middleOf = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 })

function collectBoxes(nodes: readonly ElkNode[], boxes: Map<string, Box>): void {
  for (const { id, x = 0, y = 0, width = 0, height = 0, children = [] } of nodes) {
    boxes.set(id, { x, y, width, height })
    collectBoxes(children, boxes)
  }
}

function edgeLayout(edge: ElkExtendedEdge | undefined): EdgeLayout | undefined {
  if (!edge) return undefined
  const { x = 0, y = 0, width = 0, height = 0 } = edge.labels?.[0] ?? {}
  return { line: lineOf(edge), label: { x, y, width, height } }
}

/** A line that leaves a compound state inwards from its upper border begins below its text, not above. */
function belowHeader(
  edge: EdgeLayout | undefined,
  { states }: Chart,
  source: string,
  boxes: ReadonlyMap<string, Box>,
): EdgeLayout | undefined {
  const [state, box] = [states.get(source), boxes.get(source)]
  const [start, next, ...rest] = edge?.line ?? []
  if (!edge || !state || !box || !start || !next) return edge
  const rule = box.y + headerHeight(state)
  const isInward = start.x === next.x && Math.abs(start.y - box.y) < 1 && next.y > rule
  return isInward ? { ...edge, line: [{ x: start.x, y: rule }, next, ...rest] } : edge
}

function lineOf({ sections = [] }: ElkExtendedEdge): readonly Point[] {
  return sections.flatMap(({ startPoint, bendPoints = [], endPoint }) => [startPoint, ...bendPoints, endPoint])
}

/** A line with rounded corners, as the data of an SVG path. */
export function roundedPath(line: readonly Point[], radius = 7): string {
  const [first, ...rest] = line
  if (!first) return ''
  const parts = [`M${text(first)}`]
  rest.forEach((corner, index) => {
    const before = line[index] ?? first
    const after = rest[index + 1]
    if (!after) return parts.push(`L${text(corner)}`)
    const from = towards(corner, before, radius)
    const to = towards(corner, after, radius)
    return parts.push(`L${text(from)}Q${text(corner)} ${text(to)}`)
  })
  return parts.join('')
}

/** The point `distance` away from `from`, but not beyond the middle of the way to `to`. */
function towards(from: Point, to: Point, distance: number): Point {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  const share = length === 0 ? 0 : Math.min(distance, length / 2) / length
  return { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }
}

const text = ({ x, y }: Point): string => `${Math.round(x * 10) / 10} ${Math.round(y * 10) / 10}`
