import type { ReactNode } from 'react'
import { STATE_CLASS_TEXT, type StateClass } from '../../model/state-class.ts'
import { crossPath, gatePath } from './link-geometry.ts'

const SHOWN: readonly StateClass[] = ['new', 'connecting', 'gated', 'connected', 'draining', 'closed', 'failed']
const [FROM, TO] = [
  { x: -15, y: 8 },
  { x: 63, y: 8 },
]

/** What colours, dashes, widths and shapes mean. */
export function Legend(): ReactNode {
  return (
    <div className="topology-legend">
      <ul>
        {SHOWN.map((look) => (
          <li key={look}>
            <svg width="48" height="16" aria-hidden="true">
              <path className={`topology-half look-${look}`} strokeWidth="2.75" d="M0 8L48 8" />
              {look === 'gated' && <path className={`topology-gate look-${look}`} d={gatePath(FROM, TO, 5)} />}
              {(look === 'closed' || look === 'failed') && (
                <path className={`topology-cross look-${look}`} d={crossPath(FROM, TO)} />
              )}
            </svg>
            {STATE_CLASS_TEXT[look]}
          </li>
        ))}
        <li>
          <svg width="48" height="16" aria-hidden="true">
            <path className="topology-half look-connected" strokeWidth="6.5" d="M0 8L24 8" />
            <path className="topology-half look-connected" strokeWidth="1.25" d="M24 8L48 8" />
          </svg>
          the left peer sends more: ×10 a step
        </li>
        <li>
          <svg width="48" height="16" viewBox="-24 -18 48 36" aria-hidden="true">
            <g className="topology-peer look-other is-hearsay">
              <rect className="topology-shape" x="-15" y="-15" width="30" height="30" rx="4" />
            </g>
          </svg>
          peer that only others tell of
        </li>
      </ul>
    </div>
  )
}
