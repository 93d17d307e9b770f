import type { AuthenticationFailureReason } from '../../machines/authentication-types.ts'
import type { Model, ModelSnapshot } from '../paths/path-types.ts'

/** Which session {@link admissionModel} specifies: a server, 1, and these clients. */
export interface AdmissionModelOptions {
  clients: readonly number[]
  /** Godot's `server_relay`. Default true. */
  serverRelay?: boolean
  /** Whether server and clients authenticate each other. Default false. */
  authenticates?: boolean
  /** A client that has lost the server also hears of everyone behind it. Default false, as in Godot. */
  reportLostPeers?: boolean
}

/** What happens in the session of `admissionModel`. Time is an event. */
export type AdmissionModelEvent =
  /** A client starts, and is connected to the server. */
  | { type: 'CONNECT'; id: number }
  /** A client starts, and its connection fails before it is open. */
  | { type: 'FAIL'; id: number }
  /** A client starts, and closes its peer before it is open. */
  | { type: 'GIVE_UP'; id: number }
  /** Server and client have both accepted. */
  | { type: 'ACCEPT'; id: number }
  /** The server's `authenticate` refuses the client. */
  | { type: 'REJECT'; id: number }
  /** The server's time for those that authenticate is over. */
  | { type: 'TIME_OUT' }
  /** The connection to the client is lost. */
  | { type: 'LOST'; id: number }
  /** The client closes its peer. */
  | { type: 'LEAVE'; id: number }
  /** `disconnectPeer(id)` of the server. */
  | { type: 'KICK'; id: number }
  /** `disconnectPeer(1)` of the client. */
  | { type: 'QUIT'; id: number }
  /** `refuseNewConnections` of the server. */
  | { type: 'REFUSE' }
  | { type: 'WELCOME' }
  /** The server closes its peer, or starts it again and refuses nobody. */
  | { type: 'CLOSE' }
  | { type: 'REOPEN' }

/** What peer `at` hears, in this order. */
export type AdmissionModelEmitted = { at: number } & (
  | { type: 'authenticating' | 'connected' | 'disconnected'; id: number }
  | { type: 'failed'; id: number; reason: AuthenticationFailureReason }
  | { type: 'connectedToServer' | 'connectionFailed' | 'serverDisconnected' }
)

/** What {@link admissionModel} knows. */
export interface AdmissionModelContext {
  /** Clients that the server has admitted, and those that authenticate, each in the order in which they came. */
  readonly admitted: readonly number[]
  readonly authenticating: readonly number[]
}

/** Snapshot of {@link admissionModel}: the server takes others, refuses them, or is closed. */
export type AdmissionModelState = ModelSnapshot<AdmissionModelEvent> & {
  readonly value: 'open' | 'refusing' | 'closed'
  readonly context: AdmissionModelContext
}

/** Logic of {@link admissionModel}. */
export type AdmissionModel = Model<AdmissionModelState, AdmissionModelEvent, AdmissionModelEmitted>
