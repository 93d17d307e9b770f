import type { CSSProperties } from 'react'

/** Sets the colour that style.css mixes from a hue. */
export const hueStyle = (hue: number): CSSProperties => ({ '--hue': hue }) as CSSProperties
