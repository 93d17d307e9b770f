import type { ActorLogic, ActorSystem, ActorSystemInfo, EventObject, Snapshot } from 'xstate'

/** What paths need of a model's snapshot; every snapshot of a state machine has it. */
export type ModelSnapshot<Event> = Snapshot<unknown> & {
  readonly value: unknown
  readonly context: unknown
  can(event: Event): boolean
}

/**
 * A specification machine: a state machine without invocations and delays, whose time is an event, and whose states and emitted events say what is right.
 * Every machine of XState is one that has no more than that.
 */
export type Model<
  State extends ModelSnapshot<Event>,
  Event extends EventObject,
  Emitted extends EventObject = EventObject,
> = ActorLogic<State, Event, undefined, ActorSystem<ActorSystemInfo>, Emitted>

/** Options of {@link transitionPaths} and {@link sneakPaths}. */
export interface PathOptions<State, Event> {
  /** Every event that can happen, with every payload that matters. */
  events: readonly Event[]
  /** Whether the event can be made to happen, or be tried, in this state by whoever walks the paths. Default: always. */
  isPossible?: (state: State, event: Event) => boolean
  /** Two snapshots with the same key are the same state. Default: the state's value and its context as JSON. */
  stateKey?: (state: State) => string
  /** Fails beyond this many states, as a model with a counter in it has no end. Default 20000. */
  limit?: number
}

/** One event of a path, and what the model says comes of it. */
export interface PathStep<State, Event, Emitted> {
  readonly event: Event
  /** The model's state after the event. */
  readonly state: State
  /** What the model emitted in answer to the event, in order. */
  readonly emitted: readonly Emitted[]
  /** Names the state after the event, and the transition; for {@link PathCoverage}. */
  readonly stateKey: string
  readonly transitionKey: string
}

/** Events from the model's initial state on. */
export interface ModelPath<State, Event, Emitted> {
  /** The events, to be read: `ADD(2) > OPEN(2) > CLOSE`. */
  readonly name: string
  readonly start: State
  readonly startKey: string
  readonly steps: readonly PathStep<State, Event, Emitted>[]
}

/** A path to a state, and every event that the model refuses there. */
export interface SneakPath<State, Event, Emitted> extends ModelPath<State, Event, Emitted> {
  readonly refused: readonly Event[]
}

/** An event as it stands in the name of a path: its type, with the values of its payload. */
export function eventName({ type, ...payload }: EventObject): string {
  const values = Object.values(payload)
  return values.length === 0 ? type : `${type}(${values.map(String).join(', ')})`
}

/** The name of a path of these events. */
export function pathName(events: readonly EventObject[]): string {
  return events.length === 0 ? 'at the start' : events.map(eventName).join(' > ')
}
