import { isObject } from '../wire/check.ts'
import type { EventMessage, InspectorMessage, Json, JsonObject, SnapshotView } from '../wire/messages.ts'
import type { AdoptedSource } from './adopted-source.ts'
import type { ForeignReader, Told } from './foreign-reader.ts'
import { eventTypeFromV4 } from './v4-event-types.ts'
import { machineFromV4 } from './v4-machine-reader.ts'

/** Characters of a name. */
const MAX_NAME = 200
/** Characters of a state value that is remembered until the service stops. */
const MAX_VALUE = 1_000

/** A message of `@xstate/inspect`. */
export interface ServiceTold extends Told {
  readonly type: string
  readonly sessionId: string
}

/** Whether this may be a message of `@xstate/inspect`. */
export function isServiceTold(value: unknown): value is ServiceTold {
  return (
    isObject(value) &&
    typeof value.type === 'string' &&
    value.type.startsWith('service.') &&
    typeof value.sessionId === 'string'
  )
}

/** Reads the messages of `@xstate/inspect` 0.8: services of XState 4, in another process or page. They have no times, so each has happened when it comes. */
export class ServiceReader implements ForeignReader {
  readonly #source: AdoptedSource
  /** State values of living services: the end of one is told without. */
  readonly #values = new Map<string, Json>()

  constructor(source: AdoptedSource) {
    this.#source = source
  }

  read(told: Told, now: number): readonly InspectorMessage[] | null {
    if (!isServiceTold(told)) return null
    const { type, sessionId } = told
    switch (type) {
      case 'service.register':
        return this.#register(told, now)
      case 'service.event': {
        const { data, origin } = parse(told['event']) ?? {}
        const event = isObject(data) ? eventOf(data) : null
        return event && this.#source.event(sessionId, event, textOf(origin), now)
      }
      case 'service.state':
        // Of a service that is just being started there is no state yet, and they say so without one.
        return told['state'] === undefined ? [] : this.#state(sessionId, parse(told['state']), now)
      case 'service.stop':
        return this.#stop(sessionId, now)
      default:
        return []
    }
  }

  /** Whoever begins to look is told of all services again, then without their ids and parents. */
  #register(told: ServiceTold, now: number): InspectorMessage[] | null {
    const { sessionId } = told
    const [machine, state] = [parse(told['machine']), parse(told['state'])]
    if (machine === null || state === null) return null
    const definition = machineFromV4(machine)
    const known = this.#source.known(sessionId)
    const name = textOf(told['id']) ?? known?.name ?? definition?.id ?? sessionId
    const snapshot = snapshotOf(state)
    const messages = this.#source.actor(
      {
        sessionId,
        name: name.slice(0, MAX_NAME),
        parentId: textOf(told['parent']) ?? known?.parentId,
        snapshot,
        definition: definition === null ? undefined : JSON.stringify(definition),
      },
      now,
    )
    if (messages !== null) this.#remember(sessionId, snapshot)
    return messages
  }

  #state(sessionId: string, state: Told | null, now: number): InspectorMessage[] | null {
    if (state === null) return null
    const snapshot = snapshotOf(state)
    const event = isObject(state['event']) ? eventOf(state['event']) : null
    const messages = this.#source.snapshot(sessionId, snapshot, event ?? { type: '' }, now)
    if (messages !== null) this.#remember(sessionId, snapshot)
    return messages
  }

  #stop(sessionId: string, now: number): InspectorMessage[] | null {
    const value = this.#values.get(sessionId)
    this.#values.delete(sessionId)
    // One in a final state has ended before.
    if (this.#source.known(sessionId) === undefined) return []
    const snapshot: SnapshotView = { status: 'stopped', ...(value !== undefined && { value }) }
    return this.#source.snapshot(sessionId, snapshot, { type: 'xstate.stop' }, now)
  }

  #remember(sessionId: string, { value }: SnapshotView): void {
    this.#values.delete(sessionId)
    if (value === undefined || this.#source.known(sessionId) === undefined) return
    if (JSON.stringify(value).length <= MAX_VALUE) this.#values.set(sessionId, value)
  }
}

function snapshotOf({ value, context, done }: Told): SnapshotView {
  return {
    status: done === true ? 'done' : 'active',
    ...(value !== undefined && { value: value as Json }),
    ...(isObject(context) && { context: context as JsonObject }),
  }
}

function eventOf(data: Told): EventMessage['event'] | null {
  const { type } = data
  return typeof type === 'string' ? { ...data, type: eventTypeFromV4(type) } : null
}

/** Machines, states and events are texts in their messages. */
function parse(text: unknown): Told | null {
  if (typeof text !== 'string') return null
  try {
    const value: unknown = JSON.parse(text)
    return isObject(value) ? value : null
  } catch {
    return null
  }
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)
