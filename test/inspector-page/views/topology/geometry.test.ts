import { describe, expect, test } from '@jest/globals'
import * as fc from 'fast-check'
import { placeCard } from '../../../../src/inspector-page/views/topology/card-place.ts'
import {
  arrowPath,
  distanceToLine,
  halfPath,
  linkPath,
} from '../../../../src/inspector-page/views/topology/link-geometry.ts'
import { MovingPlaces } from '../../../../src/inspector-page/views/topology/moving-places.ts'
import { placeBeside } from '../../../../src/inspector-page/views/topology/peer-look.ts'
import { layOutRings, PEER_RADIUS } from '../../../../src/inspector-page/views/topology/ring-layout.ts'
import {
  boxToPixels,
  fit,
  fitReadable,
  isInView,
  pan,
  reveal,
  toPicture,
  toPixel,
  wheelFactor,
  zoomAt,
} from '../../../../src/inspector-page/views/topology/view-box.ts'

const SIZE = { width: 800, height: 600 }
const numbers = (path: string): number[] => (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number)

describe('a view', () => {
  const anyPoint = fc.record({
    x: fc.double({ min: -500, max: 500, noNaN: true }),
    y: fc.double({ min: -500, max: 500, noNaN: true }),
  })

  test('fitted shows the whole box in the middle, and does not blow up a small one', () => {
    const box = { x: 100, y: -50, width: 4_000, height: 1_000 }
    const view = fit(box, SIZE)
    expect(isInView(view, box, SIZE)).toBe(true)
    const { x, y, width, height } = boxToPixels(view, box)
    expect(x).toBeCloseTo(SIZE.width - x - width)
    expect(y).toBeCloseTo(SIZE.height - y - height)
    expect(fit({ x: 0, y: 0, width: 10, height: 10 }, SIZE, 1.25).scale).toBe(1.25)
    expect(fit(box, { width: 0, height: 0 }).scale).toBeGreaterThan(0)
  })

  test('that would be too small to be read shows what is in focus, and nothing beyond the box', () => {
    const box = { x: 0, y: 0, width: 2_000, height: 3_000 }
    for (const focus of [
      { x: 0, y: 0, width: 60, height: 40 },
      { x: 900, y: 1_500, width: 60, height: 40 },
      { x: 1_940, y: 2_960, width: 60, height: 40 },
    ]) {
      const view = fitReadable(box, focus, SIZE, 0.8)
      expect(view.scale).toBe(0.8)
      expect(isInView(view, focus, SIZE)).toBe(true)
      const seen = boxToPixels(view, box)
      expect(seen.x).toBeLessThanOrEqual(16)
      expect(seen.x + seen.width).toBeGreaterThanOrEqual(SIZE.width - 16)
      expect(seen.y + seen.height).toBeGreaterThanOrEqual(SIZE.height - 16)
    }
    const small = { x: 0, y: 0, width: 300, height: 300 }
    expect(fitReadable(small, small, SIZE, 0.8)).toEqual(fit(small, SIZE))
    const narrow = { x: 0, y: 0, width: 300, height: 3_000 }
    const { x, width } = boxToPixels(fitReadable(narrow, narrow, SIZE, 0.8), narrow)
    expect(x).toBeCloseTo(SIZE.width - x - width)
  })

  test('zooms around a point, which stays where it is; within bounds', () => {
    fc.assert(
      fc.property(anyPoint, fc.double({ min: 0.2, max: 5, noNaN: true }), (at, factor) => {
        const view = { x: 30, y: -20, scale: 0.7 }
        const under = toPicture(view, at)
        const after = toPixel(zoomAt(view, factor, at), under)
        expect(after.x).toBeCloseTo(at.x)
        expect(after.y).toBeCloseTo(at.y)
      }),
    )
    let view = { x: 0, y: 0, scale: 1 }
    for (let i = 0; i < 100; i++) view = zoomAt(view, 2, { x: 0, y: 0 })
    expect(view.scale).toBe(8)
    for (let i = 0; i < 100; i++) view = zoomAt(view, 0.5, { x: 0, y: 0 })
    expect(view.scale).toBe(0.05)
  })

  test('moves no further than it takes to show a point', () => {
    const view = { x: 0, y: 0, scale: 1 }
    expect(reveal(view, { x: 400, y: 300 }, SIZE)).toBe(view)
    expect(reveal(view, { x: -100, y: 300 }, SIZE)).toEqual(pan(view, 140, 0))
    expect(reveal(view, { x: 900, y: 700 }, SIZE)).toEqual(pan(view, -140, -140))
  })

  test('a notch of the wheel is the same in pixels and in lines, and a wild one is bounded', () => {
    expect(wheelFactor(96, 0)).toBeCloseTo(wheelFactor(6, 1))
    expect(wheelFactor(100, 0)).toBeLessThan(1)
    expect(wheelFactor(-100, 0)).toBeCloseTo(1 / wheelFactor(100, 0))
    expect(wheelFactor(1e9, 2)).toBeGreaterThan(0.5)
  })
})

