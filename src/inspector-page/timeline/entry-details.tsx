import type { ReactNode } from 'react'
import type { InspectorMessage } from '../../services/inspector/wire/messages.ts'
import { consequencesOf } from '../model/consequences.ts'
import type { LogEntry } from '../model/state.ts'
import { clockText, spanText } from '../model/time-text.ts'
import { JsonTree } from './json-tree.tsx'
import { KIND_TEXT } from './kind-mark.tsx'

interface EntryDetailsProps {
  readonly entry: LogEntry
  readonly log: readonly LogEntry[]
  readonly onGo: (entry: LogEntry) => void
  /** Shows every view as it was then; null where they do already. */
  readonly onMoment: ((entry: LogEntry) => void) | null
  readonly onOnlyActor: (entry: LogEntry) => void
  readonly onClose: () => void
}

/** All of one entry: what led to it and what it led to, and the message as it came. */
export function EntryDetails({ entry, log, onGo, onMoment, onOnlyActor, onClose }: EntryDetailsProps): ReactNode {
  const first = log[0]?.index ?? 0
  const cause = entry.causedBy === null ? undefined : log[entry.causedBy - first]
  const effects = entry.kind === 'event' ? consequencesOf(log, entry.index) : []
  return (
    <aside className="entry-details" aria-label="Details of the entry">
      <header>
        <h3>
          {KIND_TEXT[entry.kind]} <span className="faint">{entry.label}</span>
        </h3>
        <button type="button" aria-label="Close the details" onClick={onClose}>
          ×
        </button>
      </header>
      <p className="entry-details-text">{entry.text}</p>
      <ul className="entry-details-links">
        {cause && <Other entry={cause} from={entry} what="led to by" onGo={onGo} />}
        {effects.map((effect) => (
          <Other key={effect.index} entry={effect} from={entry} what="led to" onGo={onGo} />
        ))}
      </ul>
      <div className="entry-details-actions">
        {onMoment && (
          <button type="button" onClick={() => onMoment(entry)}>
            Show this moment
          </button>
        )}
        {entry.sessionId !== '' && (
          <button type="button" onClick={() => onOnlyActor(entry)}>
            Only this actor
          </button>
        )}
      </div>
      <p className="faint">
        Entry {entry.index + 1}, {clockText(entry.time)}, message {entry.seq} of {entry.source}
      </p>
      <Message key={entry.index} message={entry.message} />
    </aside>
  )
}

/** Members that are the same, or of no interest, in nearly every message. */
const STAMPS: ReadonlySet<string> = new Set([
  ...['type', 'source', 'seq', 'time', 'id', '_version', 'createdAt', 'sessionId', 'rootId'],
  ...['name', 'parentId', 'kind', 'group', 'uniqueId', 'machine', 'causedBy'],
])

function Message({ message }: { readonly message: InspectorMessage }): ReactNode {
  const members: readonly (readonly [string, unknown])[] = Object.entries(message)
  return (
    <div className="json">
      {members
        .filter(([name]) => !STAMPS.has(name))
        .map(([name, value]) => (
          <JsonTree key={name} name={name} value={value} isOpen={name !== 'definition'} />
        ))}
      <JsonTree name="stamp" value={Object.fromEntries(members.filter(([name]) => STAMPS.has(name)))} />
    </div>
  )
}

interface OtherProps {
  readonly entry: LogEntry
  readonly from: LogEntry
  readonly what: string
  readonly onGo: (entry: LogEntry) => void
}

function Other({ entry, from, what, onGo }: OtherProps): ReactNode {
  return (
    <li>
      <span className="faint">{what}</span>{' '}
      <button type="button" className="link" onClick={() => onGo(entry)}>
        {entry.text} ({spanText(entry.time - from.time)})
      </button>
    </li>
  )
}
