import { WebSocket as NodeWebSocket } from 'ws'
import type { LobbyWebSocketConstructor } from '../services/lobby/client/web-socket.ts'

/** Largest message that a lobby server may send, bytes; the package's default of 100 MiB is an invitation. Servers send no more than 64 KiB by default. */
const MAX_PAYLOAD = 1024 * 1024

/** Milliseconds that a server has to say goodbye; the package's default of 30 s keeps a process alive for so long when the server, or the network to it, is dead. */
const CLOSE_TIMEOUT = 2_000

// Not written where it is used, because the types of `ws` do not know closeTimeout yet, and would refuse it there.
const OPTIONS = { perMessageDeflate: false, maxPayload: MAX_PAYLOAD, closeTimeout: CLOSE_TIMEOUT }

/** The package `ws`: Node 20 has no global WebSocket. Messages are short and often random, so compressing them would only cost memory. */
class LobbyNodeWebSocket extends NodeWebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols ?? [], OPTIONS)
  }
}

export const WebSocket: LobbyWebSocketConstructor = LobbyNodeWebSocket
