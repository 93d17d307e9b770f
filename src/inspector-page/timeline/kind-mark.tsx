import type { ReactNode } from 'react'
import type { EntryKind } from '../model/log-filter.ts'

export const KIND_TEXT: Readonly<Record<EntryKind, string>> = {
  source: 'source',
  actor: 'start',
  event: 'event',
  snapshot: 'state',
  end: 'end',
  verdict: 'verdict',
  packet: 'packet',
}

const SHAPES: Readonly<Record<EntryKind, ReactNode>> = {
  source: <rect x="2" y="2" width="8" height="8" fill="none" />,
  actor: <path d="M3 2v8l7-4Z" fill="none" />,
  event: <path d="M1.5 6h8m-3-3 3 3-3 3" fill="none" />,
  snapshot: <circle cx="6" cy="6" r="4" fill="currentColor" stroke="none" />,
  end: <rect x="2.5" y="2.5" width="7" height="7" fill="currentColor" stroke="none" />,
  verdict: <path d="M6 1.5 11 10.5H1Z" fill="currentColor" stroke="none" />,
  packet: <path d="M1.5 3h9v6h-9Zm0 0L6 6.5 10.5 3" fill="none" />,
}

/** Beside the word. */
export function KindMark({ kind }: { readonly kind: EntryKind }): ReactNode {
  return (
    <svg className={`mark kind-${kind}`} viewBox="0 0 12 12" aria-hidden="true">
      {SHAPES[kind]}
    </svg>
  )
}
