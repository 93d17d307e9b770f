import { classOfEnd, type StateClass } from '../../model/state-class.ts'
import type { LinkEnd, LinkState } from '../../model/state.ts'
import { PAINT_ORDER } from './paint-order.ts'
import { TRAFFIC_STEPS, trafficStep } from './traffic-width.ts'

/**
 * A link is drawn as two halves that meet in its middle. Each belongs to the peer at its end: it looks as that peer says that the link is, and is as wide as what that peer sends. So a link of
 * which the two sides think differently, or that carries traffic one way only, looks so without being pointed at.
 */
export interface HalfLink {
  readonly look: StateClass
  /** Of {@link trafficStep}. */
  readonly step: number
  /** That peer tells nothing of the link; this is what the other one says. */
  readonly isHearsay: boolean
}

/** The half beside the peer `id`. */
export function halfOf(link: LinkState, id: number): HalfLink {
  const own = link.ends.get(id)
  if (own) return { look: lookOf(link, own), step: stepOf(own, 'sentBytesPerSecond'), isHearsay: false }
  const other = link.ends.get(id === link.low ? link.high : link.low)
  if (other) return { look: lookOf(link, other), step: stepOf(other, 'receivedBytesPerSecond'), isHearsay: true }
  return { look: 'failed', step: 0, isHearsay: link.verdict?.uniqueId !== id }
}

function lookOf({ verdict }: LinkState, end: LinkEnd): StateClass {
  return verdict ? 'failed' : classOfEnd(end)
}

function stepOf({ goneAt, newest }: LinkEnd, rate: 'sentBytesPerSecond' | 'receivedBytesPerSecond'): number {
  return goneAt === null && newest ? trafficStep(newest[rate]) : 0
}

/** All halves that look the same are one path; this numbers the looks. */
export function codeOf({ look, step, isHearsay }: HalfLink): number {
  return (PAINT_ORDER.indexOf(look) * TRAFFIC_STEPS + step) * 2 + (isHearsay ? 1 : 0)
}

export function halfOfCode(code: number): HalfLink {
  const row = Math.floor(code / 2)
  return {
    look: PAINT_ORDER[Math.floor(row / TRAFFIC_STEPS)] ?? 'other',
    step: row % TRAFFIC_STEPS,
    isHearsay: code % 2 === 1,
  }
}
