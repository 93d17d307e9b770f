import type { ActorLogic, ActorRef, ActorSystem, ActorSystemInfo, Snapshot } from 'xstate'
import type { AttemptEvent, NegotiationPort, ReceivedOffer } from './negotiation-port.ts'

/** Who makes the offers of a pair; fixed, so that there is no glare. */
export type NegotiationRole = 'offering' | 'answering'

/**
 * State of the negotiation with one other member, the states of {@link negotiationMachine}: `waitingForSignaling` (an attempt is due, but signals cannot be sent now), `waitingForOffer`,
 * `offering` (an offer was made, its answer is waited for), `checking` (ICE looks for a path), `securing` (DTLS), `opening` (the channels open), `connected`, `backingOff` (an
 * attempt has failed, the next one follows), `gaveUp`, `dismissed` (the application removed the peer), `left` (the member is gone).
 */
export type NegotiationState =
  | 'waitingForSignaling'
  | 'waitingForOffer'
  | 'offering'
  | 'checking'
  | 'securing'
  | 'opening'
  | 'connected'
  | 'backingOff'
  | 'gaveUp'
  | 'dismissed'
  | 'left'

/** What was under way when an attempt failed. */
export type NegotiationStep = 'signaling' | 'offer' | 'answer' | 'ice' | 'dtls' | 'channels' | 'connected'

/** How an attempt failed. */
export type NegotiationCause =
  /** The step took longer than it may. */
  | 'timeout'
  /** The connection failed, or closed. */
  | 'failed'
  /** This side could not make a connection, or not describe it. */
  | 'unmade'
  /** What the other side sent was no description that could be applied. */
  | 'refused'
  /** The member left the lobby. */
  | 'left'
  /** There is no signaling any more. */
  | 'signaling-ended'

export interface NegotiationFailure {
  readonly step: NegotiationStep
  readonly cause: NegotiationCause
}

/** Milliseconds for each step of an attempt. */
export interface NegotiationTimes {
  /** From the offer to its answer; as long the answering side waits for an offer. */
  readonly answer: number
  readonly ice: number
  readonly dtls: number
  readonly channels: number
  /** After this time a connection counts as good, and what failed before it as forgotten. */
  readonly stable: number
}

/** Whether signals can be sent: now, later perhaps, or never again. */
export type SignalingAvailability = 'up' | 'down' | 'ended'

/** What a negotiation tells of itself whenever it enters a state. */
export interface NegotiationProgress {
  readonly state: NegotiationState
  /** Attempts that have failed since the last good connection. */
  readonly failures: number
  /** How the last one failed. */
  readonly failure: NegotiationFailure | null
  /** Milliseconds until the next one, in `backingOff`. */
  readonly delay: number
}

export interface NegotiationInput {
  readonly role: NegotiationRole
  readonly port: NegotiationPort
  readonly times: NegotiationTimes
  /** Failed attempts in a row after which it gives up. */
  readonly maxAttempts: number
  /** Milliseconds to wait after so many failures in a row. */
  readonly backOff: (failures: number) => number
  readonly signaling: SignalingAvailability
}

export type NegotiationEvent =
  | AttemptEvent
  /** The other side made an offer; `replaces` says that it knows of any connection there was before. */
  | { type: 'offer'; offer: ReceivedOffer; replaces: boolean }
  /** The other side asks for a fresh offer; `isPresent` says that it knows of the present one. */
  | { type: 'retry'; isPresent: boolean }
  | { type: 'signaling'; is: SignalingAvailability }
  /** The application wants a member again that was given up or dismissed. */
  | { type: 'dial' }
  | { type: 'member.left' }

/** Snapshot of a negotiation. */
export type NegotiationSnapshot = Snapshot<undefined> & {
  readonly value: string
  readonly context: NegotiationProgress
}

/** The negotiation with one member, running. */
export type NegotiationActorRef = ActorRef<NegotiationSnapshot, NegotiationEvent>

/** The negotiation with one member as actor logic. */
export type NegotiationLogic = ActorLogic<
  NegotiationSnapshot,
  NegotiationEvent,
  NegotiationInput,
  ActorSystem<ActorSystemInfo>
>
