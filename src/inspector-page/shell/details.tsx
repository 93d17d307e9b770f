import { lazy, type ReactNode, Suspense } from 'react'
import { firstSelection, type Selection } from '../model/selection.ts'
import type { Session } from '../model/session.ts'
import { useVersion } from './use-version.ts'

// They bring a library each, which is loaded when it is needed first.
const Statechart = lazy(async () => ({ default: (await import('../views/statechart/statechart.tsx')).Statechart }))
const Plots = lazy(async () => ({ default: (await import('../views/plots/plots.tsx')).Plots }))

interface DetailsProps {
  readonly session: Session
  readonly selection: Selection
  readonly onSelect: (selection: Selection) => void
}

/** Milliseconds between two looks whether there is something to show while nothing is chosen. */
const PAUSE = 500

/** The statechart of the chosen actor. */
export function ChartPane({ session, selection, onSelect }: DetailsProps): ReactNode {
  useVersion(session, PAUSE)
  const { actor } = { ...firstSelection(session), ...selection }
  if (actor === undefined) return <p className="empty">Choose a peer, a link or an actor to see its statechart.</p>
  return (
    <Suspense fallback={<p className="empty">Loading…</p>}>
      <Statechart session={session} actorId={actor} onSelect={onSelect} />
    </Suspense>
  )
}

/** The plots of the chosen link. */
export function PlotsPane({ session, selection }: DetailsProps): ReactNode {
  useVersion(session, PAUSE)
  const { link } = { ...firstSelection(session), ...selection }
  if (link === undefined) return <p className="empty">Choose a link to see its plots.</p>
  return (
    <Suspense fallback={<p className="empty">Loading…</p>}>
      <Plots session={session} linkKey={link} />
    </Suspense>
  )
}
