import type { IncomingHttpHeaders } from 'node:http'
import type { LobbyErrorCode } from '../../../protocol/lobby/extension.ts'
import type { LobbyDialect } from './lobby-observer.ts'

/** What is known of a client that wants to open a socket. */
export interface AuthorizeRequest {
  /** From `Authorization: Bearer ...`, the subprotocol `webrtc-multiplayer.token.<token>` or the query `?token=...`; null if there is none. */
  readonly token: string | null
  /** The page's origin; null for clients that are no browsers. */
  readonly origin: string | null
  /** Where it comes from; of IPv6 the first 64 bits, as each household has that many. */
  readonly address: string
  readonly dialect: LobbyDialect
  /** Path and query. */
  readonly url: string
  readonly headers: IncomingHttpHeaders
}

/** A client that is let in. */
export interface Grant {
  /** Who it is: in logs and TURN user names. */
  readonly identity?: string | null
  /** The one lobby that it may create or join. Absent: any. */
  readonly lobby?: string
  /** `host` may create lobbies and join them, `member` only join them. Default `host`. */
  readonly role?: 'host' | 'member'
}

/** A client that is not let in. */
export interface Denial {
  /** Usually `unauthorized`. */
  readonly refuse: LobbyErrorCode
  /** For the client's developer. */
  readonly message?: string
  /** Milliseconds after which it may try again; absent where that is of no use. */
  readonly retryAfter?: number
}

/** Decides who may come in. What it throws counts as `unavailable`. */
export type Authorize = (request: AuthorizeRequest) => Grant | Denial | Promise<Grant | Denial>
