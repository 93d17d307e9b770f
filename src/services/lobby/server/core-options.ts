import type { Clock } from '../../../clock.ts'
import type { LobbyBroker } from '../broker/broker.ts'
import type { LobbyLimits } from './limits.ts'
import type { LobbyLogger } from './lobby-logger.ts'
import type { LobbyDialect, LobbyObserver } from './lobby-observer.ts'
import type { TurnOptions } from './turn-credentials.ts'

/** One client's WebSocket, as the core sees it. */
export interface ServerSocket {
  send(text: string): void
  close(code: number, reason: string): void
  /** Bytes that wait to be sent. */
  readonly bufferedAmount: number
}

/** Where what arrives on a {@link ServerSocket} goes. */
export interface SocketHandler {
  /** A message, or null for a binary one. */
  message(data: string | null): void
  /** The socket has closed: exactly once, with the WebSocket close code (1006 if there was none). Nothing may come after it. */
  closed(code: number): void
}

/** What is known of a client before it says anything. */
export interface ClientDescription {
  readonly dialect: LobbyDialect
  /** Who it is, if the application asked; in logs and TURN user names. */
  readonly identity: string | null
  /** Where it connects from: limits per address go by it. */
  readonly address: string
  /** The one lobby that it may create or join. Absent: any. */
  readonly lobby?: string
  /** `member` may not create lobbies. Absent: `host`. */
  readonly role?: 'host' | 'member'
}

/** Options of {@link LobbyCore}. */
export interface LobbyCoreOptions {
  /** What this server shares with others. */
  readonly broker: LobbyBroker
  readonly limits?: Partial<LobbyLimits>
  /** TURN (and STUN) servers that extended clients hear of, with credentials of their own when they have joined a lobby. */
  readonly turn?: TurnOptions
  readonly logger?: LobbyLogger
  readonly observer?: LobbyObserver
  /** Timers; a simulated clock in tests. */
  readonly clock?: Clock
  /** Ids of members, 2 to 2147483647. Default: random. */
  readonly generateId?: () => number
}
