import { type ReactNode, useCallback, useMemo, useRef, useState } from 'react'
import type { Selection } from '../../model/selection.ts'
import type { Session } from '../../model/session.ts'
import type { ActorState, InspectorState } from '../../model/state.ts'
import { valueText } from '../../model/value-text.ts'
import { useVersion } from '../../shell/use-version.ts'
import type { PanZoom } from '../topology/pan-zoom.ts'
import { PictureTools } from '../topology/picture-tools.tsx'
import { activeStates } from './active-states.ts'
import { ActorPath } from './actor-path.tsx'
import type { LaidOutChart } from './chart-cache.ts'
import { ChartPicture, type ChartMarks } from './chart-picture.tsx'
import { ChartWords } from './chart-words.tsx'
import { latestEntryInto } from './state-entry.ts'
import { takenTransitions } from './taken.ts'
import { eventText } from './transition-text.ts'
import { useChart } from './use-chart.ts'
import { Visits } from './visits.ts'
import '../topology/picture.css'
import './statechart.css'

interface StatechartProps {
  readonly session: Session
  readonly actorId: string | undefined
  readonly onSelect: (selection: Selection) => void
}

/** The machine of the chosen actor, and where in it the actor is. */
export function Statechart({ session, actorId, onSelect }: StatechartProps): ReactNode {
  useVersion(session)
  const actor = actorId === undefined ? undefined : session.actors.get(actorId)
  if (!actor) return <p className="empty">Choose a peer or a link in the topology, or an actor in the list.</p>
  return <ActorChart session={session} actor={actor} onSelect={onSelect} />
}

interface ActorChartProps {
  readonly session: InspectorState
  readonly actor: ActorState
  readonly onSelect: (selection: Selection) => void
}

function ActorChart({ session, actor, onSelect }: ActorChartProps): ReactNode {
  const definition = session.machines.get(actor.machine ?? '')
  const progress = useChart(definition)
  const [inWords, setInWords] = useState(false)
  const panZoom = useRef<PanZoom>(null)
  const keepPanZoom = useCallback((made: PanZoom | null) => (panZoom.current = made), [])
  return (
    <div className="statechart">
      <div className="statechart-head">
        <ActorPath state={session} actor={actor} onSelect={onSelect} />
        <Present actor={actor} />
        <PictureTools picture="statechart" panZoom={() => panZoom.current}>
          <button type="button" aria-pressed={inWords} onClick={() => setInWords(!inWords)}>
            In words
          </button>
        </PictureTools>
      </div>
      {!definition && (
        <p className="empty">{actor.machine === null ? 'It runs no machine.' : 'Nobody has told of its machine.'}</p>
      )}
      {definition && progress.step === 'waiting' && <p className="empty">Laying out the statechart …</p>}
      {definition && progress.step === 'failed' && (
        <p className="empty">Its statechart cannot be drawn: {progress.error}</p>
      )}
      {definition && progress.step === 'ready' && (
        <Chart
          key={actor.sessionId}
          session={session}
          actor={actor}
          laidOut={progress.laidOut}
          inWords={inWords}
          onSelect={onSelect}
          onPanZoom={keepPanZoom}
        />
      )}
    </div>
  )
}

/** Its state, and what led there. */
function Present({ actor: { snapshot, last, endedAt } }: { readonly actor: ActorState }): ReactNode {
  const ended = endedAt === null ? '' : snapshot.status === 'active' ? ' (ended)' : ` (${snapshot.status})`
  return (
    <p className="statechart-present" role="status">
      <strong>
        {valueText(snapshot.value) || 'no state'}
        {ended}
      </strong>
      {last && <span className="faint"> last event: {eventText(last.eventType)}</span>}
      {snapshot.error !== undefined && <span className="warn"> {snapshot.error}</span>}
    </p>
  )
}

interface ChartProps extends ActorChartProps {
  readonly laidOut: LaidOutChart
  readonly inWords: boolean
  readonly onPanZoom: (panZoom: PanZoom | null) => void
}

function Chart({ session, actor, laidOut, inWords, onSelect, onPanZoom }: ChartProps): ReactNode {
  const { chart } = laidOut
  const { sessionId, snapshot, last } = actor
  const visits = useMemo(() => new Visits(chart, { sessionId }), [chart, sessionId])
  const active = useMemo(() => activeStates(chart, snapshot.value), [chart, snapshot])
  const taken = useMemo(() => takenTransitions(chart, last?.transitions ?? []), [chart, last])
  const marks: ChartMarks = { active, taken, visits: visits.count(session.log) }
  const choose = useCallback(
    (state: string) => {
      const entry = latestEntryInto(chart, state, sessionId, session.log)
      if (entry !== undefined) onSelect({ actor: sessionId, entry })
    },
    [chart, sessionId, session, onSelect],
  )
  if (inWords) return <ChartWords chart={chart} marks={marks} onChoose={choose} />
  return (
    <div className="picture">
      <ChartPicture
        laidOut={laidOut}
        marks={marks}
        label={`Statechart of ${actor.name}, in ${valueText(snapshot.value)}`}
        onChoose={choose}
        onPanZoom={onPanZoom}
      />
    </div>
  )
}
