import type { ReactNode } from 'react'
import type { PanZoom } from './pan-zoom.ts'

interface PictureToolsProps {
  /** What they are for: `topology`. */
  readonly picture: string
  readonly panZoom: () => PanZoom | null
  readonly children?: ReactNode
}

/** Zoom and fit, for those without a wheel, and whatever else a picture has. */
export function PictureTools({ picture, panZoom, children }: PictureToolsProps): ReactNode {
  return (
    <div className="picture-tools" role="group" aria-label={`View of the ${picture}`}>
      {children}
      <button type="button" aria-label="Zoom in" title="Zoom in (+)" onClick={() => panZoom()?.zoomIn()}>
        +
      </button>
      <button type="button" aria-label="Zoom out" title="Zoom out (-)" onClick={() => panZoom()?.zoomOut()}>
        −
      </button>
      <button type="button" title="Show everything (0)" onClick={() => panZoom()?.fit()}>
        Fit
      </button>
    </div>
  )
}
