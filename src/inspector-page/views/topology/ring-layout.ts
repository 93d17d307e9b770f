/** Where peers are drawn. Depends on nothing but who is there, so that the same moment of a session always gives the same picture. */

export interface GroupShape {
  readonly group: string
  /** Ids, ascending. */
  readonly ids: readonly number[]
  /** Peer 1 in the middle of all others. */
  readonly isStar: boolean
  /** Characters of the longest text beside a peer, other than its id. Default 0. */
  readonly longestName?: number
}

export interface PeerPlace {
  readonly x: number
  readonly y: number
  /** The direction away from the middle, in radians; 0 is to the right. */
  readonly angle: number
  /** Whether peers are so near to each other that text beside one has to lead away from the middle, or else would be on its neighbour's. */
  readonly isTight: boolean
}

export interface GroupPlace {
  readonly group: string
  readonly x: number
  readonly y: number
  /** Of the ring on which the peers are. */
  readonly radius: number
  /** Where its title goes: the middle of the baseline. */
  readonly titleY: number
  readonly peers: ReadonlyMap<number, PeerPlace>
}

export interface Box {
  readonly x: number
  readonly y: number
  readonly width: number
  readonly height: number
}

export interface RingLayout {
  readonly groups: readonly GroupPlace[]
  readonly box: Box
}

/** Radius of a peer's shape. */
export const PEER_RADIUS = 15
/** Between the middles of two neighbours on a ring: their shapes and a gap. */
const PEER_PITCH = 40
/** Of the ring of two peers; each further one makes it larger by so much, until there is room for marks on every link. */
const LEAST_RADIUS = 80
const RADIUS_PER_PEER = 16
const ROOMY_RADIUS = 165
/** Up to this many peers on a ring have level text beside them. */
const ROOMY_COUNT = 12
/** An id of up to this many digits is written into the shape, a longer one beside it. */
export const DIGITS_INSIDE = 4
/** Width of a character of the text beside a shape. */
const CHARACTER_WIDTH = 7
/** Above and below a ring with level text: two lines of it. */
const LINES_HEIGHT = 30
const GROUP_GAP = 48
const TITLE_HEIGHT = 34
/** Of the whole picture, width to height, that rows of groups come near to. */
const ASPECT = 1.6

const isLong = (id: number): boolean => String(id).length > DIGITS_INSIDE

export function layOutRings(shapes: readonly GroupShape[]): RingLayout {
  const cells = shapes.map((shape) => {
    const onRing = shape.isStar ? shape.ids.filter((id) => id !== 1) : shape.ids
    const radius = isAlone(shape, onRing) ? 0 : radiusOf(onRing.length)
    const isTight = onRing.length > ROOMY_COUNT
    const longestId = Math.max(0, ...shape.ids.filter(isLong).map((id) => String(id).length))
    // Where there is little room only ids are written.
    const longest = Math.max(longestId, isTight ? 0 : (shape.longestName ?? 0))
    const edge = radius + PEER_RADIUS + 8
    const reach = edge + longest * CHARACTER_WIDTH
    // Level text needs its width only to the left and right.
    const reachY = isTight ? reach : edge + (longest > 0 ? LINES_HEIGHT : 0)
    return { shape, onRing, radius, reachY, size: Math.max(2 * reach, 160) }
  })
  const rowWidth = widthOfRows(cells.map(({ size }) => size))
  const groups: GroupPlace[] = []
  let [x, y, rowHeight, width] = [0, 0, 0, 0]
  for (const cell of cells) {
    if (x > 0 && x + cell.size > rowWidth) {
      x = 0
      y += rowHeight + GROUP_GAP
      rowHeight = 0
    }
    const middle = { x: x + cell.size / 2, y: y + TITLE_HEIGHT + cell.reachY }
    groups.push({
      group: cell.shape.group,
      ...middle,
      radius: cell.radius,
      titleY: y + TITLE_HEIGHT - 16,
      peers: placePeers(cell.shape, cell.onRing, middle, cell.radius),
    })
    x += cell.size + GROUP_GAP
    width = Math.max(width, x - GROUP_GAP)
    rowHeight = Math.max(rowHeight, TITLE_HEIGHT + 2 * cell.reachY)
  }
  return { groups, box: { x: 0, y: 0, width, height: y + rowHeight } }
}

const isAlone = ({ isStar }: GroupShape, onRing: readonly number[]): boolean => !isStar && onRing.length <= 1

function radiusOf(count: number): number {
  const roomy = Math.min(ROOMY_RADIUS, LEAST_RADIUS + RADIUS_PER_PEER * (count - 2))
  return Math.max(roomy, (count * PEER_PITCH) / (2 * Math.PI))
}

function placePeers(
  { ids, isStar }: GroupShape,
  onRing: readonly number[],
  middle: { readonly x: number; readonly y: number },
  radius: number,
): ReadonlyMap<number, PeerPlace> {
  const places = new Map<number, PeerPlace>()
  if (isStar && ids.includes(1)) places.set(1, { ...middle, angle: -Math.PI / 2, isTight: false })
  const isTight = onRing.length > ROOMY_COUNT
  onRing.forEach((id, index) => {
    // The first at the top, then clockwise, as on a clock.
    const angle = (index / onRing.length) * 2 * Math.PI - Math.PI / 2
    places.set(id, { x: middle.x + radius * Math.cos(angle), y: middle.y + radius * Math.sin(angle), angle, isTight })
  })
  return places
}

/** How wide a row may get for the whole to have about the wanted shape; two groups are beside each other in any case. */
function widthOfRows(sizes: readonly number[]): number {
  const area = sizes.reduce((sum, size) => sum + (size + GROUP_GAP) * (size + GROUP_GAP + TITLE_HEIGHT), 0)
  const [largest = 0, next = 0] = [...sizes].sort((a, b) => b - a)
  return Math.max(Math.sqrt(area * ASPECT), largest + GROUP_GAP + next)
}
