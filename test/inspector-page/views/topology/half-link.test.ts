import { describe, expect, test } from '@jest/globals'
import { Session } from '../../../../src/inspector-page/model/session.ts'
import type { LinkState } from '../../../../src/inspector-page/model/state.ts'
import { codeOf, halfOf, halfOfCode } from '../../../../src/inspector-page/views/topology/half-link.ts'
import { PAINT_ORDER } from '../../../../src/inspector-page/views/topology/paint-order.ts'
import {
  crowdedOpacity,
  TRAFFIC_STEPS,
  trafficStep,
  trafficWidth,
} from '../../../../src/inspector-page/views/topology/traffic-width.ts'
import { link, Teller } from '../../support/teller.ts'

/** Peers 1 and 2, each of which tells of the other. */
class Two {
  readonly one = new Teller('one')
  readonly two = new Teller('two')
  readonly session = new Session()

  constructor() {
    this.session.applyAll([this.one.mesh(1), this.two.mesh(2)])
  }

  link(): LinkState {
    const link = this.session.links.get('tea|1-2')
    if (!link) throw new Error('there is no link')
    return link
  }
}

describe('the half beside a peer', () => {
  test('looks as that peer says, is as wide as what it sends, and is gone when that peer is', () => {
    const world = new Two()
    const { one, two, session } = world
    session.applyAll([
      one.facts(1, [link(2, 'connected')]),
      two.facts(2, [link(1, 'channelsOpen')]),
      one.after(1_000).facts(1, [link(2, 'connected', { sentBytes: 5_000, receivedBytes: 20 })]),
      two.after(1_000).facts(2, [link(1, 'channelsOpen', { sentBytes: 20, receivedBytes: 5_000 })]),
    ])
    expect(halfOf(world.link(), 1)).toEqual({ look: 'connected', step: 3, isHearsay: false })
    expect(halfOf(world.link(), 2)).toEqual({ look: 'gated', step: 1, isHearsay: false })
    session.apply(two.gone())
    expect(halfOf(world.link(), 1)).toEqual({ look: 'connected', step: 3, isHearsay: false })
    expect(halfOf(world.link(), 2)).toEqual({ look: 'closed', step: 0, isHearsay: false })
  })

  test('of a peer that tells nothing looks as the other one says, and is as wide as what that one receives', () => {
    const { one, session } = new Two()
    session.applyAll([
      one.facts(1, [link(9, 'connected')]),
      one.after(1_000).facts(1, [link(9, 'connected', { sentBytes: 50, receivedBytes: 500_000 })]),
    ])
    const hearsay = session.links.get('tea|1-9') as LinkState
    expect(halfOf(hearsay, 9)).toEqual({ look: 'connected', step: 5, isHearsay: true })
    expect(halfOf(hearsay, 1)).toEqual({ look: 'connected', step: 1, isHearsay: false })
  })

  test('of a pair that gave up looks so, and tells who said it', () => {
    const two = new Two()
    two.session.apply(two.one.verdict(1, 2))
    expect(halfOf(two.link(), 1)).toEqual({ look: 'failed', step: 0, isHearsay: false })
    expect(halfOf(two.link(), 2)).toEqual({ look: 'failed', step: 0, isHearsay: true })
  })

  test('has a code that says all of it', () => {
    const codes = new Set<number>()
    for (const look of PAINT_ORDER)
      for (let step = 0; step < TRAFFIC_STEPS; step++)
        for (const isHearsay of [false, true]) {
          const half = { look, step, isHearsay }
          expect(halfOfCode(codeOf(half))).toEqual(half)
          codes.add(codeOf(half))
        }
    expect(codes.size).toBe(PAINT_ORDER.length * TRAFFIC_STEPS * 2)
  })
})

test.each([
  [0, 0],
  [9.9, 0],
  [10, 1],
  [99, 1],
  [100, 2],
  [1_000, 3],
  [9_999, 3],
  [10_000, 4],
  [100_000, 5],
  [1_000_000, 6],
  [1e12, 6],
  [-5, 0],
  [Number.NaN, 0],
])('%d bytes a second are step %d', (rate, step) => {
  expect(trafficStep(rate)).toBe(step)
})

test('more traffic is wider and less transparent; where links are many all are thinner', () => {
  for (let step = 1; step < TRAFFIC_STEPS; step++) {
    expect(trafficWidth(step, 5)).toBeGreaterThan(trafficWidth(step - 1, 5))
    expect(crowdedOpacity(step)).toBeGreaterThan(crowdedOpacity(step - 1))
    expect(trafficWidth(step, 63)).toBeLessThan(trafficWidth(step, 5) / 3)
  }
  expect(crowdedOpacity(TRAFFIC_STEPS - 1)).toBe(1)
  expect(trafficWidth(0, 0)).toBe(trafficWidth(0, 1))
})
