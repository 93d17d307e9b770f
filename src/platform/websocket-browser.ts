import { MultiplayerError } from '../multiplayer-error.ts'
import type { LobbyWebSocketConstructor } from '../services/lobby/client/web-socket.ts'

const { WebSocket: Native } = globalThis as { WebSocket?: LobbyWebSocketConstructor }

/** The global `WebSocket`: browsers, workers, Electron, Deno, Bun. Looked up on import, so that a page may be rendered where there is none. */
export const WebSocket: LobbyWebSocketConstructor =
  Native ??
  (function () {
    throw new MultiplayerError(
      'ERR_UNAVAILABLE',
      'There is no global WebSocket here; pass a constructor as the option `WebSocket`.',
    )
  } as unknown as LobbyWebSocketConstructor)
