import type {
  ActorMessage,
  EventMessage,
  InspectorMessage,
  SnapshotMessage,
  SnapshotView,
  SourceMessage,
  Stamp,
  StatelyStamp,
} from '../wire/messages.ts'
import { checkInspectorMessage } from '../wire/parse.ts'
import { STATELY_VERSION } from '../wire/version.ts'
import { MachineTexts } from './machine-texts.ts'

/** Living actors of one source of which something is remembered; of further ones nothing is, and they are told of all the same. */
const MOST_ACTORS = 10_000
/** Events without their snapshots; where more wait, the oldest are told to have led nowhere. */
const MOST_WAITING = 256

/** As whom a source is shown that does not introduce itself. */
export type Introduction = Pick<SourceMessage, 'name' | 'platform' | 'detail' | 'version'>

/** An actor as another inspector tells of it, with its ids there. */
export interface AdoptedActor {
  readonly sessionId: string
  readonly name: string
  readonly parentId?: string | undefined
  /** Default: that of its parent. */
  readonly rootId?: string | undefined
  readonly snapshot: SnapshotView
  /** JSON text of its machine. */
  readonly definition?: string | undefined
}

/** What is remembered of an actor. */
export interface KnownActor {
  readonly name: string
  readonly parentId: string | undefined
  readonly rootId: string
}

type Body = Omit<ActorMessage, keyof Stamp> | Omit<EventMessage, keyof Stamp> | Omit<SnapshotMessage, keyof Stamp>

/**
 * A source that tells of itself in the form of another inspector. What that does not know is added: numbers, times, ids that nobody else has, machines by name, which event led to which
 * snapshot. Each method gives the messages to tell on; null if they would not have the form that `messages.ts` gives.
 */
export class AdoptedSource {
  readonly #source: string
  readonly #introduction: Introduction
  #seq = 0
  readonly #actors = new Map<string, KnownActor>()
  readonly #machines = new MachineTexts()
  #waiting: readonly { readonly sessionId: string; readonly type: string; readonly seq: number }[] = []

  /** @param source - a name that no other source has. */
  constructor(source: string, introduction: Introduction) {
    this.#source = source
    this.#introduction = introduction
  }

  /** A living actor, by its id there. */
  known(sessionId: string): KnownActor | undefined {
    return this.#actors.get(sessionId)
  }

  /** @param time - milliseconds since 1970. */
  actor(told: AdoptedActor, time: number): InspectorMessage[] | null {
    const { sessionId, name, parentId, snapshot, definition = '' } = told
    const machine = definition === '' ? null : this.#machines.of(definition)
    const rootId =
      told.rootId ?? (parentId === undefined ? sessionId : (this.#actors.get(parentId)?.rootId ?? parentId))
    const messages = this.#tell(time, {
      type: '@xstate.actor',
      ...this.#stamp(sessionId, rootId, time),
      name,
      ...(parentId !== undefined && { parentId: this.#idOf(parentId) }),
      snapshot,
      ...(machine !== null && { machine: machine.name }),
      ...(machine?.isTold === false && { definition }),
      kind: 'other',
      group: this.#introduction.name,
      uniqueId: 0,
    })
    if (messages === null) return null
    if (machine !== null) machine.isTold = true
    // Also one that has ended: where the snapshot is read later than the actor was made, those before its end are still to come.
    if (this.#actors.has(sessionId) || this.#hasRoom) this.#actors.set(sessionId, { name, parentId, rootId })
    return messages
  }

  event(
    sessionId: string,
    event: EventMessage['event'],
    sourceId: string | undefined,
    time: number,
  ): InspectorMessage[] | null {
    const messages = this.#tell(time, {
      type: '@xstate.event',
      ...this.#stamp(sessionId, this.#rootOf(sessionId), time),
      event,
      ...(sourceId !== undefined && { sourceId: this.#idOf(sourceId) }),
    })
    if (messages === null) return null
    this.#waiting = [...this.#waiting, { sessionId, type: event.type, seq: this.#seq }].slice(-MOST_WAITING)
    return messages
  }

  /** Also of an actor of which nothing was told before, as happens where its inspector holds back only so much. */
  snapshot(
    sessionId: string,
    snapshot: SnapshotView,
    event: SnapshotMessage['event'],
    time: number,
  ): InspectorMessage[] | null {
    const isNew = !this.#actors.has(sessionId) && snapshot.status === 'active' && this.#hasRoom
    const introduction = isNew ? this.actor({ sessionId, name: sessionId, snapshot }, time) : []
    if (introduction === null) return null
    // An actor works off its events in their order.
    const cause = this.#waiting.find((each) => each.sessionId === sessionId && each.type === event.type)
    const messages = this.#tell(time, {
      type: '@xstate.snapshot',
      ...this.#stamp(sessionId, this.#rootOf(sessionId), time),
      event,
      snapshot,
      ...(cause !== undefined && { causedBy: cause.seq }),
    })
    if (messages === null) return introduction.length > 0 ? introduction : null
    if (snapshot.status !== 'active') this.#forget(sessionId)
    else if (cause !== undefined) {
      this.#waiting = this.#waiting.filter((each) => each.sessionId !== sessionId || each.seq > cause.seq)
    }
    return [...introduction, ...messages]
  }

  get #hasRoom(): boolean {
    return this.#actors.size < MOST_ACTORS
  }

  #tell(time: number, body: Body): InspectorMessage[] | null {
    const introduction = { type: 'webrtc.source', ...this.#introduction }
    const bodies = this.#seq === 0 ? [introduction, body] : [body]
    const messages: unknown[] = bodies.map((each, index) => {
      const stamp: Stamp = { source: this.#source, seq: this.#seq + 1 + index, time }
      return { ...each, ...stamp }
    })
    if (!messages.every(checkInspectorMessage)) return null
    this.#seq += messages.length
    return messages
  }

  #stamp(sessionId: string, rootId: string, time: number): StatelyStamp {
    return {
      id: null,
      _version: STATELY_VERSION,
      createdAt: String(Math.trunc(time)),
      sessionId: this.#idOf(sessionId),
      rootId: this.#idOf(rootId),
    }
  }

  #idOf(sessionId: string): string {
    return `${this.#source}/${sessionId}`
  }

  #rootOf(sessionId: string): string {
    return this.#actors.get(sessionId)?.rootId ?? sessionId
  }

  #forget(sessionId: string): void {
    this.#actors.delete(sessionId)
    this.#waiting = this.#waiting.filter((each) => each.sessionId !== sessionId)
  }
}
