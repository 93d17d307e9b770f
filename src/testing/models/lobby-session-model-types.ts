import type { HostLeavePolicy } from '../../protocol/lobby/extension.ts'
import type { LobbyState } from '../../services/lobby/client/joined-lobby.ts'
import type { Model, ModelSnapshot } from '../paths/path-types.ts'

/** Which session {@link lobbySessionModel} specifies. */
export interface LobbySessionModelOptions {
  /** Creates the lobby, or joins one that is there. */
  role: 'host' | 'guest'
  /** A server of this package, or one that speaks Godot's protocol alone. */
  server: 'extended' | 'plain'
  /** What becomes of the lobby when its host leaves; `keep` on an extended server only. Default `close`. */
  onHostLeave?: HostLeavePolicy
}

/** Others, and the session itself. `host` is who created the lobby that a guest joins. */
export type LobbySessionModelMember = 'self' | 'host' | 'other' | 'third'

/** Which time ends. Each is so much longer than the one before that those have ended too. */
export type LobbySessionModelTime =
  /** For the server to answer one who joins. */
  | 'answer'
  /** From the seal until the server closes the sockets. */
  | 'seal'
  /** That the place of one who lost its socket is kept. */
  | 'grace'
  /** For the server to be reached again. */
  | 'reconnects'

/** What happens to the session. */
export type LobbySessionModelEvent =
  /** `joinLobby`. */
  | { type: 'JOIN' }
  /** The server answers it. */
  | { type: 'ANSWERED' }
  /** The signal of `joinLobby` aborts. */
  | { type: 'ABORT' }
  /** Another one joins the lobby. */
  | { type: 'JOINS'; who: LobbySessionModelMember }
  | { type: 'LEAVES'; who: LobbySessionModelMember }
  /** The host seals the lobby, this side if it is the host. */
  | { type: 'SEAL' }
  /** The socket breaks, and the server cannot be reached. */
  | { type: 'SOCKET_LOST' }
  /** The server can be reached again. */
  | { type: 'SERVER_BACK' }
  | { type: 'TIME_OUT'; of: LobbySessionModelTime }
  /** `leave()`. */
  | { type: 'LEAVE' }

/** Why joining failed, or the lobby is lost: the code of the server's refusal, or of the error. */
export type LobbySessionModelReason =
  'aborted' | 'ERR_TIMEOUT' | 'ERR_CONNECTION_ERROR' | 'host-left' | 'lobby-not-found' | 'lobby-sealed'

/** What the application hears. */
export type LobbySessionModelEmitted =
  /** `joinLobby` rejects. */
  | { type: 'refused'; reason: LobbySessionModelReason }
  | { type: 'state'; state: LobbyState }
  /** The mesh: `peerConnected$`, `peerDisconnected$`. */
  | { type: 'connected' | 'disconnected'; who: LobbySessionModelMember }

/** What {@link lobbySessionModel} knows. */
export interface LobbySessionModelContext {
  /** What the server has, and who is in it, in the order in which they came. */
  readonly lobby: 'open' | 'sealed' | 'closed'
  readonly present: readonly LobbySessionModelMember[]
  /** Others that have a session, in the lobby or not any more. */
  readonly alive: readonly LobbySessionModelMember[]
  /** The host as the server has it. */
  readonly owner: LobbySessionModelMember
  /** What the session knows: other members, and the host. */
  readonly members: readonly LobbySessionModelMember[]
  readonly host: LobbySessionModelMember
  /** Who is connected to it. */
  readonly linked: readonly LobbySessionModelMember[]
  readonly hasSocket: boolean
  /** Why the lobby is lost. */
  readonly error: LobbySessionModelReason | null
}

/** Snapshot of {@link lobbySessionModel}. */
export type LobbySessionModelState = ModelSnapshot<LobbySessionModelEvent> & {
  readonly value: 'outside' | 'joining' | 'joined' | 'reconnecting' | 'sealed' | 'detached' | 'left'
  readonly context: LobbySessionModelContext
}

/** Logic of {@link lobbySessionModel}. */
export type LobbySessionModel = Model<LobbySessionModelState, LobbySessionModelEvent, LobbySessionModelEmitted>
