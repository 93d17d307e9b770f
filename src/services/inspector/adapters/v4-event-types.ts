/** Types of events that XState makes itself, as they begin in XState 5 and 4; what follows is the same. */
const BEGINNINGS = [
  ['xstate.done.actor.', 'done.invoke.'],
  ['xstate.error.actor.', 'error.platform.'],
  ['xstate.done.state.', 'done.state.'],
] as const
/** Delay and state. */
const AFTER_5 = /^xstate\.after\.([^.]+)\.(.+)$/s
const AFTER_4 = /^xstate\.after\((.+?)\)#(.+)$/s

/** What XState 4 calls an event of XState 5. */
export function eventTypeToV4(type: string): string {
  const [, delay, state] = AFTER_5.exec(type) ?? []
  if (delay !== undefined && state !== undefined) return `xstate.after(${delay})#${state}`
  for (const [five, four] of BEGINNINGS) if (type.startsWith(five)) return four + type.slice(five.length)
  return type
}

/** What XState 5 calls an event of XState 4. */
export function eventTypeFromV4(type: string): string {
  const { delay, state } = readAfterV4(type) ?? {}
  if (delay !== undefined && state !== undefined) return `xstate.after.${delay}.${state}`
  for (const [five, four] of BEGINNINGS) if (type.startsWith(four)) return five + type.slice(four.length)
  return type
}

/** The delay and the state of a timer's event; null for any other. */
export function readAfterV4(type: string): { readonly delay: string; readonly state: string } | null {
  const [, delay, state] = AFTER_4.exec(type) ?? []
  return delay === undefined || state === undefined ? null : { delay, state }
}
