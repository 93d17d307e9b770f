import type { TextStyle } from './elk-graph.ts'

/** Of the texts of a chart; the style sheet says the same. */
const FONTS: Readonly<Record<TextStyle, string>> = { name: '600 13px', note: '11px', label: '11.5px' }

let canvas: CanvasRenderingContext2D | null = null

/** How wide the page draws a text. */
export function measureText(text: string, style: TextStyle): number {
  canvas ??= document.createElement('canvas').getContext('2d')
  if (!canvas) return text.length * 7
  canvas.font = `${FONTS[style]} ${getComputedStyle(document.documentElement).getPropertyValue('--font')}`
  return canvas.measureText(text).width
}
