import type { ActorLogic, ActorRef, ActorSystem, ActorSystemInfo, Snapshot } from 'xstate'

/**
 * How far the authentication of one peer is: `exchanging` (nobody is done), `awaitingRemote` (this side is), `awaitingLocal` (the other side is), `completed` (both
 * are), `failed`.
 */
export type AuthenticationState = 'exchanging' | 'awaitingRemote' | 'awaitingLocal' | 'completed' | 'failed'

/** Why an authentication failed. */
export type AuthenticationFailureReason =
  /** Not both sides were done within `authTimeout`. */
  | 'timeout'
  /** `authenticate` threw, or resolved with false. */
  | 'refused'
  /** The connection was lost. */
  | 'connection-lost'
  /** The other side sent more than may wait to be read. */
  | 'overflow'
  /** Too many peers were authenticating already. */
  | 'too-many'

/** What hears of an authentication. Must not throw. */
export interface AuthenticationPort {
  /** The machine entered this state; `failed` with its reason. */
  entered(state: AuthenticationState, reason?: AuthenticationFailureReason): void
}

export interface AuthenticationInput {
  /** The remote peer's id. */
  readonly peer: number
  /** Milliseconds in which both sides must be done; 0: no limit. */
  readonly timeout: number
  readonly port: AuthenticationPort
}

export type AuthenticationEvent =
  /** This side accepts the peer, and has told it so. */
  | { type: 'local.done' }
  /** The other side has told that it accepts us. */
  | { type: 'remote.done' }
  | { type: 'fail'; reason: AuthenticationFailureReason }
  | { type: 'timeout' }

/** What the machine ends with. */
export interface AuthenticationOutput {
  readonly peer: number
  /** Null if it has not failed. */
  readonly reason: AuthenticationFailureReason | null
}

/** Snapshot of an authentication. */
export type AuthenticationSnapshot = Snapshot<AuthenticationOutput> & {
  readonly value: AuthenticationState
  readonly context: { readonly peer: number; readonly reason: AuthenticationFailureReason | null }
}

/** The authentication of one peer, running. */
export type AuthenticationActorRef = ActorRef<AuthenticationSnapshot, AuthenticationEvent>

/** The authentication of one peer as actor logic. */
export type AuthenticationLogic = ActorLogic<
  AuthenticationSnapshot,
  AuthenticationEvent,
  AuthenticationInput,
  ActorSystem<ActorSystemInfo>
>
