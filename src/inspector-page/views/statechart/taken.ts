import type { TransitionTaken } from '../../../services/inspector/wire/messages.ts'
import type { Chart, ChartTransition } from './chart.ts'
import { eventText, meansEvent, triggerText } from './transition-text.ts'

/** The ids of those transitions of a chart that were taken. */
export function takenTransitions(chart: Chart, taken: readonly TransitionTaken[]): ReadonlySet<string> {
  return new Set(taken.flatMap((each) => find(chart, each)?.id ?? []))
}

function find(chart: Chart, taken: TransitionTaken): ChartTransition | undefined {
  const candidates = chart.transitions.filter(
    (transition) => transition.source === taken.from && isTriggeredBy(transition, taken.eventType),
  )
  // Several with the same event differ by their guards, or else by their targets.
  return (
    candidates.find(({ guard, targets }) => guard === (taken.guard ?? null) && isSame(targets, taken.to)) ??
    candidates.find(({ guard }) => guard === (taken.guard ?? null)) ??
    candidates.find(({ targets }) => isSame(targets, taken.to))
  )
}

const isSame = (a: readonly string[], b: readonly string[]): boolean =>
  a.length === b.length && a.every((id) => b.includes(id))

function isTriggeredBy({ trigger, source }: ChartTransition, type: string): boolean {
  switch (trigger.kind) {
    case 'always':
      return type === ''
    case 'after':
      return type === `xstate.after.${trigger.name}.${source}` || eventText(type) === triggerText(trigger)
    case 'done':
      return type === `xstate.done.state.${source}`
    case 'event':
      return meansEvent(trigger.name, type)
  }
}
