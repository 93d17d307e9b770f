import { actorOfEnd, type Selection } from '../../model/selection.ts'
import type { InspectorState } from '../../model/state.ts'
import { sceneSummary } from './description.ts'
import { FrameLoop } from './frame-loop.ts'
import { isInScene, isSameItem, type Item, itemAt, nearerEnd } from './item.ts'
import { type Cursor, isMoveKey, move, originOf, recover } from './navigation.ts'
import { PanZoom } from './pan-zoom.ts'
import type { Box } from './ring-layout.ts'
import type { Scene } from './scene.ts'
import { TopologyPicture } from './topology-picture.ts'
import { boxToPixels, middleOf } from './view-box.ts'

/** Pixels around a line in which it is meant. */
const REACH = 10

/**
 * Milliseconds between two drawings of what the session tells, where links are so many that drawing them is work: half of what is between two looks at a connection. What a person does
 * is drawn at once.
 */
const CROWDED_INTERVAL = 250

/** What the card beside the picture is about, and where that is on the page. */
export interface Pointed {
  readonly item: Item
  readonly at: Box
  readonly scene: Scene
}

export interface TopologyViewEvents {
  readonly onSelect: (selection: Selection) => void
  readonly onPointed: (pointed: Pointed | null) => void
  /** The picture in one line of words. */
  readonly onSummary: (summary: string) => void
}

/** The topology in its `<svg>`: draws what the session tells, and takes pointer and keyboard. */
export class TopologyView {
  readonly panZoom: PanZoom
  readonly #svg: SVGSVGElement
  readonly #events: TopologyViewEvents
  readonly #picture: TopologyPicture
  readonly #frames = new FrameLoop((now) => this.#draw(now))
  readonly #stop = new AbortController()
  readonly #isStill = matchMedia('(prefers-reduced-motion: reduce)')
  #state: InspectorState | null = null
  #selection: Selection = {}
  #cursor: Cursor | null = null
  #hovered: Item | null = null
  #hasFocus = false
  /** The cursor's element is to get the focus once it is drawn. */
  #focusNext = false
  #summary = ''

