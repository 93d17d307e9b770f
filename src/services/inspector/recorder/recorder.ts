import type { InspectionEvent } from 'xstate'
import type { SnapshotView, StatelyStamp, TransitionTaken } from '../wire/messages.ts'
import { STATELY_VERSION } from '../wire/version.ts'
import type { ActorRecord, Label } from './actor-record.ts'
import { isSilent } from './context-views.ts'
import { eventView } from './event-view.ts'
import { MachineNames } from './machine-names.ts'
import { nameText } from './plain-json.ts'
import { Records } from './records.ts'
import {
  hasEnded,
  type InspectableActor,
  running,
  type RunningActor,
  type RunningEvent,
  type RunningSnapshot,
  snapshotOf,
} from './running-actor.ts'
import type { Scope } from './scope.ts'
import { snapshotView } from './snapshot-view.ts'
import { Systems } from './systems.ts'
import type { Teller } from './teller.ts'
import { transitionsTaken } from './transitions-taken.ts'
import { WatchedActors, type Watcher } from './watched-actors.ts'

const UNWATCHED: RunningEvent = { type: 'webrtc.unwatched' }
const STOPPED: RunningEvent = { type: 'xstate.stop' }

/**
 * Tells of actors that are watched and of all their descendants, from what XState tells its inspectors. Each message is made at the moment that it tells of. From the first
 * {@link attach} to the last {@link detach} it listens to the actors' systems, at other times to nothing.
 */
export class Recorder {
  readonly #teller: Teller
  readonly #defaultGroup: string
  readonly #machines = new MachineNames()
  readonly #watched = new WatchedActors()
  readonly #systems: Systems
  readonly #records: Records
  /** Machines whose definitions were told. */
  readonly #defined = new Set<string>()
  /** Actors whose end was told: what still comes for them is of no interest. */
  readonly #ended = new WeakSet<RunningActor>()
  /** What actors have done while they were made, before there was a snapshot to tell. */
  #early = new WeakMap<RunningActor, TransitionTaken[]>()

