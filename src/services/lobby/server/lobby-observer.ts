import type { LobbyErrorCode } from '../../../protocol/lobby/extension.ts'

/** Which protocol a socket speaks: JSON as Godot 4's signaling demo, lines of text as Godot 3's, or JSON with this library's extensions. */
export type LobbyDialect = 'json' | 'text' | 'extended'

/** Why a message did not reach anybody. */
export type LobbyDrop =
  /** For a member that left a moment ago: no fault of the sender. */
  | 'receiver-left'
  /** For a member that is not at this server (any more). */
  | 'receiver-elsewhere'
  /** From a member that left, or from an earlier stay of its. */
  | 'sender-left'
  /** Came twice, as a broker that reconnects may send it. */
  | 'duplicate'
  /** More was waiting for a member without a socket than is kept; the oldest went. */
  | 'kept-overflow'
  /** A RETRY for a member that does not speak the extended protocol. */
  | 'not-understood'
  /** Arrived on a socket that was being closed. */
  | 'socket-closing'

/** Told of what happens in a lobby server, as it happens: for metrics. What it throws goes to the logger. */
export interface LobbyObserver {
  socketOpened?(dialect: LobbyDialect): void
  /** `code`: the WebSocket close code, by whichever side. */
  socketClosed?(dialect: LobbyDialect, code: number): void
  lobbyCreated?(): void
  /** Also of the creator of a lobby. */
  memberJoined?(dialect: LobbyDialect): void
  memberLeft?(): void
  /** A member took up its place with a new socket; `moved`: it came from another server. */
  memberResumed?(moved: boolean): void
  /** One OFFER, ANSWER, CANDIDATE or RETRY (its message type) of a member of this server was handed on; `milliseconds` from its arrival. */
  signalRelayed?(type: number, milliseconds: number): void
  refused?(code: LobbyErrorCode): void
  dropped?(reason: LobbyDrop): void
  brokerAvailable?(isAvailable: boolean): void
}
