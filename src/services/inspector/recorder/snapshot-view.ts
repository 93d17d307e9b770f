import type { ActorKind, SnapshotView } from '../wire/messages.ts'
import { CONTEXT_VIEWS } from './context-views.ts'
import { errorText, toPlainJson, toPlainObject } from './plain-json.ts'
import type { RunningSnapshot } from './running-actor.ts'
import type { Scope } from './scope.ts'

/** States within states; the wire takes 24. */
const MAX_STATES = 20

/**
 * What may be told of a snapshot.
 *
 * @param pick - of what of its context the application has said so; without it nothing is told of the context, unless the actor runs one of our own machines.
 */
export function snapshotView(snapshot: RunningSnapshot, kind: ActorKind, pick: Scope['pick']): SnapshotView {
  const { status, output, error, context } = snapshot
  return {
    status,
    ...(snapshot.machine !== undefined && { value: toPlainJson(snapshot.value, MAX_STATES) }),
    // An actor that failed while it was made has none.
    ...(context !== undefined && contextView(context, kind, pick)),
    ...(output !== undefined && { output: toPlainJson(output) }),
    ...(status === 'error' && { error: errorText(error) }),
  }
}

function contextView(context: unknown, kind: ActorKind, pick: Scope['pick']): Pick<SnapshotView, 'context'> {
  if (pick !== undefined) return { context: toPlainObject(pick(context as never)) }
  return kind === 'other' ? {} : { context: CONTEXT_VIEWS[kind](context as never) }
}
