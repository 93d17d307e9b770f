import type { IceServer } from '../../transport/peer-connection.ts'

// What is not described here has no JSON as its data: METADATA is the metadata itself ('' for none), HOST has the new host as its id and no data, PONG repeats PING's, RETRY's is
// the peers' business, LEAVE and a client's ICE_SERVERS have none. A join is answered by ICE_SERVERS if there are any, ID, PEER_CONNECTs and JOIN, then TOKEN, METADATA if there is any, and HOST if
// that is not 1; RESUME comes after ICE_SERVERS too.

/** What went wrong, in an ERROR message. */
export type LobbyErrorCode =
  | 'invalid-message'
  | 'invalid-transfer-mode'
  | 'unknown-command'
  | 'not-in-lobby'
  | 'already-in-lobby'
  | 'join-timeout'
  | 'lobby-not-found'
  | 'lobby-sealed'
  | 'lobby-full'
  | 'lobby-exists'
  | 'too-many-lobbies'
  | 'too-many-sockets'
  | 'too-many-pending'
  | 'rate-limited'
  | 'heartbeat-missed'
  | 'not-host'
  | 'invalid-destination'
  | 'host-left'
  | 'token-invalid'
  | 'unauthorized'
  | 'moved'
  | 'draining'
  | 'unavailable'

/** Who speaks first in a lobby: everyone with everyone, or everyone with the host alone. */
export type LobbyMode = 'mesh' | 'client-server'

/** What becomes of a lobby when its host leaves: everyone is sent away, as Godot's demo does, or the member that has been there longest takes over (mesh lobbies). */
export type HostLeavePolicy = 'close' | 'keep'

/** ERROR, from the server; `id` is the peer it is about, or 0. */
export interface ErrorData {
  readonly code: LobbyErrorCode
  readonly message: string
  /** Milliseconds after which to try again; absent where trying again is of no use. */
  readonly retryAfter?: number
  /** The server closes the socket after this. */
  readonly closing: boolean
}

/** ICE servers with the time they are good for. */
export interface IceServersData {
  readonly iceServers: readonly IceServer[]
  /** Milliseconds from now; absent: they do not expire. */
  readonly expiresIn?: number
}

/** WELCOME, the server's first message. The lobby server of this library gives ICE servers to members only, by ICE_SERVERS; another may give some here. */
export interface WelcomeData extends Partial<IceServersData> {
  readonly version: 1
  /** Milliseconds between two PINGs that the server expects of the client at most. */
  readonly heartbeat: number
  /** Bytes. */
  readonly maxMessageSize: number
}

/** CREATE, from a client: a lobby with more to say than JOIN can. Answered as JOIN is. */
export interface CreateData {
  readonly mode: LobbyMode
  /** 1 to 64 characters, letters, digits, `.`, `_`, `-`. Absent: the server makes a random one. */
  readonly name?: string
  /** Join the lobby if there is one of that name. */
  readonly orJoin?: boolean
  /** LIST shows it. */
  readonly listed?: boolean
  /** Members at most, the host included. */
  readonly maxMembers?: number
  readonly onHostLeave?: HostLeavePolicy
  /** Whatever the application wants to tell of the lobby; at most 4096 characters, and 8192 bytes as JSON text. */
  readonly metadata?: string
}

/** One lobby in LIST, from the server. */
export interface LobbySummary {
  readonly name: string
  readonly mode: LobbyMode
  readonly members: number
  readonly maxMembers: number
  readonly metadata: string
}

/** LIST, from a client. */
export interface ListQuery {
  /** At most so many, up to 100. */
  readonly limit?: number
}

/** TOKEN, from the server, after a join: with it a client that lost its socket takes up the same id again. */
export interface TokenData {
  readonly token: string
  /** Milliseconds that the server keeps the place after the socket was lost. */
  readonly graceTime: number
}

/** RESUME, from the server; what was sent to the member meanwhile follows. A client sends the token as data, instead of JOIN. */
export interface ResumeData {
  readonly lobby: string
  readonly mode: LobbyMode
  readonly sealed: boolean
  readonly host: number
  readonly metadata: string
  /** Every other member that this one has to do with. */
  readonly members: readonly number[]
}

/** An extension's data, or null where it is not a JSON object (or array). */
export function parseExtension(data: string): unknown {
  try {
    const value: unknown = JSON.parse(data)
    return typeof value === 'object' ? value : null
  } catch {
    return null
  }
}
