import type {
  ActorMessage,
  EventMessage,
  InspectorMessage,
  SnapshotMessage,
  SourceGoneMessage,
  StatelyStamp,
} from '../wire/messages.ts'
import type { ForeignWriter } from './foreign-writer.ts'
import { ToldActors } from './told-actors.ts'

/** Tells what there is in the messages of `@statelyai/inspect`, without what these do not know. */
export class StatelyWriter implements ForeignWriter {
  readonly #told = new ToldActors((definition) => definition)

  write(message: InspectorMessage): readonly object[] {
    switch (message.type) {
      case 'webrtc.source-gone':
        return this.#gone(message)
      case '@xstate.actor':
        return this.#actor(message)
      case '@xstate.event':
        return this.#told.has(message) ? [eventFor(message)] : []
      case '@xstate.snapshot': {
        if (!this.#told.has(message)) return []
        if (message.snapshot.status !== 'active') this.#told.remove(message)
        return [snapshotFor(message)]
      }
      default:
        return []
    }
  }

  #actor(message: ActorMessage): readonly object[] {
    const { type, name, parentId, snapshot } = message
    // They have one for everything.
    const definition = this.#told.definitionOf(message) ?? JSON.stringify({ id: name })
    if (!this.#told.add(message)) return []
    return [{ type, name, definition, ...stampFor(message), parentId, snapshot }]
  }

  #gone({ source, time }: SourceGoneMessage): readonly object[] {
    return this.#told.end(source).map((actor) => ({
      type: '@xstate.snapshot',
      event: { type: 'xstate.stop' },
      snapshot: { status: 'stopped' },
      ...stampFor({ ...actor, id: null, createdAt: String(Math.trunc(time)) }),
    }))
  }
}

function eventFor({ type, event, sourceId, ...message }: EventMessage): object {
  return { type, event, sourceId, ...stampFor(message) }
}

function snapshotFor({ type, event, snapshot, ...message }: SnapshotMessage): object {
  return { type, event, snapshot, ...stampFor(message) }
}

function stampFor({ sessionId, rootId, id, createdAt, _version }: StatelyStamp): StatelyStamp {
  return { sessionId, rootId, id, createdAt, _version }
}
