import type { LogEntry } from './state.ts'

export type EntryKind = LogEntry['kind']

export const ENTRY_KINDS: readonly EntryKind[] = ['source', 'actor', 'event', 'snapshot', 'end', 'verdict', 'packet']

/** Which lines of the timeline are wanted; what is null or empty does not matter. */
export interface LogFilter {
  /** Kinds that are not wanted. */
  readonly hidden: ReadonlySet<EntryKind>
  /** Whether of snapshots only those are wanted that have another state. */
  readonly transitionsOnly: boolean
  readonly group: string | null
  /** Session id of an actor, or of a mesh whose peers are meant too. */
  readonly actor: string | null
  /** Anywhere in the line or its message, in capitals or not. */
  readonly text: string
}

export const NO_FILTER: LogFilter = { hidden: new Set(), transitionsOnly: false, group: null, actor: null, text: '' }

export const isFiltering = ({ hidden, transitionsOnly, group, actor, text }: LogFilter): boolean =>
  hidden.size > 0 || transitionsOnly || group !== null || actor !== null || text !== ''

export function matches(filter: LogFilter, entry: LogEntry): boolean {
  if (filter.hidden.has(entry.kind)) return false
  if (filter.transitionsOnly && entry.kind === 'snapshot' && !entry.isTransition) return false
  if (filter.group !== null && entry.group !== filter.group) return false
  if (filter.actor !== null && entry.sessionId !== filter.actor) return false
  return filter.text === '' || haystack(entry).includes(filter.text.toLowerCase())
}

/** Made when somebody searches, and kept as long as the entry. */
const haystacks = new WeakMap<LogEntry, string>()

function haystack(entry: LogEntry): string {
  const known = haystacks.get(entry)
  if (known !== undefined) return known
  // A definition is as long as a thousand lines, and no news.
  const { definition: _, ...message } = { definition: '', ...entry.message }
  const text = `${entry.label} ${entry.kind} ${entry.text} ${JSON.stringify(message)}`.toLowerCase()
  haystacks.set(entry, text)
  return text
}
