import type { ActorRef, InspectionEvent, Observer, Snapshot, Subscription } from 'xstate'

/** What is used of an actor's system: a way to hear of everything in it. */
export interface InspectableSystem {
  inspect(observer: Observer<InspectionEvent>): Subscription
}

/** A running actor of XState 5, of any machine or other logic, as far as it matters for watching it. */
export type InspectableActor = Pick<ActorRef<Snapshot<unknown>, never>, 'id' | 'sessionId' | 'getSnapshot'> & {
  readonly system: InspectableSystem
}

/** The same with what XState's own inspection goes by too: of each actor its parent and its logic. */
export interface RunningActor {
  readonly id: string
  readonly sessionId: string
  readonly system: InspectableSystem
  readonly logic: unknown
  readonly _parent?: RunningActor
  /** See {@link snapshotOf}. */
  getSnapshot(): RunningSnapshot | undefined
}

/** Of actors that are no machines, only the first three. */
export interface RunningSnapshot {
  readonly status: 'active' | 'done' | 'error' | 'stopped'
  readonly output?: unknown
  readonly error?: unknown
  readonly machine?: unknown
  readonly value?: unknown
  readonly context?: unknown
  readonly children?: Readonly<Record<string, RunningActor | undefined>>
}

export interface RunningEvent {
  readonly type: string
}

/** An actor by what it is at run time. */
export function running(actor: object): RunningActor {
  return actor as RunningActor
}

/** The actor at the root of its system. */
export function rootOf(actor: RunningActor): RunningActor {
  let root = actor
  while (root._parent !== undefined) root = root._parent
  return root
}

/** Undefined while the actor is being made: XState has none then, or throws, in the build that bundlers take for development. */
export function snapshotOf(actor: RunningActor): RunningSnapshot | undefined {
  try {
    return actor.getSnapshot()
  } catch {
    return undefined
  }
}

/** Whether it is over with an actor. One that is being made, and has no snapshot yet, has not ended. */
export function hasEnded(actor: RunningActor): boolean {
  return (snapshotOf(actor)?.status ?? 'active') !== 'active'
}
