import { beforeAll, describe, expect, test } from '@jest/globals'
import Elk from 'elkjs'
import type { ElkNode } from 'elkjs/lib/elk-api.js'
import type { Box } from '../../../../src/inspector-page/views/topology/ring-layout.ts'
import type { Point } from '../../../../src/inspector-page/views/topology/view-box.ts'
import { ChartCache, type LaidOutChart } from '../../../../src/inspector-page/views/statechart/chart-cache.ts'
import { roundedPath } from '../../../../src/inspector-page/views/statechart/chart-layout.ts'
import { headerHeight, type TextStyle } from '../../../../src/inspector-page/views/statechart/elk-graph.ts'
import { definition, MACHINES, orderMachine, playerMachine } from '../support/machines.ts'
import { negotiationMachine } from '../../../../src/machines/negotiation-machine.ts'

const WIDTHS: Readonly<Record<TextStyle, number>> = { name: 7.5, note: 5.8, label: 6 }
const measure = (text: string, style: TextStyle): number => text.length * WIDTHS[style]

const elk = new Elk.default()
const layOut = (graph: ElkNode): Promise<ElkNode> => elk.layout(graph)

const overlap = (a: Box, b: Box): boolean =>
  a.x < b.x + b.width && b.x < a.x + a.width && a.y < b.y + b.height && b.y < a.y + a.height

const isWithin = (inner: Box, outer: Box): boolean =>
  inner.x >= outer.x &&
  inner.y >= outer.y &&
  inner.x + inner.width <= outer.x + outer.width &&
  inner.y + inner.height <= outer.y + outer.height

/** Whether a point is on the border of a box, or within one pixel of it. */
function isOnBorder({ x, y }: Point, box: Box): boolean {
  const grown = { x: box.x - 1, y: box.y - 1, width: box.width + 2, height: box.height + 2 }
  const shrunk = { x: box.x + 1, y: box.y + 1, width: box.width - 2, height: box.height - 2 }
  const point = { x, y, width: 0, height: 0 }
  return (
    isWithin(point, grown) &&
    !(x > shrunk.x && x < shrunk.x + shrunk.width && y > shrunk.y && y < shrunk.y + shrunk.height)
  )
}

describe.each(MACHINES.map((machine) => [machine.id, machine] as const))('%s, laid out', (_id, machine) => {
  let laidOut: LaidOutChart
  beforeAll(async () => {
    laidOut = await new ChartCache(layOut, measure).get(definition(machine))
  })

  const boxOf = (id: string): Box => {
    const box = laidOut.layout.states.get(id)
    if (!box) throw new Error(`${id} has no place`)
    return box
  }

  test('every state has a place: in its parent, below its text, on nobody else’s', () => {
    const { chart, layout } = laidOut
    expect([...layout.states.keys()]).toEqual([...chart.states.keys()])
    for (const state of chart.states.values()) {
      const box = boxOf(state.id)
      const parent = state.parent === null ? undefined : chart.states.get(state.parent)
      const outer = parent ? boxOf(parent.id) : { x: 0, y: 0, width: layout.width, height: layout.height }
      expect(isWithin(box, outer)).toBe(true)
      if (parent) expect(box.y).toBeGreaterThan(outer.y + headerHeight(parent))
      for (const other of parent?.children ?? []) {
        if (other !== state.id) expect([state.id, other, overlap(box, boxOf(other))]).toEqual([state.id, other, false])
      }
    }
  })

  test('every text fits into its state', () => {
    for (const state of laidOut.chart.states.values()) {
      const widest = Math.max(measure(state.name, 'name'), ...state.notes.map(({ text }) => measure(text, 'note')))
      expect(boxOf(state.id).width).toBeGreaterThan(widest)
      expect(boxOf(state.id).height).toBeGreaterThanOrEqual(headerHeight(state))
    }
  })

  test('no label is on another one, nor on a state that has none within', () => {
    const { chart, layout } = laidOut
    const labels = [...layout.edges].map(([id, { label }]) => [id, label] as const)
    expect(labels).toHaveLength(chart.edges.length)
    labels.forEach(([id, label], i) => {
      expect(label.width).toBeGreaterThan(0)
      for (const [other, otherLabel] of labels.slice(i + 1))
        expect([id, other, overlap(label, otherLabel)]).toEqual([id, other, false])
      for (const state of chart.states.values()) {
        if (state.children.length === 0)
          expect([id, state.id, overlap(label, boxOf(state.id))]).toEqual([id, state.id, false])
      }
    })
  })

  test('every line begins at its source and ends at its target', () => {
    const { chart, layout } = laidOut
    for (const { id, source, target } of chart.edges) {
      const line = layout.edges.get(id)?.line ?? []
      const [first, last] = [line[0], line.at(-1)]
      if (!first || !last) throw new Error(`${id} has no line`)
      expect([id, isOnBorder(last, boxOf(target))]).toEqual([id, true])
      const state = chart.states.get(source)
      const rule = boxOf(source).y + (state ? headerHeight(state) : 0)
      expect([id, isOnBorder(first, boxOf(source)) || first.y === rule]).toEqual([id, true])
    }
  })

  test('markers are inside their states, above what they lead to', () => {
    const { chart, layout } = laidOut
    expect(layout.initials.map(({ state }) => state)).toEqual(
      [...chart.states.values()].flatMap(({ id, initial }) => (initial === null ? [] : [id])),
    )
    for (const { state, at, line } of layout.initials) {
      expect(isWithin({ ...at, width: 0, height: 0 }, boxOf(state))).toBe(true)
      const initial = chart.states.get(state)?.initial ?? ''
      const end = line.at(-1)
      expect(end && isOnBorder(end, boxOf(initial))).toBe(true)
      expect(at.y).toBeLessThan(boxOf(initial).y)
    }
  })
})

describe('laid out once', () => {
  test('for all actors that run a machine, whoever told of it', async () => {
    let count = 0
    const cache = new ChartCache((graph) => {
      count++
      return layOut(graph)
    }, measure)
    const first = definition(orderMachine)
    expect(cache.peek(first)).toBe(undefined)
    const [one, again, other] = await Promise.all([
      cache.get(first),
      cache.get(first),
      cache.get(definition(orderMachine)),
    ])
    expect(again).toBe(one)
    expect(other).toBe(one)
    expect(cache.peek(first)).toBe(one)
    await cache.get(definition(playerMachine))
    expect(count).toBe(2)
  })

  test('a machine that cannot be laid out says so each time, and is tried again', async () => {
    let isBroken = true
    const cache = new ChartCache((graph) => (isBroken ? Promise.reject(new Error('no')) : layOut(graph)), measure)
    const machine = definition(negotiationMachine)
    await expect(cache.get(machine)).rejects.toThrow('no')
    expect(cache.peek(machine)).toBe(undefined)
    isBroken = false
    expect((await cache.get(machine)).chart.root).toBe('negotiation')
  })
})

test('corners are round, but no rounder than there is room for', () => {
  expect(roundedPath([])).toBe('')
  expect(roundedPath([{ x: 0, y: 0 }])).toBe('M0 0')
  const [a, b, c] = [
    { x: 0, y: 0 },
    { x: 0, y: 100 },
    { x: 6, y: 100 },
  ]
  expect(roundedPath([a, b, c], 7)).toBe('M0 0L0 93Q0 100 3 100L6 100')
})
