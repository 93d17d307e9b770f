import type { ActorMessage, EventMessage, InspectorMessage, SnapshotMessage, SnapshotView } from '../wire/messages.ts'
import type { ForeignWriter } from './foreign-writer.ts'
import { ToldActors } from './told-actors.ts'
import { eventTypeToV4 } from './v4-event-types.ts'
import { machineToV4 } from './v4-machine-writer.ts'

/** With what a machine of XState 4 begins. */
const INIT: EventMessage['event'] = { type: 'xstate.init' }

/** Tells what there is in the messages of `@xstate/inspect` 0.8, as a server of XState 4 would tell of its services. Actors that are no machines are none. */
export class ServiceWriter implements ForeignWriter {
  readonly #told = new ToldActors(machineToV4)

  write(message: InspectorMessage): readonly object[] {
    switch (message.type) {
      case 'webrtc.source-gone':
        return this.#told.end(message.source).map(({ sessionId }) => ({ type: 'service.stop', sessionId }))
      case '@xstate.actor':
        return this.#register(message)
      case '@xstate.event':
        return this.#told.has(message) ? [eventFor(message)] : []
      case '@xstate.snapshot':
        return this.#told.has(message) ? this.#state(message) : []
      default:
        return []
    }
  }

  #register(message: ActorMessage): readonly object[] {
    const { sessionId, name, parentId, snapshot } = message
    const machine = this.#told.definitionOf(message)
    if (machine === undefined || snapshot.value === undefined || !this.#told.add(message)) return []
    const state = stateText(sessionId, snapshot, INIT)
    return [{ type: 'service.register', machine, state, id: name, sessionId, parent: parentId }]
  }

  #state(message: SnapshotMessage): readonly object[] {
    const { sessionId, snapshot, event } = message
    const told = { type: 'service.state', state: stateText(sessionId, snapshot, event), sessionId }
    if (snapshot.status === 'active') return [told]
    this.#told.remove(message)
    return [told, { type: 'service.stop', sessionId }]
  }
}

function eventFor({ sessionId, event, sourceId }: EventMessage): object {
  return { type: 'service.event', event: JSON.stringify(scxmlEvent(event, sourceId)), sessionId }
}

/** The form in which XState 4 keeps events: as SCXML has them. */
function scxmlEvent(event: EventMessage['event'], origin?: string): object {
  const name = eventTypeToV4(event.type)
  return { name, data: { ...event, type: name }, $$type: 'scxml', type: 'external', origin }
}

/** What XState 4's `State.create` takes. Which states are active it knows from `value` alone, once its machine resolves it. */
function stateText(sessionId: string, snapshot: SnapshotView, event: EventMessage['event']): string {
  const { value = {}, context = {}, status } = snapshot
  return JSON.stringify({
    value,
    context,
    event: { ...event, type: eventTypeToV4(event.type) },
    _event: scxmlEvent(event),
    _sessionid: sessionId,
    actions: [],
    activities: {},
    meta: {},
    events: [],
    configuration: [],
    transitions: [],
    children: {},
    done: status === 'done',
    tags: [],
    changed: true,
  })
}
