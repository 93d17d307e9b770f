import type { TransitionTaken } from '../wire/messages.ts'
import { type MachineTransition, nameOf } from './machine-node.ts'
import { nameText } from './plain-json.ts'

/** The transitions of one microstep. XState tells them under a name that it calls its own, so that any form of it is taken. */
export function transitionsTaken(event: object): TransitionTaken[] {
  const { _transitions: transitions } = event as { _transitions?: readonly MachineTransition[] }
  return (transitions ?? []).map(taken)
}

function taken({ eventType, source, target, guard }: MachineTransition): TransitionTaken {
  return {
    eventType: nameText(eventType),
    from: nameText(source.id),
    to: target?.map(({ id }) => nameText(id)) ?? [],
    ...(guard !== undefined && { guard: nameText(nameOf(guard)) }),
  }
}
