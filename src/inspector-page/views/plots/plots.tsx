import { type KeyboardEvent, type ReactNode, useEffect, useMemo, useRef, useState } from 'react'
import type { Session } from '../../model/session.ts'
import type { LinkState } from '../../model/state.ts'
import { clockText } from '../../model/time-text.ts'
import { useVersion } from '../../shell/use-version.ts'
import { METRICS } from './metrics.ts'
import { newestTime, plotTable, samplesOf, shownTimes, stepTime } from './plot-data.ts'
import { PlotStack } from './plot-stack.ts'
import { ValuesTable } from './values-table.tsx'
import 'uplot/dist/uPlot.min.css'
import './plots.css'

interface PlotsProps {
  readonly session: Session
  readonly linkKey: string | undefined
}

/** Milliseconds between two drawings; looks at connections are half a second apart. */
const PAUSE = 200

/** The newest two minutes of a link, as both of its ends tell. */
export function Plots({ session, linkKey }: PlotsProps): ReactNode {
  useVersion(session, PAUSE)
  const link = linkKey === undefined ? undefined : session.links.get(linkKey)
  if (linkKey === undefined) return <p className="empty">Choose a link in the topology or in the list.</p>
  if (!link) return <p className="empty">Nobody tells of this link now.</p>
  return <LinkPlots key={link.key} link={link} now={session.time} />
}

interface LinkPlotsProps {
  readonly link: LinkState
  readonly now: number
}

/** Keys that move the cursor, by how many samples. */
const STEPS: Readonly<Record<string, number>> = {
  ArrowLeft: -1,
  ArrowRight: 1,
  PageUp: -20,
  PageDown: 20,
  Home: -Infinity,
  End: Infinity,
}

function LinkPlots({ link, now }: LinkPlotsProps): ReactNode {
  const root = useRef<HTMLDivElement>(null)
  const places = useRef<(HTMLElement | null)[]>([])
  const stack = useRef<PlotStack>(null)
  const [cursor, setCursor] = useState<number | null>(null)
  const samples = useMemo(() => samplesOf(link), [link])
  const table = useMemo(() => plotTable(samples, METRICS), [samples])
  const time = cursor ?? newestTime(samples) ?? now

  useEffect(() => {
    if (!root.current) return
    const made = new PlotStack(
      root.current,
      places.current.filter((place) => place !== null),
      setCursor,
    )
    stack.current = made
    return () => {
      stack.current = null
      made.dispose()
    }
  }, [])
  useEffect(() => stack.current?.show(table, shownTimes(samples, now)), [table, samples, now])
  useEffect(() => stack.current?.point(cursor), [cursor])

  const takeKey = (event: KeyboardEvent): void => {
    if (event.ctrlKey || event.metaKey || event.altKey) return
    const by = STEPS[event.key]
    if (by === undefined && event.key !== 'Escape') return
    if (event.key === 'Escape' && cursor === null) return
    event.preventDefault()
    event.stopPropagation()
    setCursor(by === undefined ? null : stepTime(samples, time, by))
  }

  return (
    <div className="plots">
      <div className="plots-body">
        <div
          ref={root}
          className="plots-stack"
          role="slider"
          tabIndex={0}
          aria-label={`Moment in the plots of link ${link.low} to ${link.high}; arrow keys move it`}
          aria-valuemin={-120}
          aria-valuemax={0}
          aria-valuenow={Math.round((time - now) / 1_000)}
          aria-valuetext={clockText(time)}
          onKeyDown={takeKey}
        >
          {METRICS.map(({ id, title }, index) => (
            <div key={id} className="plots-place" data-metric={id}>
              <span className="plots-title">{title}</span>
              <div
                ref={(element) => {
                  places.current[index] = element
                }}
              />
            </div>
          ))}
        </div>
        <ValuesTable link={link} samples={samples} time={time} isCursor={cursor !== null} />
      </div>
    </div>
  )
}
