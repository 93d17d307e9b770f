import type { HostLeavePolicy, LobbyMode, LobbySummary } from '../../../protocol/lobby/extension.ts'

/** One member of a lobby. */
export interface LobbyMember {
  /** 1 for who created the lobby; 2 to 2147483647 for the others. */
  readonly id: number
  /** Which stay of that id this is: changes whenever others have to forget the one before. Random, chosen by the server it is at. */
  readonly session: string
  /** The {@link BrokerNode.id} of the server that its socket is at. */
  readonly node: string
}

/** What all servers agree on about one lobby. Never changed in place: each change makes a new one. */
export interface LobbyRecord {
  readonly name: string
  readonly mode: LobbyMode
  readonly sealed: boolean
  /** The member that may seal and describe: 1, or who took over. */
  readonly host: number
  readonly onHostLeave: HostLeavePolicy
  readonly listed: boolean
  readonly maxMembers: number
  readonly metadata: string
  /** Grows with each change. */
  readonly revision: number
  /** By id, in the order in which they joined. */
  readonly members: ReadonlyMap<number, LobbyMember>
}

/** Why a broker refuses. */
export type BrokerRefusal =
  | 'lobby-not-found'
  | 'lobby-sealed'
  | 'lobby-full'
  | 'lobby-exists'
  | 'too-many-lobbies'
  /** Another member of the lobby has that id; choose another and ask again. */
  | 'id-taken'
  | 'not-host'
  | 'token-invalid'

export type BrokerReply = { readonly lobby: LobbyRecord } | { readonly refused: BrokerRefusal }

/** A lobby to be made, with its first member, who is the host with id 1. */
export interface CreateLobby {
  readonly name: string
  readonly mode: LobbyMode
  readonly onHostLeave: HostLeavePolicy
  readonly listed: boolean
  readonly maxMembers: number
  readonly metadata: string
  readonly session: string
  /** What {@link BrokerNode.resume} compares; not secret itself: the hash of the secret in the member's token. */
  readonly tokenHash: string
  /** Lobbies of all servers together at most. */
  readonly maxLobbies: number
}

/** A member to be added. */
export interface JoinLobby {
  readonly lobby: string
  readonly id: number
  readonly session: string
  readonly tokenHash: string
}

/** A member that comes back, maybe to another server. */
export interface ResumeMember {
  readonly lobby: string
  readonly id: number
  readonly tokenHash: string
}

/**
 * One message from member to member. At most once, in order per pair; not kept for anyone who is not there. If the receiver moves meanwhile, what was on its way to its old server goes
 * after it: there it may come behind newer ones, or twice.
 */
export interface BrokerSignal {
  readonly lobby: string
  readonly from: number
  /** Session of the sender. */
  readonly session: string
  /** Revision of the lobby with which the sender came to its server: grows whenever the session goes on at another one. */
  readonly stay: number
  /** Grows with each signal of that stay, so that the pair of both numbers grows: what comes again, as a broker that reconnects may resend, is dropped. */
  readonly sequence: number
  readonly to: number
  readonly type: number
  readonly data: string
}

/** What a server hears from its broker, in order. Never before `connect` has returned; never concurrently with itself. */
export interface BrokerListener {
  /**
   * A lobby that has a member at this server changed. Revisions may be skipped, never go back. Called before the promise of the operation that led to it resolves; a server
   * whose last member left is not told of that lobby any more.
   *
   * Members at this server may come with other sessions: the other servers had given this one up and reported them gone, and take them for new now. Their
   * clients then have to take all others for new too.
   */
  changed(lobby: LobbyRecord): void
  /** A lobby that had a member at this server is gone: its host left it, or its last member. Its members are in the last {@link changed}. */
  closed(lobby: string): void
  /** A signal for a member at this server. Not before {@link changed} told of its sender, unless that has left again. */
  signal(signal: BrokerSignal): void
  /** The broker cannot be reached, or can be again. In between, what servers agree on stands still. */
  available(isAvailable: boolean): void
}

/**
 * One server's place at a broker.
 *
 * Every operation is atomic over all servers. They reject with `MultiplayerError` `ERR_UNAVAILABLE` while the broker cannot be reached, but {@link leave}, which is then
 * remembered and carried out later, and {@link signal}, which drops what it cannot keep.
 */
export interface BrokerNode {
  /** Unique among the servers of a broker. */
  readonly id: string
  readonly isAvailable: boolean
  /** Whether no other server is at the broker now, so that a server that drains need not wait for its members to move. Absent: not known. */
  isAlone?(): Promise<boolean>
  create(request: CreateLobby): Promise<BrokerReply>
  join(request: JoinLobby): Promise<BrokerReply>
  /** Moves a member to this server, if the token is its own; its session stays. The server it was at sees from {@link BrokerListener.changed} that it moved. */
  resume(request: ResumeMember): Promise<BrokerReply>
  /**
   * Removes a member if that session is still its own and it is at this server. When the host leaves: with `close` the lobby is gone; with `keep` the member that joined first becomes the host.
   * The last one to leave closes the lobby. Leaving twice does nothing.
   */
  leave(lobby: string, id: number, session: string): Promise<void>
  /** @returns refused `not-host`, `lobby-not-found`. */
  seal(lobby: string, by: number): Promise<BrokerReply>
  /** @returns refused `not-host`, `lobby-not-found`. */
  setMetadata(lobby: string, by: number, metadata: string): Promise<BrokerReply>
  /** Lobbies that are listed, not sealed and not full. @param only - a name: that lobby alone, if it is such a one. Absent: any. */
  list(limit: number, only?: string): Promise<readonly LobbySummary[]>
  /** Lobbies of all servers together, as last known: for metrics. */
  countLobbies(): Promise<number>
  /**
   * To the server that the member `to` is at. The sender may be at another server: what a server kept for a member that moved away it passes on so, with the senders' own
   * sessions, stays and sequences, from within {@link BrokerListener.changed}, even if that was its last member of the lobby.
   */
  signal(signal: BrokerSignal): void
  /** This server's members leave all lobbies; nothing is reported any more. */
  close(): Promise<void>
}

/** What lobby servers share: one process's memory, or a Redis that many processes use. */
export interface LobbyBroker {
  /** @throws MultiplayerError `ERR_UNAVAILABLE` if it cannot be reached. */
  connect(listener: BrokerListener): Promise<BrokerNode>
}
