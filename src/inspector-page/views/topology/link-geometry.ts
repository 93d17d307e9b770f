import { PEER_RADIUS } from './ring-layout.ts'
import type { Point } from './view-box.ts'

/** Tenths of a unit are finer than anybody sees, and keep the paths short. */
const short = (value: number): string => String(Math.round(value * 10) / 10)

const point = (x: number, y: number): string => `${short(x)} ${short(y)}`

export const middleOf = (a: Point, b: Point): Point => ({ x: (a.x + b.x) / 2, y: (a.y + b.y) / 2 })

/** The half of a link beside `from`, as the data of an SVG path: from the edge of its shape to the middle. */
export function halfPath(from: Point, to: Point): string {
  const { x, y, length } = direction(from, to)
  const middle = middleOf(from, to)
  if (length <= 2 * PEER_RADIUS) return `M${point(middle.x, middle.y)}l0 0`
  return `M${point(from.x + x * PEER_RADIUS, from.y + y * PEER_RADIUS)}L${point(middle.x, middle.y)}`
}

/** The whole link, from edge to edge. */
export function linkPath(a: Point, b: Point): string {
  const { x, y } = direction(a, b)
  return `M${point(a.x + x * PEER_RADIUS, a.y + y * PEER_RADIUS)}L${point(b.x - x * PEER_RADIUS, b.y - y * PEER_RADIUS)}`
}

/** An arrow head on the half beside `from`, pointing away from it: that way goes what it sends. */
export function arrowPath(from: Point, to: Point, size: number): string {
  const { x, y, length } = direction(from, to)
  // Not where the lines of a ring cross, but well away from the peer.
  const at = PEER_RADIUS + (length / 2 - PEER_RADIUS) * 0.55
  const tip = { x: from.x + x * (at + size), y: from.y + y * (at + size) }
  const foot = { x: from.x + x * (at - size * 0.6), y: from.y + y * (at - size * 0.6) }
  return `M${point(tip.x, tip.y)}L${point(foot.x - y * size, foot.y + x * size)}L${point(foot.x + y * size, foot.y - x * size)}Z`
}

/** A cross in the middle of a link: there is nothing any more. */
export function crossPath(a: Point, b: Point, size = 5): string {
  const { x, y } = middleOf(a, b)
  return `M${point(x - size, y - size)}L${point(x + size, y + size)}M${point(x - size, y + size)}L${point(x + size, y - size)}`
}

/** A shut gate across a half: all channels are open, and nothing is let through. */
export function gatePath(from: Point, to: Point, size = 6): string {
  const { x, y, length } = direction(from, to)
  const bar = (at: number): string => {
    const middle = { x: from.x + x * at, y: from.y + y * at }
    return `M${point(middle.x - y * size, middle.y + x * size)}L${point(middle.x + y * size, middle.y - x * size)}`
  }
  const at = PEER_RADIUS + (length / 2 - PEER_RADIUS) * 0.3
  return bar(at) + bar(at + 4)
}

/** How far a point is from the line between two others. */
export function distanceToLine({ x, y }: Point, a: Point, b: Point): number {
  const [dx, dy] = [b.x - a.x, b.y - a.y]
  const square = dx * dx + dy * dy
  const along = square === 0 ? 0 : Math.max(0, Math.min(1, ((x - a.x) * dx + (y - a.y) * dy) / square))
  return Math.hypot(x - a.x - along * dx, y - a.y - along * dy)
}

function direction(from: Point, to: Point): { x: number; y: number; length: number } {
  const length = Math.hypot(to.x - from.x, to.y - from.y)
  return length === 0 ? { x: 1, y: 0, length } : { x: (to.x - from.x) / length, y: (to.y - from.y) / length, length }
}
