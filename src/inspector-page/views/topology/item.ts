import { peerKey } from '../../model/selection.ts'
import type { LinkState } from '../../model/state.ts'
import { distanceToLine } from './link-geometry.ts'
import { PEER_RADIUS } from './ring-layout.ts'
import type { Scene } from './scene.ts'
import type { Point } from './view-box.ts'

/** Something in the picture that can be pointed at, focused and chosen. */
export interface Item {
  readonly kind: 'peer' | 'link'
  readonly key: string
}

export const isSameItem = (a: Item | null, b: Item | null): boolean => a?.kind === b?.kind && a?.key === b?.key

export function isInScene({ peers, links }: Scene, { kind, key }: Item): boolean {
  return (kind === 'peer' ? peers : links).has(key)
}

/** Where the two ends of a link are; undefined if one of them has no place. */
export function endsOf(
  { group, low, high }: LinkState,
  places: ReadonlyMap<string, Point>,
): readonly [Point, Point] | undefined {
  const [a, b] = [places.get(peerKey(group, low)), places.get(peerKey(group, high))]
  return a && b ? [a, b] : undefined
}

/** What is at a point of the picture, or at most `reach` away from it. A peer comes before the links that end there. Looks at every link, which takes microseconds for thousands. */
export function itemAt(scene: Scene, places: ReadonlyMap<string, Point>, point: Point, reach: number): Item | null {
  for (const key of scene.peers.keys()) {
    const place = places.get(key)
    if (place && Math.hypot(place.x - point.x, place.y - point.y) <= PEER_RADIUS + reach / 2)
      return { kind: 'peer', key }
  }
  let [nearest, distance]: [string | null, number] = [null, reach]
  for (const link of scene.links.values()) {
    const ends = endsOf(link, places)
    const away = ends ? distanceToLine(point, ...ends) : Infinity
    if (away < distance) [nearest, distance] = [link.key, away]
  }
  return nearest === null ? null : { kind: 'link', key: nearest }
}

/** The id of the end of a link that is nearer to a point: whoever clicks there means that side. */
export function nearerEnd(link: LinkState, places: ReadonlyMap<string, Point>, point: Point): number {
  const ends = endsOf(link, places)
  if (!ends) return link.low
  const [low, high] = ends
  return Math.hypot(low.x - point.x, low.y - point.y) <= Math.hypot(high.x - point.x, high.y - point.y)
    ? link.low
    : link.high
}
