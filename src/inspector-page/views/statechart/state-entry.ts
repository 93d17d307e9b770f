import type { LogEntry } from '../../model/state.ts'
import { activeStates } from './active-states.ts'
import type { Chart } from './chart.ts'

/** Index of the log's newest entry that led an actor into a state; undefined if none did. */
export function latestEntryInto(
  chart: Chart,
  state: string,
  sessionId: string,
  log: readonly LogEntry[],
): number | undefined {
  let found: number | undefined
  let wasIn = false
  for (const { index, message, sessionId: of } of log) {
    if (of !== sessionId) continue
    if (message.type !== '@xstate.actor' && message.type !== '@xstate.snapshot') continue
    const isIn = activeStates(chart, message.snapshot.value).has(state)
    const passes = message.type === '@xstate.snapshot' && message.transitions?.some(({ to }) => to.includes(state))
    if ((isIn && !wasIn) || passes === true) found = index
    wasIn = isIn
  }
  return found
}