describe('a link', () => {
  const [a, b] = [
    { x: 0, y: 0 },
    { x: 300, y: 400 },
  ]

  test('has two halves that begin at the edges of the peers and meet in the middle', () => {
    expect(numbers(halfPath(a, b))).toEqual([9, 12, 150, 200])
    expect(numbers(halfPath(b, a))).toEqual([291, 388, 150, 200])
    expect(numbers(linkPath(a, b))).toEqual([9, 12, 291, 388])
    expect(Math.hypot(9, 12)).toBe(PEER_RADIUS)
  })

  test('has arrow heads that point away from who sends, each on its own half', () => {
    const [x = 0, y = 0] = numbers(arrowPath(a, b, 5))
    expect(Math.hypot(x, y)).toBeLessThan(250)
    const [backX = 0, backY = 0] = numbers(arrowPath(b, a, 5))
    expect(Math.hypot(backX, backY)).toBeGreaterThan(250)
    expect(x / y).toBeCloseTo(0.75)
  })

  test('between peers at one place is nothing that cannot be drawn', () => {
    for (const path of [halfPath(a, a), linkPath(a, a), arrowPath(a, a, 5)]) expect(path).not.toContain('NaN')
  })

  test.each([
    [{ x: 150, y: 200 }, 0],
    [{ x: -30, y: -40 }, 50],
    [{ x: 330, y: 440 }, 50],
    [{ x: 150 - 8, y: 200 + 6 }, 10],
  ])('%j is %d away from it', (point, distance) => {
    expect(distanceToLine(point, a, b)).toBeCloseTo(distance)
  })
})

describe('peers on their way', () => {
  const layout = (...ids: number[]) => layOutRings([{ group: 'tea', ids, isStar: false }])

  test('glide, by the shorter way round, and arrive; who is new is there at once', () => {
    const moving = new MovingPlaces()
    moving.moveTo(layout(1, 2), 0, false)
    expect(moving.advance(1)).toBe(false)
    const before = moving.places.get('tea|2')
    moving.moveTo(layout(1, 2, 3), 1_000, true)
    expect(moving.places.get('tea|2')).toEqual(before)
    expect(moving.places.get('tea|3')).toEqual(layout(1, 2, 3).groups[0]?.peers.get(3))
    const version = moving.version
    expect(moving.advance(1_100)).toBe(true)
    expect(moving.version).toBeGreaterThan(version)
    expect(moving.places.get('tea|2')).not.toEqual(before)
    expect(moving.advance(2_000)).toBe(false)
    expect(moving.places.get('tea|2')).toEqual(layout(1, 2, 3).groups[0]?.peers.get(2))
    const arrived = moving.version
    expect(moving.advance(3_000)).toBe(false)
    expect(moving.version).toBe(arrived)
  })

  test('are forgotten when they are gone, and jump for those who want less motion', () => {
    const moving = new MovingPlaces()
    moving.moveTo(layout(1, 2, 3), 0, false)
    moving.moveTo(layout(1, 3), 10, false)
    expect([...moving.places.keys()]).toEqual(['tea|1', 'tea|3'])
    expect(moving.places.get('tea|3')).toEqual(layout(1, 3).groups[0]?.peers.get(3))
  })
})

test.each([
  ['to the right', 0, { rotate: 0, anchor: 'start' }, 'start'],
  ['to the left', Math.PI, { rotate: 0, anchor: 'end' }, 'end'],
  ['to the upper left', (-3 * Math.PI) / 4, { rotate: -315, anchor: 'end' }, 'end'],
  ['downwards', Math.PI / 2, { rotate: 90, anchor: 'start' }, 'middle'],
] as const)('text %s of its peer is level where there is room, and never upside down', (_name, angle, tight, level) => {
  const turned = placeBeside({ angle, isTight: true })
  expect(turned.rotate).toBeCloseTo(tight.rotate)
  expect(turned.anchor).toBe(tight.anchor)
  const straight = placeBeside({ angle, isTight: false })
  expect(straight).toMatchObject({ rotate: 0, anchor: level })
  for (const { x, y } of [turned, straight]) {
    expect(Math.hypot(x, y)).toBeGreaterThan(PEER_RADIUS)
    expect(Math.atan2(y, x)).toBeCloseTo(Math.atan2(Math.sin(angle), Math.cos(angle)), 0)
  }
})

describe('a card', () => {
  const card = { width: 200, height: 100 }

  test.each([
    ['to the right', { x: 100, y: 200, width: 40, height: 40 }],
    ['to the left', { x: 700, y: 200, width: 40, height: 40 }],
    ['below', { x: 20, y: 100, width: 760, height: 40 }],
    ['above', { x: 20, y: 520, width: 760, height: 40 }],
  ])('goes %s of what it is about, where there is room, and does not cover it', (_name, about) => {
    const { x, y } = placeCard(about, card, SIZE)
    const covers =
      x < about.x + about.width && x + card.width > about.x && y < about.y + about.height && y + card.height > about.y
    expect(covers).toBe(false)
    expect(isInView({ x: 0, y: 0, scale: 1 }, { x, y, ...card }, SIZE)).toBe(true)
  })

  test('that has no room anywhere stays inside', () => {
    const { x, y } = placeCard({ x: 0, y: 0, width: 800, height: 600 }, card, SIZE)
    expect(isInView({ x: 0, y: 0, scale: 1 }, { x, y, ...card }, SIZE)).toBe(true)
  })
})
