import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import {
  type GroupPlace,
  type GroupShape,
  layOutRings,
  PEER_RADIUS,
  type PeerPlace,
} from '../../../../src/inspector-page/views/topology/ring-layout.ts'

const ring = (ids: readonly number[], group = 'tea', isStar = false): GroupShape => ({ group, ids, isStar })
const upTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

function placeOf({ groups }: { groups: readonly GroupPlace[] }, id: number, group = 0): PeerPlace {
  const place = groups[group]?.peers.get(id)
  if (!place) throw new Error(`peer ${id} has no place`)
  return place
}

describe('a ring', () => {
  test('begins at the top and goes clockwise by id', () => {
    const layout = layOutRings([ring([1, 2, 3, 4])])
    const { x, y } = placeOf(layout, 1)
    expect(placeOf(layout, 3).x).toBeCloseTo(x)
    expect(placeOf(layout, 3).y).toBeGreaterThan(y)
    expect(placeOf(layout, 2).x).toBeGreaterThan(x)
    expect(placeOf(layout, 4).x).toBeLessThan(x)
    expect(placeOf(layout, 2).y).toBeCloseTo(placeOf(layout, 4).y)
  })

  test('a peer alone is in the middle', () => {
    const layout = layOutRings([ring([7])])
    expect(placeOf(layout, 7)).toMatchObject({ x: layout.groups[0]?.x, y: layout.groups[0]?.y })
  })

  test('a peer that comes last leaves the first one where it was, relative to the middle', () => {
    const [five, six] = [layOutRings([ring(upTo(5))]), layOutRings([ring(upTo(6))])]
    expect(placeOf(five, 1).x - (five.groups[0]?.x ?? 0)).toBeCloseTo(placeOf(six, 1).x - (six.groups[0]?.x ?? 0))
    expect(placeOf(five, 1).angle).toBe(placeOf(six, 1).angle)
  })
})

describe('a star', () => {
  test('has peer 1 in the middle, all others around it', () => {
    const layout = layOutRings([ring([1, 2, 3, 4, 5], 'tea', true)])
    const [group] = layout.groups
    expect(placeOf(layout, 1)).toMatchObject({ x: group?.x, y: group?.y })
    for (const id of [2, 3, 4, 5]) {
      const { x, y } = placeOf(layout, id)
      expect(Math.hypot(x - (group?.x ?? 0), y - (group?.y ?? 0))).toBeCloseTo(group?.radius ?? 0)
    }
  })

  test('without its server leaves the middle empty', () => {
    const layout = layOutRings([ring([2, 3], 'tea', true)])
    expect([...(layout.groups[0]?.peers.keys() ?? [])]).toEqual([2, 3])
    expect(layout.groups[0]?.radius).toBeGreaterThan(0)
  })
})

test('nobody at all', () => {
  expect(layOutRings([])).toEqual({ groups: [], box: { x: 0, y: 0, width: 0, height: 0 } })
})

const anyShape = fc
  .tuple(fc.uniqueArray(fc.integer({ min: 1, max: 2 ** 31 - 1 }), { minLength: 1, maxLength: 64 }), fc.boolean())
  .map(([ids, isStar]) =>
    ring(
      [...ids].sort((a, b) => a - b),
      'tea',
      isStar,
    ),
  )

test('whoever is there: no two peers touch, nobody is outside of the picture, and the same peers are at the same places', () => {
  fc.assert(
    fc.property(fc.array(anyShape, { minLength: 1, maxLength: 6 }), (shapes) => {
      const layout = layOutRings(shapes)
      const places = layout.groups.flatMap(({ peers }) => [...peers.values()])
      expect(places).toHaveLength(shapes.reduce((sum, { ids }) => sum + ids.length, 0))
      places.forEach((a, i) => {
        for (const b of places.slice(i + 1))
          expect(Math.hypot(a.x - b.x, a.y - b.y)).toBeGreaterThan(2 * PEER_RADIUS + 4)
        expect(a.x - PEER_RADIUS).toBeGreaterThanOrEqual(0)
        expect(a.y - PEER_RADIUS).toBeGreaterThanOrEqual(0)
        expect(a.x + PEER_RADIUS).toBeLessThanOrEqual(layout.box.width)
        expect(a.y + PEER_RADIUS).toBeLessThanOrEqual(layout.box.height)
      })
      expect(layOutRings(shapes)).toEqual(layout)
    }),
    { numRuns: 60 },
  )
})

test('two groups are side by side; twenty are in several rows, about as wide as a screen', () => {
  const two = layOutRings([ring(upTo(6), 'a'), ring(upTo(6), 'b')])
  expect(two.groups[0]?.y).toBe(two.groups[1]?.y)
  expect(two.groups[1]?.x).toBeGreaterThan(two.groups[0]?.x ?? 0)
  const { box, groups } = layOutRings(Array.from({ length: 20 }, (_, i) => ring(upTo(6), `lobby ${i}`)))
  expect(new Set(groups.map(({ y }) => y)).size).toBeGreaterThan(2)
  expect(box.width / box.height).toBeGreaterThan(1)
  expect(box.width / box.height).toBeLessThan(2.5)
})

test('names beside peers get room to the left and right; where there is little room they are not written, and get none', () => {
  const named = (count: number): { width: number; height: number } =>
    layOutRings([{ ...ring(upTo(count)), longestName: 10 }]).box
  const [few, many] = [layOutRings([ring(upTo(5))]).box, layOutRings([ring(upTo(40))]).box]
  expect(named(5).width - few.width).toBeGreaterThan(100)
  expect(named(5).height - few.height).toBeLessThan(80)
  expect(named(40)).toEqual(many)
})
