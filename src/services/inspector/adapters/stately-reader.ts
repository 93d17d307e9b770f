import { isJson, isObject } from '../wire/check.ts'
import type { EventMessage, InspectorMessage, Json, JsonObject, SnapshotView } from '../wire/messages.ts'
import type { AdoptedSource } from './adopted-source.ts'
import type { ForeignReader, Told } from './foreign-reader.ts'

/** Characters of a name and of an error's text. */
const MAX_NAME = 200
const MAX_ERROR = 1_000

/** What `@statelyai/inspect` 0.7 has in each message; older ones have no `_version`. */
export interface StatelyTold extends Told {
  readonly type: string
  readonly _version: string
  readonly sessionId: string
}

/** Whether this may be a message of `@statelyai/inspect`. */
export function isStately(value: unknown): value is StatelyTold {
  return (
    isObject(value) &&
    typeof value.type === 'string' &&
    value.type.startsWith('@xstate.') &&
    typeof value._version === 'string' &&
    typeof value.sessionId === 'string'
  )
}

/** Reads the messages of `@statelyai/inspect`: XState 5, in another process or page. */
export class StatelyReader implements ForeignReader {
  readonly #source: AdoptedSource

  constructor(source: AdoptedSource) {
    this.#source = source
  }

  read(told: Told, now: number): readonly InspectorMessage[] | null {
    if (!isStately(told)) return null
    const { type, sessionId } = told
    const time = timeOf(told['createdAt'], now)
    switch (type) {
      case '@xstate.actor':
        return this.#source.actor(actorOf(told, sessionId), time)
      case '@xstate.event':
        return this.#source.event(sessionId, eventOf(told['event']), textOf(told['sourceId']), time)
      case '@xstate.snapshot': {
        const event = eventOf(told['event'])
        const snapshot = snapshotOf(told['snapshot'])
        // Some kinds of actors stay `active` when they are stopped.
        const hasEnded = snapshot.status === 'active' && event.type === 'xstate.stop'
        return this.#source.snapshot(sessionId, hasEnded ? { ...snapshot, status: 'stopped' } : snapshot, event, time)
      }
      default:
        // A later version may have more.
        return []
    }
  }
}

function actorOf(told: Told, sessionId: string): Parameters<AdoptedSource['actor']>[0] {
  const snapshot = snapshotOf(told['snapshot'])
  return {
    sessionId,
    name: (textOf(told['name']) ?? sessionId).slice(0, MAX_NAME),
    parentId: textOf(told['parentId']),
    rootId: textOf(told['rootId']),
    snapshot,
    // Actors that are no machines have one too, of nothing but their names.
    definition: snapshot.value === undefined ? undefined : textOf(told['definition']),
  }
}

/** Theirs have more members, as the children. What is not of the right type is refused when the message is checked. */
function snapshotOf(value: unknown): SnapshotView {
  const { status = 'active', value: state, context, output, error }: Told = isObject(value) ? value : {}
  return {
    status: status as SnapshotView['status'],
    ...(state !== undefined && { value: state as Json }),
    ...(isObject(context) && { context: context as JsonObject }),
    ...(output !== undefined && { output: output as Json }),
    ...(error !== undefined && { error: errorText(error) }),
  }
}

function eventOf(value: unknown): EventMessage['event'] {
  return (isObject(value) ? value : { type: '' }) as EventMessage['event']
}

/** An error has nothing left in it once it is JSON. */
function errorText(error: unknown): string {
  const message = isObject(error) && typeof error.message === 'string' ? error.message : error
  if (typeof message === 'string') return message.slice(0, MAX_ERROR)
  return isJson(error) ? JSON.stringify(error).slice(0, MAX_ERROR) : ''
}

/** Milliseconds as text: when it was made ready to be sent, which is a moment after it happened. */
function timeOf(createdAt: unknown, now: number): number {
  const time = typeof createdAt === 'string' ? Number(createdAt) : NaN
  return Number.isFinite(time) && time > 0 ? time : now
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
