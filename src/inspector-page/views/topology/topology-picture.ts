import type { InspectorState, LinkState } from '../../model/state.ts'
import { linkName, peerName } from './description.ts'
import { namesOf } from './names.ts'
import { endsOf, type Item } from './item.ts'
import { linkPath } from './link-geometry.ts'
import { LinkLayer } from './link-layer.ts'
import { MovingPlaces } from './moving-places.ts'
import type { Cursor } from './navigation.ts'
import { transformOf } from './pan-zoom.ts'
import { SVG } from './path-buckets.ts'
import { PeerLayer } from './peer-layer.ts'
import { type Box, layOutRings, PEER_RADIUS, type RingLayout } from './ring-layout.ts'
import { Scene } from './scene.ts'
import type { View } from './view-box.ts'

/** What is drawn besides the session. */
export interface PictureMarks {
  /** Where the keyboard is. */
  readonly cursor: Cursor | null
  /** What is pointed at, or has the focus: its links are drawn above all others. */
  readonly pointedAt: Item | null
  readonly selectedPeer: string | null
  readonly selectedLink: string | null
}

/** From this many links on arrow heads would be a haze, and smooth edges are nothing that anybody sees, while without a graphics card they take most of the time. */
const CROWDED_FROM = 160

/** The whole topology in an `<svg>`. Only what has changed since the last time is touched. */
export class TopologyPicture {
  readonly places = new MovingPlaces()
  readonly #world = group('topology-world')
  readonly #titles = group('topology-titles')
  readonly #base = group('topology-links')
  readonly #pointed = group('topology-links is-pointed-at')
  readonly #halo = document.createElementNS(SVG, 'path')
  readonly #focus = group('topology-focus')
  readonly #peers = group('topology-peers')
  readonly #baseLayer = new LinkLayer(this.#base)
  readonly #pointedLayer = new LinkLayer(this.#pointed)
  readonly #peerLayer = new PeerLayer(this.#peers)
  #scene = new Scene({ peers: new Map(), links: new Map() })
  #layout: RingLayout = layOutRings([])
  #shape = ''
  #linksOfPeer = 1

