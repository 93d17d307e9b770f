import { type ReactNode, type RefObject, useMemo, useState } from 'react'
import { FilteredLog } from '../model/filtered-log.ts'
import type { LogFilter } from '../model/log-filter.ts'
import type { Recording } from '../model/recording.ts'
import type { Selection } from '../model/selection.ts'
import { labelOf } from '../model/entry-text.ts'
import type { Session } from '../model/session.ts'
import type { LogEntry } from '../model/state.ts'
import { useVersion } from '../shell/use-version.ts'
import { EntryDetails } from './entry-details.tsx'
import { EntryRow } from './entry-row.tsx'
import { FilterBar } from './filter-bar.tsx'
import { VirtualList } from './virtual-list.tsx'

interface TimelineProps {
  readonly session: Session
  /** If one is looked at, the timeline goes on beyond the moment that is shown. */
  readonly recording: Recording | null
  readonly selection: Selection
  /** Somebody wants to see an entry; in a recording the moment of it. */
  readonly onEntry: (entry: LogEntry | null) => void
  /** Shows the moment of an entry of what is live. */
  readonly onMoment: (entry: LogEntry) => void
  readonly filter: LogFilter
  readonly onFilter: (filter: LogFilter) => void
  /** What was there when it was paused; null while it is not. */
  readonly paused: readonly LogEntry[] | null
  readonly onPause: () => void
  readonly search: RefObject<HTMLInputElement | null>
}

export function Timeline(props: TimelineProps): ReactNode {
  const { session, recording, selection, onEntry, onMoment, filter, onFilter, paused, onPause, search } = props
  useVersion(session)
  const [isFollowing, setFollowing] = useState(true)
  const log = recording?.entries ?? paused ?? session.log
  // A log that is another one begins at its own beginning.
  const filtered = useMemo(() => new FilteredLog(filter), [filter, recording, paused, session])
  const entries = filtered.read(log)
  const now = recording?.entry ?? null
  const chosen = recording ? now : (selection.entry ?? null)
  const entry = chosen === null ? undefined : log[chosen - (log[0]?.index ?? 0)]
  const [hasDetails, setDetails] = useState(true)
  const nameOf = (sessionId: string): string => {
    const actor = session.actors.get(sessionId)
    return actor ? labelOf(actor) : sessionId
  }
  const fresh = paused ? endOf(session.log) - endOf(paused) : 0

  const choose = (entry: LogEntry): void => {
    setFollowing(false)
    setDetails(true)
    onEntry(entry)
  }
  return (
    <section className="timeline" aria-label="Timeline">
      <div className="timeline-tools">
        <h2>Timeline</h2>
        <FilterBar
          filter={filter}
          onChange={onFilter}
          groups={groupsOf(session)}
          labelOf={nameOf}
          chosenActor={selection.actor}
          search={search}
        />
        <p className="timeline-count">
          {entries.length === log.length ? log.length : `${entries.length} of ${log.length}`}
        </p>
        {!recording && !isFollowing && !paused && (
          <button type="button" onClick={() => setFollowing(true)}>
            Follow
          </button>
        )}
        {!recording && (
          <button type="button" aria-pressed={paused !== null} title="Pause or go on (space)" onClick={onPause}>
            {paused ? `Go on, ${fresh} new` : 'Pause'}
          </button>
        )}
      </div>
      <div className={entry && hasDetails ? 'timeline-body has-details' : 'timeline-body'}>
        {entries.length === 0 ? (
          <p className="empty">{log.length === 0 ? 'Nothing has happened yet.' : 'Nothing matches the filter.'}</p>
        ) : (
          <VirtualList
            key={`${recording ? 'recording' : paused ? 'paused' : 'live'} ${JSON.stringify([...filter.hidden, filter])}`}
            label="Entries"
            entries={entries}
            chosen={chosen}
            isFollowing={isFollowing && !recording && !paused}
            onFollow={setFollowing}
            onChoose={choose}
            row={(entry, before) => (
              <EntryRow
                entry={entry}
                before={before}
                isAhead={now !== null && entry.index > now}
                isNow={entry.index === now}
              />
            )}
          />
        )}
        {entry && hasDetails && (
          <EntryDetails
            entry={entry}
            log={log}
            onGo={choose}
            onMoment={recording ? null : onMoment}
            onOnlyActor={({ sessionId }) => onFilter({ ...filter, actor: sessionId })}
            onClose={() => {
              setDetails(false)
              onEntry(null)
            }}
          />
        )}
      </div>
    </section>
  )
}

/** Index after the last entry. */
const endOf = (log: readonly LogEntry[]): number => (log.at(-1)?.index ?? -1) + 1

function groupsOf({ actors }: Session): readonly string[] {
  const groups = new Set<string>()
  for (const { group } of actors.values()) if (group !== '') groups.add(group)
  return [...groups].sort()
}
