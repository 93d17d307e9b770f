import type { Box } from './ring-layout.ts'
import {
  fit,
  fitReadable,
  isInView,
  pan,
  type Point,
  reveal,
  toPicture,
  type View,
  wheelFactor,
  ZOOM_STEP,
  zoomAt,
} from './view-box.ts'

/** Pixels that a pointer may move before it is a drag and no click. */
const DRAG_THRESHOLD = 4
/** Pixels that a key press moves the picture. */
const KEY_PAN = 60

const KEY_PANS: Readonly<Record<string, readonly [number, number]>> = {
  ArrowLeft: [KEY_PAN, 0],
  ArrowRight: [-KEY_PAN, 0],
  ArrowUp: [0, KEY_PAN],
  ArrowDown: [0, -KEY_PAN],
}

export interface PanZoomOptions {
  /** A picture that is smaller than its place is not made larger than this when it is fitted. */
  readonly maxFit?: number
  /** One that would be smaller than this, so that its text could not be read, is shown in part until somebody asks for all of it. */
  readonly minFit?: number
}

/** `readable`: as the options say; `whole`: fitted, whatever its scale; `free`: as somebody has moved it. */
type Fitting = 'readable' | 'whole' | 'free'

/** Wheel, drag and keys for an element with a picture in it. The picture is fitted until somebody moves it, and again when they ask for it. */
export class PanZoom {
  readonly #element: Element
  readonly #onView: (view: View) => void
  readonly #options: PanZoomOptions
  readonly #stop = new AbortController()
  readonly #observer: ResizeObserver
  #view: View = { x: 0, y: 0, scale: 1 }
  #box: Box = { x: 0, y: 0, width: 1, height: 1 }
  #size = { width: 1, height: 1 }
  #focus: Box | null = null
  #fitting: Fitting = 'readable'
  #drag: { readonly pointer: number; last: Point; moved: boolean } | null = null

  constructor(element: Element, onView: (view: View) => void, options: PanZoomOptions = {}) {
    this.#element = element
    this.#onView = onView
    this.#options = options
    const { signal } = this.#stop
    element.addEventListener('wheel', this.#wheel as EventListener, { passive: false, signal })
    element.addEventListener('pointerdown', this.#pointerDown as EventListener, { signal })
    element.addEventListener('pointermove', this.#pointerMove as EventListener, { signal })
    for (const type of ['pointerup', 'pointercancel']) element.addEventListener(type, this.#pointerUp, { signal })
    // After a drag the browser still says click.
    element.addEventListener('click', this.#swallowClick, { capture: true, signal })
    this.#observer = new ResizeObserver(([entry]) => {
      if (!entry) return
      const { width, height } = entry.contentRect
      this.#size = { width, height }
      this.#refit()
    })
    this.#observer.observe(element)
  }

  get view(): View {
    return this.#view
  }

  get size(): { readonly width: number; readonly height: number } {
    return this.#size
  }

  get isDragging(): boolean {
    return this.#drag?.moved === true
  }

  /** What there is to see. */
  setBox(box: Box): void {
    const { x, y, width, height } = this.#box
    if (box.x === x && box.y === y && box.width === width && box.height === height) return
    this.#box = box
    this.#refit()
  }

  /** What is to be seen if not everything can be. */
  setFocus(focus: Box | null): void {
    this.#focus = focus
    if (this.#fitting !== 'readable' || !focus || isInView(this.#view, focus, this.#size)) return
    this.#refit()
  }

  /** Shows everything. */
  fit(): void {
    this.#fitting = 'whole'
    this.#refit()
  }

  /** As at the beginning, for another picture. */
  reset(): void {
    this.#fitting = 'readable'
    this.#refit()
  }

  zoomIn(): void {
    this.#zoom(ZOOM_STEP)
  }

  zoomOut(): void {
    this.#zoom(1 / ZOOM_STEP)
  }

  /** Shows a point of the picture, if it is not in view. */
  reveal(point: Point): void {
    this.#move(reveal(this.#view, point, this.#size))
  }

  /** `+`, `-`, `0`, and the arrows with Shift. True if it was one of them. */
  handleKey({ key, shiftKey, ctrlKey, metaKey, altKey }: KeyboardEvent): boolean {
    if (ctrlKey || metaKey || altKey) return false
    const by = shiftKey ? KEY_PANS[key] : undefined
    if (by) this.#move(pan(this.#view, ...by))
    else if (key === '+' || key === '=') this.zoomIn()
    else if (key === '-' || key === '_') this.zoomOut()
    else if (key === '0') this.fit()
    else return false
    return true
  }

  /** Where a pointer is in the picture. */
  pointOf({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Point {
    return toPicture(this.#view, this.#pixelOf({ clientX, clientY }))
  }

  dispose(): void {
    this.#stop.abort()
    this.#observer.disconnect()
  }

  #pixelOf({ clientX, clientY }: { readonly clientX: number; readonly clientY: number }): Point {
    const { left, top } = this.#element.getBoundingClientRect()
    return { x: clientX - left, y: clientY - top }
  }

  #zoom(factor: number, at: Point = { x: this.#size.width / 2, y: this.#size.height / 2 }): void {
    this.#move(zoomAt(this.#view, factor, at))
  }

  #move(view: View): void {
    if (view === this.#view) return
    this.#fitting = 'free'
    this.#view = view
    this.#onView(view)
  }

  #refit(): void {
    const { minFit = 0, maxFit } = this.#options
    if (this.#fitting === 'whole') this.#view = fit(this.#box, this.#size, maxFit)
    if (this.#fitting === 'readable')
      this.#view = fitReadable(this.#box, this.#focus ?? this.#box, this.#size, minFit, maxFit)
    this.#onView(this.#view)
  }

  readonly #wheel = (event: WheelEvent): void => {
    event.preventDefault()
    this.#zoom(wheelFactor(event.deltaY, event.deltaMode), this.#pixelOf(event))
  }

  readonly #pointerDown = (event: PointerEvent): void => {
    if (event.button !== 0) return
    this.#drag = { pointer: event.pointerId, last: { x: event.clientX, y: event.clientY }, moved: false }
  }

  readonly #pointerMove = (event: PointerEvent): void => {
    const drag = this.#drag
    if (drag?.pointer !== event.pointerId) return
    const [dx, dy] = [event.clientX - drag.last.x, event.clientY - drag.last.y]
    if (!drag.moved && Math.hypot(dx, dy) < DRAG_THRESHOLD) return
    if (!drag.moved) this.#element.setPointerCapture(event.pointerId)
    drag.moved = true
    drag.last = { x: event.clientX, y: event.clientY }
    this.#move(pan(this.#view, dx, dy))
  }

  readonly #pointerUp = (): void => {
    // The click that follows is still to be told from one that ends no drag.
    if (this.#drag?.moved) requestAnimationFrame(() => (this.#drag = null))
    else this.#drag = null
  }

  readonly #swallowClick = (event: Event): void => {
    if (this.isDragging) event.stopPropagation()
  }
}

/** As an SVG transform. */
export const transformOf = ({ x, y, scale }: View): string =>
  `translate(${x.toFixed(2)} ${y.toFixed(2)}) scale(${scale.toFixed(4)})`