  constructor(svg: SVGSVGElement, events: TopologyViewEvents) {
    this.#svg = svg
    this.#events = events
    this.#picture = new TopologyPicture(svg)
    this.panZoom = new PanZoom(svg, this.#viewed)
    const { signal } = this.#stop
    svg.addEventListener('pointermove', this.#pointerMove, { signal })
    svg.addEventListener('pointerleave', this.#pointerLeave, { signal })
    svg.addEventListener('click', this.#click, { signal })
    svg.addEventListener('keydown', this.#keyDown, { signal })
    svg.addEventListener('focusin', this.#focusIn, { signal })
    svg.addEventListener('focusout', this.#focusOut, { signal })
  }

  /** Draws this session from now on. Returns what ends that. */
  follow(state: InspectorState & { subscribe: (listener: () => void) => () => void }): () => void {
    this.#state = state
    this.#frames.request()
    return state.subscribe(() => this.#frames.requestPaced(this.#picture.isCrowded ? CROWDED_INTERVAL : 0))
  }

  select(selection: Selection): void {
    this.#selection = selection
    this.#frames.request()
  }

  dispose(): void {
    this.#stop.abort()
    this.#frames.dispose()
    this.panZoom.dispose()
    this.#svg.replaceChildren()
  }

  #draw(now: number): boolean {
    if (!this.#state) return false
    const isFirst = this.#picture.scene.peers.size === 0
    // What leaves the picture takes the focus with it.
    const hadFocus = this.#svg.contains(document.activeElement)
    const isMoving = this.#picture.draw(this.#state, this.#marks(), now, !isFirst && !this.#isStill.matches)
    if (this.#leaveWhatIsGone(hadFocus)) this.#picture.draw(this.#state, this.#marks(), now, true)
    this.panZoom.setBox(this.#picture.box)
    if (this.#focusNext && this.#cursor) {
      this.#focusNext = false
      this.#picture.focus(this.#cursor)
    }
    this.#tellPointed()
    const summary = sceneSummary(this.#picture.scene)
    if (summary !== this.#summary) this.#events.onSummary((this.#summary = summary))
    return isMoving
  }

  #marks(): Parameters<TopologyPicture['draw']>[1] {
    const { peer, link } = this.#selection
    return { cursor: this.#cursor, pointedAt: this.#pointedAt, selectedPeer: peer ?? null, selectedLink: link ?? null }
  }

  get #pointedAt(): Item | null {
    return this.#hovered ?? (this.#hasFocus ? this.#cursor : null)
  }

  /** Nobody points at what has left the picture. True if that changed anything. */
  #leaveWhatIsGone(hadFocus: boolean): boolean {
    const { scene } = this.#picture
    const before = [this.#hovered, this.#cursor]
    if (this.#hovered && !isInScene(scene, this.#hovered)) this.#hovered = null
    if (this.#cursor && !isInScene(scene, this.#cursor)) {
      this.#cursor = recover(scene, this.#cursor)
      this.#focusNext = hadFocus
    }
    return before[0] !== this.#hovered || before[1] !== this.#cursor
  }

  #tellPointed(): void {
    const item = this.panZoom.isDragging ? null : this.#pointedAt
    const box = item && this.#picture.boxOf(item)
    if (!item || !box) return void this.#events.onPointed(null)
    this.#events.onPointed({ item, at: boxToPixels(this.panZoom.view, box), scene: this.#picture.scene })
  }

  readonly #viewed = (): void => {
    this.#picture.show(this.panZoom.view)
    this.#tellPointed()
  }

  readonly #pointerMove = (event: PointerEvent): void => {
    const item = this.panZoom.isDragging ? null : this.#itemAt(event)
    if (isSameItem(item, this.#hovered)) return
    this.#hovered = item
    this.#svg.classList.toggle('is-on-item', item !== null)
    this.#frames.request()
  }

  readonly #pointerLeave = (): void => {
    this.#hovered = null
    this.#frames.request()
  }

  readonly #click = (event: MouseEvent): void => {
    const item = this.#itemAt(event)
    if (!item) return
    this.#moveCursor(item)
    const { scene, places } = this.#picture
    const link = item.kind === 'link' ? scene.links.get(item.key) : undefined
    this.#choose(item, link && nearerEnd(link, places.places, this.panZoom.pointOf(event)))
  }

  readonly #keyDown = (event: KeyboardEvent): void => {
    if (!this.#takeKey(event)) return
    event.preventDefault()
    // Keys that mean something here mean nothing else to the page.
    event.stopPropagation()
  }

  #takeKey(event: KeyboardEvent): boolean {
    if (this.panZoom.handleKey(event)) return true
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return false
    const { scene } = this.#picture
    const cursor = this.#cursor
    if (isMoveKey(event.key)) {
      const moved = move(scene, cursor, event.key)
      if (moved) this.#moveCursor(moved)
      return true
    }
    if ((event.key === 'Enter' || event.key === ' ') && cursor) {
      const from = cursor.kind === 'link' ? originOf(scene, cursor) : undefined
      this.#choose(cursor, from === undefined ? undefined : scene.peers.get(from)?.id)
      return true
    }
    if (event.key !== 'Escape' || cursor?.kind !== 'link') return false
    this.#moveCursor(recover(scene, cursor) ?? cursor)
    return true
  }

  readonly #focusIn = (event: FocusEvent): void => {
    const { peer } = (event.target as SVGElement).dataset
    if (peer !== undefined && this.#cursor?.key !== peer) this.#cursor = { kind: 'peer', key: peer }
    // With a pointer the focus comes by clicking, and what is pointed at is shown anyway.
    this.#hasFocus = (event.target as Element).matches(':focus-visible')
    this.#frames.request()
  }

  readonly #focusOut = (): void => {
    this.#hasFocus = false
    this.#frames.request()
  }

  #moveCursor(cursor: Cursor): void {
    this.#cursor = cursor
    this.#focusNext = true
    const box = this.#picture.boxOf(cursor)
    if (box) this.panZoom.reveal(middleOf(box))
    this.#frames.request()
  }

  /** @param id - of a link, which end: its actor is what the statechart shows. */
  #choose({ kind, key }: Item, id?: number): void {
    if (kind === 'peer') return void this.#events.onSelect({ peer: key })
    const link = this.#picture.scene.links.get(key)
    if (!link || !this.#state) return
    const actor = id === undefined ? undefined : actorOfEnd(this.#state, link, id)
    this.#events.onSelect({ link: key, ...(actor ? { actor: actor.sessionId } : {}) })
  }

  #itemAt(event: PointerEvent | MouseEvent): Item | null {
    const { scene, places } = this.#picture
    return itemAt(scene, places.places, this.panZoom.pointOf(event), REACH / this.panZoom.view.scale)
  }
}
