import { WebSocket as NodeWebSocket } from 'ws'
import type { LobbyWebSocketConstructor } from '../services/lobby/client/web-socket.ts'

/** Largest message that a lobby server may send, bytes; the package's default of 100 MiB is an invitation. Servers send no more than 64 KiB by default. */
const MAX_PAYLOAD = 1024 * 1024

/** The package `ws`: Node 20 has no global WebSocket. Messages are short and often random, so compressing them would only cost memory. */
class LobbyNodeWebSocket extends NodeWebSocket {
  constructor(url: string, protocols?: string[]) {
    super(url, protocols ?? [], { perMessageDeflate: false, maxPayload: MAX_PAYLOAD })
  }
}

export const WebSocket: LobbyWebSocketConstructor = LobbyNodeWebSocket
