import type { HistoryEntry, Violation } from '../../../src/testing/index.ts'

/** Entries before a violation that a report shows. */
const BEFORE = 12

/** One entry as a line. */
export function entryLine({ at, kind, ...rest }: HistoryEntry): string {
  const { on = '', layer = '', ...facts } = rest as Record<string, unknown>
  const text = Object.entries(facts).map(([name, value]) => `${name}=${JSON.stringify(value)}`)
  return [at.toFixed(1).padStart(9), kind.padEnd(12), `${String(on)} ${String(layer)}`.padEnd(15), ...text].join(' ')
}

/** A violation, and what happened to the one it concerns, or to all, just before. */
export function violationText(entries: readonly HistoryEntry[], violation: Violation): string {
  const { rule, demands, since, at, on, index, message } = violation
  const isOfInterest = (entry: HistoryEntry): boolean => on === '' || !('on' in entry) || entry.on === on
  const last = entries.slice(0, index + 1).filter(isOfInterest).slice(-BEFORE) // prettier-ignore
  return [
    `${rule}: ${message}`,
    `  at ${at.toFixed(1)} ms; demanded since ${since.toFixed(1)} ms: ${demands}`,
    ...last.map((entry) => `  ${entryLine(entry)}`),
  ].join('\n')
}
