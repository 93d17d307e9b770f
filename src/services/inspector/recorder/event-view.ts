import type { EventMessage } from '../wire/messages.ts'
import { shortText, toPlainObject } from './plain-json.ts'
import type { RunningEvent } from './running-actor.ts'

/** Characters of an event's type. */
const MAX_TYPE = 200

/** What is told of an event. Of those that bring a whole input or snapshot only the type: they hold what is kept back of contexts. */
export function eventView(event: RunningEvent): EventMessage['event'] {
  const type = shortText(event.type, MAX_TYPE)
  if (type === 'xstate.init' || type.startsWith('xstate.snapshot.')) return { type }
  return { ...toPlainObject(event), type }
}
