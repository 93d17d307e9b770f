import type { PeerState } from '../../model/state.ts'
import { LINE_HEIGHT, lookOfPeer, placeBeside, type PeerLook } from './peer-look.ts'
import { SVG } from './path-buckets.ts'
import { PEER_RADIUS, type PeerPlace } from './ring-layout.ts'

interface DrawnPeer {
  readonly element: SVGGElement
  look: string
  place: PeerPlace | null
  name: string
}

/** A peer, and what is written of it. */
export interface NamedPeer {
  readonly peer: PeerState
  readonly isStar: boolean
  /** For screen readers. */
  readonly name: string
  /** Written beside it; may be empty. */
  readonly called: string
}

/** What of the picture's peers changes without the session. */
export interface PeerMarks {
  /** Key of the peer that the Tab key leads to. */
  readonly tabStop: string | null
  readonly selected: string | null
}

/** Peers as elements of their own, each with a name for screen readers, so that they can be focused. Only what has changed is touched. */
export class PeerLayer {
  readonly #parent: SVGGElement
  readonly #drawn = new Map<string, DrawnPeer>()
  #marks: PeerMarks = { tabStop: null, selected: null }

  constructor(parent: SVGGElement) {
    this.#parent = parent
  }

  /** The element of a peer, to focus it. */
  element(key: string): SVGGElement | null {
    return this.#drawn.get(key)?.element ?? null
  }

  /** `peers` in the order in which they are to be read. */
  draw(peers: readonly NamedPeer[], places: ReadonlyMap<string, PeerPlace>): void {
    const kept = new Set<string>()
    for (const { peer, isStar, name, called } of peers) {
      kept.add(peer.key)
      const place = places.get(peer.key)
      // Where there is little room, only ids.
      if (place) this.#drawPeer(peer.key, lookOfPeer(peer, isStar, place.isTight ? '' : called), place, name)
    }
    for (const [key, { element }] of this.#drawn) {
      if (kept.has(key)) continue
      element.remove()
      this.#drawn.delete(key)
    }
    this.#sort(peers)
  }

  mark(marks: PeerMarks): void {
    this.#marks = marks
    for (const [key, { element }] of this.#drawn) this.#markElement(key, element)
  }

  #drawPeer(key: string, look: PeerLook, place: PeerPlace, name: string): void {
    const drawn = this.#drawn.get(key) ?? this.#make(key)
    const lookKey = JSON.stringify(look)
    if (drawn.look !== lookKey) {
      drawn.look = lookKey
      drawn.element.setAttribute('class', classOfPeer(look))
      drawn.element.replaceChildren(...shapesOf(look))
      drawn.place = null
    }
    if (drawn.place !== place) {
      drawn.place = place
      drawn.element.setAttribute('transform', `translate(${place.x.toFixed(1)} ${place.y.toFixed(1)})`)
      const beside = drawn.element.querySelector('.topology-beside')
      if (beside) moveBeside(beside, place)
    }
    if (drawn.name !== name) {
      drawn.name = name
      drawn.element.setAttribute('aria-label', name)
    }
  }

  #make(key: string): DrawnPeer {
    const element = document.createElementNS(SVG, 'g')
    element.setAttribute('role', 'option')
    element.dataset['peer'] = key
    this.#markElement(key, element)
    this.#parent.append(element)
    const drawn: DrawnPeer = { element, look: '', place: null, name: '' }
    this.#drawn.set(key, drawn)
    return drawn
  }

  #markElement(key: string, element: SVGGElement): void {
    const { tabStop, selected } = this.#marks
    setIfOther(element, 'tabindex', key === tabStop ? '0' : '-1')
    setIfOther(element, 'aria-selected', String(key === selected))
  }

  /** Screen readers read in the order of the document. An element is moved only if it has to be: moving it would take the focus from it. */
  #sort(peers: readonly { readonly peer: PeerState }[]): void {
    let next = this.#parent.firstElementChild
    for (const { peer } of peers) {
      const element = this.#drawn.get(peer.key)?.element
      if (!element) continue
      if (element === next) next = next.nextElementSibling
      else this.#parent.insertBefore(element, next)
    }
  }
}

function setIfOther(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}

function classOfPeer({ state, isHearsay, isServer, isGone }: PeerLook): string {
  const classes = ['topology-peer', `look-${state}`]
  if (isHearsay) classes.push('is-hearsay')
  if (isServer) classes.push('is-server')
  if (isGone) classes.push('is-gone')
  return classes.join(' ')
}

function shapesOf({ isHearsay, isServer, inside, beside, called }: PeerLook): SVGElement[] {
  const shapes = [shape(isHearsay, PEER_RADIUS, 'topology-shape')]
  if (isServer) shapes.unshift(shape(isHearsay, PEER_RADIUS + 4, 'topology-server-ring'))
  if (inside !== '') shapes.push(text(inside, 'topology-id'))
  const lines = [text(called, 'topology-name'), text(beside, 'topology-id-beside')].filter(
    (line) => line.textContent !== '',
  )
  if (lines.length > 0) shapes.push(besideOf(lines))
  return shapes
}

function shape(isSquare: boolean, radius: number, className: string): SVGElement {
  const element = document.createElementNS(SVG, isSquare ? 'rect' : 'circle')
  const attributes = isSquare ? { x: -radius, y: -radius, width: 2 * radius, height: 2 * radius, rx: 4 } : { r: radius }
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, String(value))
  element.setAttribute('class', className)
  return element
}

function text(content: string, className: string): SVGTextElement {
  const element = document.createElementNS(SVG, 'text')
  element.setAttribute('class', className)
  element.textContent = content
  return element
}

/** Lines below each other, around the middle of all. */
function besideOf(lines: readonly SVGTextElement[]): SVGGElement {
  const element = document.createElementNS(SVG, 'g')
  element.setAttribute('class', 'topology-beside')
  lines.forEach((line, index) => {
    line.setAttribute('y', String((index - (lines.length - 1) / 2) * LINE_HEIGHT))
  })
  element.append(...lines)
  return element
}

function moveBeside(element: Element, place: PeerPlace): void {
  const { x, y, rotate, anchor } = placeBeside(place, element.childElementCount)
  element.setAttribute('transform', `translate(${x.toFixed(1)} ${y.toFixed(1)}) rotate(${rotate.toFixed(1)})`)
  element.setAttribute('text-anchor', anchor)
}
