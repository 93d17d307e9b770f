import type { ActorKind, TransitionTaken } from '../wire/messages.ts'
import type { RunningActor, RunningEvent } from './running-actor.ts'

/** Events that may wait in an actor's mailbox before the oldest are forgotten; a snapshot then does not say what it came from. */
const MAX_WAITING = 1_024
/** Transitions between two snapshots; more are taken by a machine that goes round in circles. */
const MAX_TRANSITIONS = 256

/** By what name and in which group an actor was told of. */
export interface Label {
  readonly name: string
  readonly group: string
  readonly uniqueId: number
}

/** A living actor that was told of. */
export class ActorRecord {
  readonly actor: RunningActor
  /** Unique among all sources. */
  readonly sessionId: string
  readonly rootId: string
  readonly kind: ActorKind
  label: Label
  #transitions: TransitionTaken[] = []
  /** Events that it was given and has not worked off. */
  readonly #waiting: { readonly event: RunningEvent; readonly seq: number }[] = []

  constructor(actor: RunningActor, sessionId: string, rootId: string, kind: ActorKind, label: Label) {
    this.actor = actor
    this.sessionId = sessionId
    this.rootId = rootId
    this.kind = kind
    this.label = label
  }

  /** @param seq - the number of the message that tells of the event. */
  given(event: RunningEvent, seq: number): void {
    this.#waiting.push({ event, seq })
    if (this.#waiting.length > MAX_WAITING) this.#waiting.shift()
  }

  /** It has worked off this event, and so all that came before it. @returns the number of the message that told of the event; undefined if none did. */
  workedOff(event: RunningEvent): number | undefined {
    const index = this.#waiting.findIndex((waiting) => waiting.event === event)
    return index < 0 ? undefined : this.#waiting.splice(0, index + 1).at(-1)?.seq
  }

  /** What it has been at: an actor that throws says nothing more. */
  get current(): RunningEvent | undefined {
    return this.#waiting[0]?.event
  }

  took(transitions: readonly TransitionTaken[]): void {
    this.#transitions.push(...transitions.slice(0, MAX_TRANSITIONS - this.#transitions.length))
  }

  /** What led from the last snapshot to the one that there is now. */
  takeTransitions(): TransitionTaken[] {
    const transitions = this.#transitions
    this.#transitions = []
    return transitions
  }
}
