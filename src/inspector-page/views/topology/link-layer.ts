import type { LinkState } from '../../model/state.ts'
import { codeOf, halfOf, halfOfCode, type HalfLink } from './half-link.ts'
import { endsOf } from './item.ts'
import { arrowPath, crossPath, gatePath, halfPath } from './link-geometry.ts'
import { PAINT_ORDER } from './paint-order.ts'
import type { MovingPlaces } from './moving-places.ts'
import { PathBuckets, SVG } from './path-buckets.ts'
import { crowdedOpacity, trafficWidth } from './traffic-width.ts'
import type { Point } from './view-box.ts'

/** Paths that change only when a peer moves. */
interface Geometry {
  readonly low: HalfGeometry
  readonly high: HalfGeometry
  readonly cross: string
}

interface HalfGeometry {
  readonly key: string
  readonly line: string
  readonly gate: string
  readonly from: Point
  readonly to: Point
}

export interface LinkLayerOptions {
  /** Links of the peer that has most; lines are the thinner the more there are. */
  readonly linksOfPeer: number
  /** Too many for marks; what carries more traffic is less transparent. */
  readonly isCrowded: boolean
}

const ARROW_SIZES: readonly number[] = [0, 4, 4.5, 5, 6, 7, 8.5]

/** Of a half of which the peer beside it tells nothing. */
const HEARSAY_OPACITY = 0.45

type Mark = 'arrow' | 'cross' | 'gate'
const MARKS: readonly Mark[] = ['arrow', 'gate', 'cross']

/** Draws links: their halves, and above them the marks that say the same as the colours do. */
export class LinkLayer {
  readonly #lines: PathBuckets
  readonly #marks: PathBuckets
  readonly #geometry = new Map<string, Geometry>()
  #placesVersion = -1
  #options: LinkLayerOptions = { linksOfPeer: 1, isCrowded: false }

  constructor(parent: SVGGElement) {
    const [lines, marks] = [document.createElementNS(SVG, 'g'), document.createElementNS(SVG, 'g')]
    parent.append(lines, marks)
    this.#lines = new PathBuckets(lines, (path, bucket) => {
      const { look, step, isHearsay } = halfOfCode(bucket)
      path.setAttribute('class', `topology-half look-${look}${isHearsay ? ' is-hearsay' : ''}`)
      path.setAttribute('stroke-width', trafficWidth(step, this.#options.linksOfPeer).toFixed(2))
      const opacity = (isHearsay ? HEARSAY_OPACITY : 1) * (this.#options.isCrowded ? crowdedOpacity(step) : 1)
      path.setAttribute('stroke-opacity', opacity.toFixed(2))
    })
    this.#marks = new PathBuckets(marks, (path, bucket) => {
      const look = PAINT_ORDER[Math.floor(bucket / MARKS.length)] ?? 'other'
      path.setAttribute('class', `topology-${MARKS[bucket % MARKS.length] ?? 'arrow'} look-${look}`)
    })
  }

  draw(links: Iterable<LinkState>, places: MovingPlaces, options: LinkLayerOptions): void {
    if (places.version !== this.#placesVersion) this.#geometry.clear()
    this.#placesVersion = places.version
    const { linksOfPeer, isCrowded } = this.#options
    const restyles = options.linksOfPeer !== linksOfPeer || options.isCrowded !== isCrowded
    this.#options = options
    if (restyles) this.#lines.restyle()
    const drawn: { geometry: Geometry; low: HalfLink; high: HalfLink }[] = []
    this.#lines.draw((put) => {
      for (const link of links) {
        const geometry = this.#geometryOf(link, places)
        if (!geometry) continue
        const [low, high] = [halfOf(link, link.low), halfOf(link, link.high)]
        put(geometry.low.key, codeOf(low), geometry.low.line)
        put(geometry.high.key, codeOf(high), geometry.high.line)
        drawn.push({ geometry, low, high })
      }
    })
    this.#marks.draw((put) => {
      for (const { geometry, low, high } of drawn) {
        this.#putMarks(put, geometry.low, low)
        this.#putMarks(put, geometry.high, high)
        const lost = isOver(low) ? low : isOver(high) ? high : null
        if (lost) put(geometry.cross, markBucket(lost, 'cross'), geometry.cross)
      }
    })
  }

  #putMarks(put: (key: string, bucket: number, data: string) => void, geometry: HalfGeometry, half: HalfLink): void {
    if (this.#options.isCrowded) return
    if (half.look === 'gated') put(`${geometry.key}gate`, markBucket(half, 'gate'), geometry.gate)
    if (half.step === 0 || isOver(half)) return
    const size = ARROW_SIZES[half.step] ?? 0
    put(`${geometry.key}arrow`, markBucket(half, 'arrow'), arrowPath(geometry.from, geometry.to, size))
  }

  #geometryOf(link: LinkState, { places }: MovingPlaces): Geometry | undefined {
    const known = this.#geometry.get(link.key)
    if (known) return known
    const ends = endsOf(link, places)
    if (!ends) return undefined
    const half = (key: string, from: Point, to: Point): HalfGeometry => ({
      key,
      line: halfPath(from, to),
      gate: gatePath(from, to),
      from,
      to,
    })
    const [low, high] = ends
    const made = {
      low: half(`${link.key}<`, low, high),
      high: half(`${link.key}>`, high, low),
      cross: crossPath(low, high),
    }
    this.#geometry.set(link.key, made)
    return made
  }
}

const isOver = ({ look }: HalfLink): boolean => look === 'closed' || look === 'failed'

const markBucket = ({ look }: HalfLink, mark: Mark): number =>
  PAINT_ORDER.indexOf(look) * MARKS.length + MARKS.indexOf(mark)