  /** @param defaultGroup - of what is in no other. */
  constructor(teller: Teller, defaultGroup: string) {
    this.#teller = teller
    this.#defaultGroup = defaultGroup
    this.#records = new Records(teller.source)
    this.#systems = new Systems((event) => {
      // Thrown into XState, an error would break the `send` that led here.
      teller.attempt(() => {
        this.#hear(event)
      })
    })
  }

  /** Systems of actors that it listens to. */
  get systems(): number {
    return this.#systems.size
  }

  /** Tells of an actor and its descendants: as they are now, and everything from now on. Does nothing for one that has ended. Each scope once for an actor. */
  attach(watched: InspectableActor | RunningActor, scope: Scope): void {
    const actor = running(watched)
    if (this.#ended.has(actor) || hasEnded(actor)) return
    this.#watched.add(actor, scope)
    this.#systems.listen(actor.system)
    this.#tellTree(actor)
  }

  /** Undoes what was attached with this scope. Actors that are watched no more are told to have ended. */
  detach(scope: Scope): void {
    for (const actor of this.#watched.remove(scope)) {
      this.#systems.unlisten(actor.system)
      for (const record of this.#records.within(actor)) {
        if (this.#watched.nearest(record.actor) === undefined) this.#tellEnd(record, UNWATCHED)
        else this.#relabel(record)
      }
    }
  }

  /** Nobody listens any more: whoever does next has heard nothing. What is attached then stays so until it is detached, in silence. */
  forget(): void {
    this.#records.clear()
    this.#defined.clear()
    this.#early = new WeakMap()
  }

  /** Tells the end of those that have failed: XState's inspectors do not hear of an actor that throws. */
  sweep(): void {
    for (const record of this.#records.all) if (hasEnded(record.actor)) this.#tellFailed(record)
  }

  /** The id under which an actor was told of; undefined for one that was not, or has ended. */
  sessionIdOf(actor: InspectableActor): string | undefined {
    return this.#records.get(running(actor))?.sessionId
  }

  groupOf(actor: InspectableActor): string {
    return this.#watched.nearest(running(actor))?.scope.group() ?? this.#defaultGroup
  }

  // --- hearing --------------------------------------------------------------------------------------------------------------------------

  #hear(event: InspectionEvent): void {
    const actor = running(event.actorRef)
    if (event.type === '@xstate.event') this.#hearEvent(actor, event.event, event.sourceRef)
    else if (event.type === '@xstate.snapshot') this.#hearSnapshot(actor, event.event)
    else if (event.type === '@xstate.microstep') this.#hearMicrostep(actor, event)
  }

  #hearEvent(actor: RunningActor, event: RunningEvent, sourceRef: object | undefined): void {
    const sender = sourceRef && this.#records.get(running(sourceRef))
    // An actor that has thrown says nothing but this, to its parent.
    if (sender !== undefined && snapshotOf(sender.actor)?.status === 'error') this.#tellFailed(sender)
    const record = this.#recordOf(actor)
    if (record === undefined) return
    if (hasEnded(actor)) {
      this.#tellFailed(record)
      return
    }
    const stamp = this.#teller.stamp()
    record.given(event, stamp.seq)
    this.#teller.tell({
      type: '@xstate.event',
      ...stamp,
      ...stately(record, stamp.time),
      event: eventView(event),
      ...(sender !== undefined && { sourceId: sender.sessionId }),
    })
  }

  #hearMicrostep(actor: RunningActor, event: object): void {
    const transitions = transitionsTaken(event)
    if (transitions.length === 0) return
    const record = this.#records.get(actor)
    if (record !== undefined) record.took(transitions)
    else if (snapshotOf(actor) === undefined && this.#watched.nearest(actor) !== undefined) {
      this.#early.set(actor, [...(this.#early.get(actor) ?? []), ...transitions])
    }
  }

  #hearSnapshot(actor: RunningActor, event: RunningEvent): void {
    const record = this.#recordOf(actor)
    const snapshot = snapshotOf(actor)
    if (record === undefined || snapshot === undefined) return
    // Some kinds of actors stay `active` when they are stopped.
    if (snapshot.status !== 'active' || event.type === STOPPED.type) {
      this.#tellEnd(record, event)
      return
    }
    // It may have been started, or started anew, under another id.
    if (record.kind === 'mesh') this.#relabel(record)
    this.#tellSnapshot(record, event, this.#view(record, snapshot))
  }

  // --- telling --------------------------------------------------------------------------------------------------------------------------

  #tellTree(actor: RunningActor): void {
    const known = this.#records.get(actor)
    if (known !== undefined) this.#relabel(known)
    else if (this.#recordOf(actor) === undefined) return
    const children = snapshotOf(actor)?.children ?? {}
    for (const child of Object.values(children)) if (child && !hasEnded(child)) this.#tellTree(child)
  }

  /** The record of an actor that is watched, made and told now if it is new; its parents' before it. */
  #recordOf(actor: RunningActor): ActorRecord | undefined {
    const known = this.#records.get(actor)
    if (known !== undefined) return known
    const snapshot = snapshotOf(actor)
    if (snapshot?.status !== 'active' || this.#ended.has(actor) || isSilent(actor.logic)) return undefined
    const watcher = this.#watched.nearest(actor)
    if (watcher === undefined) return undefined
    if (actor._parent !== undefined && watcher.actor !== actor) this.#recordOf(actor._parent)
    const record = this.#records.add(actor, this.#labelFor(actor, watcher))
    record.took(this.#early.get(actor) ?? [])
    this.#tellActor(record, snapshot)
    return record
  }

  #tellActor(record: ActorRecord, snapshot: RunningSnapshot): void {
    const { actor, kind, label } = record
    const parentId = actor._parent && this.#records.get(actor._parent)?.sessionId
    const machine = this.#machines.of(actor.logic)
    const definition = machine !== null && this.#isNew(machine.name) ? machine.definition : null
    const stamp = this.#teller.stamp()
    this.#teller.tell({
      type: '@xstate.actor',
      ...stamp,
      ...stately(record, stamp.time),
      ...label,
      ...(parentId !== undefined && { parentId }),
      snapshot: this.#view(record, snapshot),
      ...(definition !== null && { definition }),
      ...(machine !== null && { machine: machine.name }),
      kind,
    })
  }

  #tellSnapshot(record: ActorRecord, event: RunningEvent, snapshot: SnapshotView): void {
    const causedBy = record.workedOff(event)
    const transitions = record.takeTransitions()
    const stamp = this.#teller.stamp()
    this.#teller.tell({
      type: '@xstate.snapshot',
      ...stamp,
      ...stately(record, stamp.time),
      event: eventView(event),
      snapshot,
      ...(causedBy !== undefined && { causedBy }),
      ...(transitions.length > 0 && { transitions }),
    })
  }

  /** The last that is told of an actor. */
  #tellEnd(record: ActorRecord, event: RunningEvent): void {
    const { actor } = record
    const snapshot = snapshotOf(actor) ?? { status: 'stopped' }
    const view = this.#view(record, snapshot)
    this.#records.remove(record)
    this.#tellSnapshot(record, event, view.status === 'active' ? { ...view, status: 'stopped' } : view)
    if (event === UNWATCHED) return
    this.#ended.add(actor)
    // XState forgets to stop the children of an actor that throws.
    if (view.status === 'error') for (const orphan of this.#records.within(actor)) this.#tellEnd(orphan, STOPPED)
    this.#systems.unlisten(actor.system, this.#watched.drop(actor))
  }

  #tellFailed(record: ActorRecord): void {
    this.#tellEnd(record, record.current ?? STOPPED)
  }

  /** Tells of an actor again that has another name, group or id now. */
  #relabel(record: ActorRecord): void {
    const watcher = this.#watched.nearest(record.actor)
    const snapshot = snapshotOf(record.actor)
    if (watcher === undefined || snapshot === undefined) return
    const label = this.#labelFor(record.actor, watcher)
    const { name, group, uniqueId } = record.label
    if (label.name === name && label.group === group && label.uniqueId === uniqueId) return
    record.label = label
    this.#tellActor(record, snapshot)
  }

  #view(record: ActorRecord, snapshot: RunningSnapshot): SnapshotView {
    const watcher = this.#watched.nearest(record.actor)
    const pick = watcher?.actor === record.actor ? watcher.scope.pick : undefined
    try {
      return snapshotView(snapshot, record.kind, pick)
    } catch (error) {
      // What the application gave to pick from the context has thrown.
      this.#teller.fail(error)
      return snapshotView({ ...snapshot, context: undefined }, record.kind, undefined)
    }
  }

  #labelFor(actor: RunningActor, { actor: watched, scope }: Watcher): Label {
    const given = watched === actor ? scope.name : undefined
    // XState's own ids are no names.
    const own = actor.id === actor.sessionId ? this.#machines.of(actor.logic)?.name : undefined
    return {
      name: given ?? own ?? nameText(actor.id),
      group: scope.group() ?? this.#defaultGroup,
      uniqueId: scope.uniqueId(),
    }
  }

  #isNew(machine: string): boolean {
    const isNew = !this.#defined.has(machine)
    this.#defined.add(machine)
    return isNew
  }
}

function stately({ sessionId, rootId }: ActorRecord, time: number): StatelyStamp {
  return { id: null, _version: STATELY_VERSION, createdAt: String(Math.trunc(time)), sessionId, rootId }
}