  constructor(svg: SVGSVGElement) {
    this.#halo.setAttribute('class', 'topology-halo')
    for (const part of [this.#titles, this.#base, this.#pointed, this.#halo]) part.setAttribute('aria-hidden', 'true')
    // What is chosen and what has the focus lie below the lines, so that these keep their colours.
    this.#world.append(this.#titles, this.#halo, this.#focus, this.#base, this.#pointed, this.#peers)
    svg.append(this.#world)
  }

  /** Who and what was drawn last. */
  get scene(): Scene {
    return this.#scene
  }

  get isCrowded(): boolean {
    return this.#scene.links.size >= CROWDED_FROM
  }

  get box(): Box {
    return this.#layout.box
  }

  show(view: View): void {
    this.#world.setAttribute('transform', transformOf(view))
  }

  /** True if peers are still on their way to their places. */
  draw(state: InspectorState, marks: PictureMarks, now: number, glides: boolean): boolean {
    this.#scene = new Scene(state)
    const names = namesOf(state, this.#scene)
    this.#place(names, now, glides)
    const isMoving = this.places.advance(now)
    this.#base.classList.toggle('is-crowded', this.isCrowded)
    this.#baseLayer.draw(this.#scene.links.values(), this.places, {
      linksOfPeer: this.#linksOfPeer,
      isCrowded: this.isCrowded,
    })
    this.#drawMarks(marks)
    this.#drawPeers(marks, names)
    return isMoving
  }

  /** Where a peer or a link is, in the picture. */
  boxOf({ kind, key }: Item): Box | null {
    const { places } = this.places
    const link = kind === 'link' ? this.#scene.links.get(key) : undefined
    const points = kind === 'link' ? link && endsOf(link, places) : [places.get(key)]
    const [a, b = a] = points ?? []
    if (!a || !b) return null
    const [x, y] = [Math.min(a.x, b.x) - PEER_RADIUS, Math.min(a.y, b.y) - PEER_RADIUS]
    return {
      x,
      y,
      width: Math.max(a.x, b.x) + PEER_RADIUS - x,
      height: Math.max(a.y, b.y) + PEER_RADIUS - y,
    }
  }

  /** Gives the focus to what the cursor is on, after it was drawn. */
  focus(cursor: Cursor): void {
    const element = cursor.kind === 'peer' ? this.#peerLayer.element(cursor.key) : this.#focus.querySelector('path')
    element?.focus({ preventScroll: true })
  }

  #place(names: ReadonlyMap<string, string>, now: number, glides: boolean): void {
    const groups = this.#scene.groups.map(({ group, ids, isStar, peers }) => {
      const longestName = Math.max(0, ...peers.map(({ key }) => names.get(key)?.length ?? 0))
      return { group, ids, isStar, longestName }
    })
    const shape = JSON.stringify(groups)
    if (shape === this.#shape) return
    this.#shape = shape
    this.#layout = layOutRings(groups)
    this.#linksOfPeer = Math.max(1, ...groups.map(({ ids, isStar }) => (isStar ? 1 : ids.length - 1)))
    this.places.moveTo(this.#layout, now, glides)
    this.#titles.replaceChildren(...this.#layout.groups.map(titleOf))
  }

  #drawMarks({ cursor, pointedAt, selectedLink }: PictureMarks): void {
    const pointed = this.#linksOf(pointedAt)
    this.#pointedLayer.draw(pointed, this.places, { linksOfPeer: 1, isCrowded: false })
    this.#base.classList.toggle('is-dimmed', pointed.length > 0)
    const selected = selectedLink === null ? undefined : this.#scene.links.get(selectedLink)
    setPath(this.#halo, this.#pathOf(selected))
    this.#drawFocus(cursor?.kind === 'link' ? this.#scene.links.get(cursor.key) : undefined, selectedLink)
  }

  /** The link that has the focus is an element of its own, so that it can be focused and has a name. Another link is another element: so that screen readers say it. */
  #drawFocus(link: LinkState | undefined, selectedLink: string | null): void {
    let path = this.#focus.querySelector('path')
    if (!link) {
      path?.remove()
      return
    }
    if (path?.dataset['link'] !== link.key) {
      const made = document.createElementNS(SVG, 'path')
      made.dataset['link'] = link.key
      made.setAttribute('role', 'option')
      made.setAttribute('tabindex', '0')
      const hadFocus = path !== null && document.activeElement === path
      this.#focus.append(made)
      if (hadFocus) made.focus({ preventScroll: true })
      path?.remove()
      path = made
    }
    setPath(path, this.#pathOf(link))
    setAttribute(path, 'aria-label', linkName(link))
    setAttribute(path, 'aria-selected', String(link.key === selectedLink))
  }

  #drawPeers({ cursor, selectedPeer }: PictureMarks, names: ReadonlyMap<string, string>): void {
    const scene = this.#scene
    const peers = scene.groups.flatMap(({ peers, isStar }) =>
      peers.map((peer) => ({ peer, isStar, name: peerName(scene, peer), called: names.get(peer.key) ?? '' })),
    )
    const first = [cursor?.key, selectedPeer].find((key) => scene.peers.has(key ?? '')) ?? peers[0]?.peer.key
    const tabStop = cursor?.kind === 'link' ? null : (first ?? null)
    this.#peerLayer.draw(peers, this.places.places)
    this.#peerLayer.mark({ tabStop, selected: selectedPeer })
  }

  #linksOf(item: Item | null): readonly LinkState[] {
    if (item?.kind === 'peer') return this.#scene.linksOf(item.key)
    const link = item ? this.#scene.links.get(item.key) : undefined
    return link ? [link] : []
  }

  #pathOf(link: LinkState | undefined): string {
    const ends = link && endsOf(link, this.places.places)
    return ends ? linkPath(...ends) : ''
  }
}

function group(className: string): SVGGElement {
  const element = document.createElementNS(SVG, 'g')
  element.setAttribute('class', className)
  return element
}

function titleOf({ group, x, titleY }: RingLayout['groups'][number]): SVGTextElement {
  const element = document.createElementNS(SVG, 'text')
  element.setAttribute('x', x.toFixed(1))
  element.setAttribute('y', titleY.toFixed(1))
  element.textContent = group === '' ? '(no group)' : group
  return element
}

function setPath(path: SVGPathElement, data: string): void {
  setAttribute(path, 'd', data)
}

function setAttribute(element: Element, name: string, value: string): void {
  if (element.getAttribute(name) !== value) element.setAttribute(name, value)
}
