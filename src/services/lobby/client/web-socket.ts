/** The part of a W3C `WebSocket` that the lobby uses. */
export interface LobbyWebSocket {
  /** The subprotocol that the server chose; empty if none. */
  readonly protocol: string
  onopen: ((event: never) => void) | null
  onmessage: ((event: never) => void) | null
  onerror: ((event: never) => void) | null
  onclose: ((event: never) => void) | null
  send(data: string): void
  close(code?: number, reason?: string): void
}

/** Makes WebSockets: that of a browser, of the package `ws`, or your own. */
export type LobbyWebSocketConstructor = new (url: string, protocols?: string[]) => LobbyWebSocket

/** What is read of the events of a {@link LobbyWebSocket}. */
export interface LobbyWebSocketEvents {
  open(): void
  message(data: unknown): void
  closed(code: number, reason: string): void
}

/** Listens to a socket; what its events carry is read with care, because constructors may be anybody's. */
export function listenTo(socket: LobbyWebSocket, { open, message, closed }: LobbyWebSocketEvents): void {
  socket.onopen = () => {
    open()
  }
  socket.onmessage = ({ data }: { data?: unknown }) => {
    message(data)
  }
  // A close follows every error, and says as much.
  socket.onerror = () => undefined
  socket.onclose = ({ code = 1006, reason = '' }: { code?: number; reason?: string }) => {
    closed(code, reason)
  }
}

/** Stops listening, but for errors: an `error` event that nobody listens to ends a Node process. */
export function ignoreSocket(socket: LobbyWebSocket): void {
  socket.onopen = null
  socket.onmessage = null
  socket.onclose = null
  socket.onerror = () => undefined
}
