import type { AuthenticationFailureReason } from '../../machines/authentication-types.ts'
import type { Model, ModelSnapshot } from '../paths/path-types.ts'

/** The two ends of a link. */
export type AuthenticationModelSide = 'a' | 'b'

/** How a side authenticates: with `authCallback`, with `authenticate`, or not at all. */
export type AuthenticationModelWay = 'callback' | 'authenticate' | 'none'

/** Which two peers {@link authenticationModel} specifies. In a mesh; `a` has id 1, `b` another. */
export interface AuthenticationModelOptions {
  a: AuthenticationModelWay
  b: AuthenticationModelWay
}

/** What one side sends the other. */
export type AuthenticationModelMessage =
  /** AUTH without data: completed. */
  | 'done'
  /** AUTH with data. */
  | 'data'
  /** AUTH with data at which the other side's callback, or its `authenticate`, throws. */
  | 'poison'
  /** A packet of the game. */
  | 'game'
  /** A system packet that only a relaying server may send: ADD_PEER. */
  | 'forged'
  /** A system packet that ends after its first byte. */
  | 'malformed'

type BySide = { side: AuthenticationModelSide }

/** What happens to the two. Time is an event: one unit passes. */
export type AuthenticationModelEvent =
  /** They are connected. */
  | { type: 'CONNECT' }
  /** `sendAuth`, or `send` of the channel. */
  | ({ type: 'SEND' } & BySide)
  /** `completeAuth`, or `authenticate` resolves. */
  | ({ type: 'COMPLETE' } & BySide)
  /** `authenticate` resolves with false. */
  | ({ type: 'REFUSE' } & BySide)
  /** `disconnectPeer`. */
  | ({ type: 'DISCONNECT' } & BySide)
  /** Sends what its API might not send. */
  | ({ type: 'RAW'; what: AuthenticationModelMessage } & BySide)
  /** The connection is lost. */
  | { type: 'LOST' }
  | { type: 'TIME_PASSES' }

/** What a side hears, in this order. */
export type AuthenticationModelEmitted = BySide &
  (
    | { type: 'authenticating' | 'connectedToServer' | 'connected' | 'disconnected' }
    /** `heard`: whether the other side had sent anything for it. */
    | { type: 'failed'; reason: AuthenticationFailureReason; heard: boolean }
    /** What its callback, or its `authenticate`, is given; a packet of the game. */
    | { type: 'data' | 'packet' }
    /** A packet was dropped, and counted as this. */
    | { type: 'counted'; kind: 'unauthenticated' | 'unexpected-auth' | 'unexpected-system' | 'malformed' }
  )

/** What {@link authenticationModel} knows, of each side. */
export interface AuthenticationModelContext {
  /** Units of time that are left. */
  readonly left: Readonly<Record<AuthenticationModelSide, number>>
  /** Whether it has heard anything for its authentication. */
  readonly heard: Readonly<Record<AuthenticationModelSide, boolean>>
  /** Packets of the game that wait for the admission. */
  readonly held: Readonly<Record<AuthenticationModelSide, number>>
}

/** How far a side is. */
export type AuthenticationModelStage =
  'away' | { pending: 'exchanging' | 'awaitingRemote' | 'awaitingLocal' } | 'admitted'

/** Snapshot of {@link authenticationModel}. */
export type AuthenticationModelState = ModelSnapshot<AuthenticationModelEvent> & {
  readonly value: Readonly<Record<AuthenticationModelSide, AuthenticationModelStage>>
  readonly context: AuthenticationModelContext
}

/** Logic of {@link authenticationModel}. */
export type AuthenticationModel = Model<AuthenticationModelState, AuthenticationModelEvent, AuthenticationModelEmitted>
