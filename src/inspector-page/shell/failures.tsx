import { type ReactNode, useState } from 'react'
import { failuresOf, newFailuresOf } from '../model/failures.ts'
import type { Recording } from '../model/recording.ts'
import type { Session } from '../model/session.ts'
import type { LogEntry } from '../model/state.ts'
import { clockText } from '../model/time-text.ts'
import { useVersion } from './use-version.ts'

interface FailuresProps {
  readonly session: Session
  readonly recording: Recording | null
  /** Shows the moment of an entry. */
  readonly onShow: (entry: LogEntry) => void
}

/** Milliseconds between two looks for new ones. */
const PAUSE = 500

/** Verdicts and errors, at the top of everything: of a recording all of them, from the first on; of what is live the newest first, until they are put away. */
export function Failures({ session, recording, onShow }: FailuresProps): ReactNode {
  useVersion(session, PAUSE)
  const [putAway, setPutAway] = useState(-1)
  const [areAllShown, setAllShown] = useState(false)
  const failures = recording ? failuresOf(recording.entries) : newFailuresOf(session.log, putAway)
  const [first, ...others] = failures
  if (!first) return null
  return (
    <section className="failures" aria-label="Failures">
      <ul>
        {[first, ...(areAllShown ? others : [])].map((entry) => (
          <Failure key={entry.index} entry={entry} onShow={onShow} />
        ))}
      </ul>
      <div className="failures-actions">
        {others.length > 0 && (
          <button type="button" aria-expanded={areAllShown} onClick={() => setAllShown(!areAllShown)}>
            {areAllShown ? 'Show one' : `${others.length} more`}
          </button>
        )}
        {!recording && (
          <button type="button" onClick={() => setPutAway(first.index)}>
            Put away
          </button>
        )}
      </div>
    </section>
  )
}

function Failure({
  entry,
  onShow,
}: {
  readonly entry: LogEntry
  readonly onShow: (entry: LogEntry) => void
}): ReactNode {
  const { kind, label, group, text, time } = entry
  return (
    <li>
      <svg className="mark mark-failed" viewBox="0 0 12 12" aria-hidden="true">
        <path d="M6 1.5 11 10.5H1Z" fill="currentColor" />
      </svg>
      <strong>
        {kind === 'verdict' ? `No connection ${label}` : label}
        {group !== '' && ` in ${group}`}
      </strong>
      <span>{text}</span>
      <button type="button" className="link" onClick={() => onShow(entry)}>
        Show {clockText(time)}
      </button>
    </li>
  )
}
