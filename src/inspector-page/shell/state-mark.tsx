import type { ReactNode } from 'react'
import type { StateClass } from '../model/state-class.ts'

/** A shape for each class of states, so that none is told by its colour alone. */
const SHAPES: Readonly<Record<StateClass, ReactNode>> = {
  new: <circle cx="6" cy="6" r="4" fill="none" strokeDasharray="2 2" />,
  connecting: <path d="M6 2a4 4 0 1 0 4 4" fill="none" />,
  gated: <path d="M6 1.5 10.5 6 6 10.5 1.5 6Z" fill="none" />,
  connected: <circle cx="6" cy="6" r="4" fill="currentColor" />,
  draining: <path d="M2 4h8L6 10Z" fill="none" />,
  closed: <path d="m2.5 2.5 7 7m0-7-7 7" fill="none" />,
  failed: <path d="M6 1.5 11 10.5H1Z" fill="currentColor" />,
  other: <rect x="2.5" y="2.5" width="7" height="7" fill="none" />,
}

/** Beside a word that says the same. */
export function StateMark({ of }: { readonly of: StateClass }): ReactNode {
  return (
    <svg className={`mark mark-${of}`} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[of]}
    </svg>
  )
}
