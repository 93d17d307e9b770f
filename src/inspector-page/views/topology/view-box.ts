import type { Box } from './ring-layout.ts'

/** What of a picture is seen: a point of the picture `p` is drawn at `p * scale + (x, y)`, in pixels of its place on the page. */
export interface View {
  readonly x: number
  readonly y: number
  readonly scale: number
}

export interface Size {
  readonly width: number
  readonly height: number
}

export interface Point {
  readonly x: number
  readonly y: number
}

const MIN_SCALE = 0.05
const MAX_SCALE = 8
/** What a press of + or - and a notch of the wheel do. */
export const ZOOM_STEP = 1.25
/** Pixels between the picture and the edge when it is fitted. */
const MARGIN = 16

/** Shows the whole box, in the middle. Small pictures are not blown up beyond `maxScale`. */
export function fit(box: Box, size: Size, maxScale = 1.5): View {
  const width = Math.max(1, size.width - 2 * MARGIN)
  const height = Math.max(1, size.height - 2 * MARGIN)
  const scale = clampScale(Math.min(maxScale, width / Math.max(1, box.width), height / Math.max(1, box.height)))
  return {
    x: size.width / 2 - (box.x + box.width / 2) * scale,
    y: size.height / 2 - (box.y + box.height / 2) * scale,
    scale,
  }
}

/**
 * Shows the whole box if it can be read then, at `minScale` or larger; else as much as there is room for at `minScale`, with what is in focus in the middle, but nothing beyond the box.
 */
export function fitReadable(box: Box, focus: Box, size: Size, minScale: number, maxScale?: number): View {
  const whole = fit(box, size, maxScale)
  if (whole.scale >= minScale) return whole
  const along = (from: number, length: number, focusMiddle: number, room: number): number => {
    const scaled = length * minScale
    if (scaled + 2 * MARGIN <= room) return (room - scaled) / 2 - from * minScale
    const wanted = room / 2 - focusMiddle * minScale
    return Math.min(MARGIN - from * minScale, Math.max(room - MARGIN - (from + length) * minScale, wanted))
  }
  const middle = middleOf(focus)
  return {
    x: along(box.x, box.width, middle.x, size.width),
    y: along(box.y, box.height, middle.y, size.height),
    scale: minScale,
  }
}

/** Whether a box is seen whole. */
export function isInView(view: View, box: Box, size: Size): boolean {
  const { x, y, width, height } = boxToPixels(view, box)
  return x >= 0 && y >= 0 && x + width <= size.width && y + height <= size.height
}

/** Zooms so that what is under `at` (in pixels) stays there. */
export function zoomAt(view: View, factor: number, at: Point): View {
  const scale = clampScale(view.scale * factor)
  const ratio = scale / view.scale
  return { x: at.x - (at.x - view.x) * ratio, y: at.y - (at.y - view.y) * ratio, scale }
}

export function pan(view: View, dx: number, dy: number): View {
  return { ...view, x: view.x + dx, y: view.y + dy }
}

/** The point of the picture under a pixel. */
export function toPicture(view: View, { x, y }: Point): Point {
  return { x: (x - view.x) / view.scale, y: (y - view.y) / view.scale }
}

/** The pixel at which a point of the picture is drawn. */
export function toPixel(view: View, { x, y }: Point): Point {
  return { x: x * view.scale + view.x, y: y * view.scale + view.y }
}

export function boxToPixels(view: View, { x, y, width, height }: Box): Box {
  return { ...toPixel(view, { x, y }), width: width * view.scale, height: height * view.scale }
}

export const middleOf = ({ x, y, width, height }: Box): Point => ({ x: x + width / 2, y: y + height / 2 })

/** Moves as little as it takes to show a point, if it is not seen already. */
export function reveal(view: View, point: Point, size: Size, margin = 40): View {
  const { x, y } = toPixel(view, point)
  const dx = Math.max(0, margin - x) || Math.min(0, size.width - margin - x)
  const dy = Math.max(0, margin - y) || Math.min(0, size.height - margin - y)
  return dx === 0 && dy === 0 ? view : pan(view, dx, dy)
}

/** How much a turn of the wheel zooms; `mode` is that of the wheel event: pixels, lines or pages. */
export function wheelFactor(delta: number, mode: number): number {
  const pixels = delta * ([1, 16, 400][mode] ?? 1)
  return Math.exp(-Math.max(-240, Math.min(240, pixels)) * 0.0022)
}

function clampScale(scale: number): number {
  return Math.max(MIN_SCALE, Math.min(MAX_SCALE, scale))
}
