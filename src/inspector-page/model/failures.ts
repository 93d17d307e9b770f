import type { LogEntry } from './state.ts'

/** Beyond these nobody reads on. */
const MOST = 100

/** The entries that tell of something that went wrong for good, oldest first: verdicts, and actors that ended with an error. */
export function failuresOf(entries: readonly LogEntry[]): readonly LogEntry[] {
  const found: LogEntry[] = []
  for (const entry of entries) {
    if (isFailure(entry)) found.push(entry)
    if (found.length === MOST) break
  }
  return found
}

/** Those after an index, newest first. */
export function newFailuresOf(entries: readonly LogEntry[], after: number): readonly LogEntry[] {
  const found: LogEntry[] = []
  for (let i = entries.length - 1; i >= 0 && found.length < MOST; i--) {
    const entry = entries[i]
    if (!entry || entry.index <= after) break
    if (isFailure(entry)) found.push(entry)
  }
  return found
}

function isFailure({ kind, message }: LogEntry): boolean {
  return kind === 'verdict' || (message.type === '@xstate.snapshot' && message.snapshot.status === 'error')
}
