/**
 * Types of the messages of a lobby. 0 to 7 are those of Godot's signaling demo (godot-demo-projects, `networking/webrtc_signaling`, since 4.0); from 16 on they are ours, and
 * only pass between peers and servers that agreed on {@link LOBBY_SUBPROTOCOL}.
 */
export enum LobbyMessageType {
  JOIN = 0,
  ID = 1,
  PEER_CONNECT = 2,
  PEER_DISCONNECT = 3,
  OFFER = 4,
  ANSWER = 5,
  CANDIDATE = 6,
  SEAL = 7,
  ERROR = 16,
  WELCOME = 17,
  CREATE = 18,
  LIST = 19,
  METADATA = 20,
  TOKEN = 21,
  RESUME = 22,
  HOST = 23,
  PING = 24,
  PONG = 25,
  ICE_SERVERS = 26,
  LEAVE = 27,
  RETRY = 28,
}

/** The WebSocket subprotocol by which a client asks for more than the demo's protocol. */
export const LOBBY_SUBPROTOCOL = 'webrtc-multiplayer.lobby.1'

/** A WebSocket subprotocol that begins so carries the client's token: browsers can set no headers, and URLs end in logs. */
export const TOKEN_SUBPROTOCOL_PREFIX = 'webrtc-multiplayer.token.'

/** One message, in whichever protocol it travels. */
export interface LobbyMessage {
  readonly type: number
  /** A peer: whom it is for, or whom it is from. */
  readonly id: number
  readonly data: string
}

/** Messages that members send each other through the server. */
export const SIGNAL_TYPES: ReadonlySet<number> = new Set([
  LobbyMessageType.OFFER,
  LobbyMessageType.ANSWER,
  LobbyMessageType.CANDIDATE,
])

const KNOWN: ReadonlyMap<number, LobbyMessageType> = new Map(
  Object.values(LobbyMessageType).flatMap((type) => (typeof type === 'number' ? [[type, type] as const] : [])),
)

/** The type of a message that came; undefined for one that this version does not know. */
export function messageTypeOf({ type }: { readonly type: number }): LobbyMessageType | undefined {
  return KNOWN.get(type)
}
