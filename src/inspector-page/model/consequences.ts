import type { LogEntry } from './state.ts'

/** As far ahead as it is looked for what an event led to. */
const SEARCHED = 1_000
const MOST = 20

/** The entries that an event led to: the state of its actor afterwards, and nothing else, since what that actor sent is an event of its own. */
export function consequencesOf(log: readonly LogEntry[], index: number): readonly LogEntry[] {
  const from = index - (log[0]?.index ?? 0) + 1
  if (from < 1) return []
  const found: LogEntry[] = []
  for (let i = from; i < Math.min(log.length, from + SEARCHED) && found.length < MOST; i++) {
    const entry = log[i]
    if (entry?.causedBy === index) found.push(entry)
  }
  return found
}
