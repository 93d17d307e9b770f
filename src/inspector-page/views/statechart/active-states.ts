import type { Json } from '../../../services/inspector/wire/messages.ts'
import type { Chart } from './chart.ts'

/** The states that an actor is in, by its snapshot's value: each with those around it. */
export function activeStates(chart: Chart, value: Json | undefined): ReadonlySet<string> {
  const active = new Set<string>()
  enter(chart, chart.root, value, active)
  return active
}

function enter(chart: Chart, id: string, value: Json | undefined, active: Set<string>): void {
  const state = chart.states.get(id)
  if (!state || value === undefined) return
  active.add(id)
  const within = typeof value === 'string' ? { [value]: {} } : value
  if (typeof within !== 'object' || within === null) return
  for (const child of state.children) {
    const name = chart.states.get(child)?.name ?? ''
    if (Object.hasOwn(within, name)) enter(chart, child, (within as Readonly<Record<string, Json>>)[name], active)
  }
}

/** Those of the active states that have none within them. */
export function activeLeaves(chart: Chart, active: ReadonlySet<string>): readonly string[] {
  return [...active].filter((id) => !chart.states.get(id)?.children.some((child) => active.has(child)))
}
