import type { IncomingMessage, Server, ServerResponse } from 'node:http'
import type { Clock } from '../../../clock.ts'
import type { LobbyBroker } from '../broker/broker.ts'
import type { Authorize } from './authorization.ts'
import type { LobbyLimits } from './limits.ts'
import type { LobbyLogger } from './lobby-logger.ts'
import type { LobbyObserver } from './lobby-observer.ts'
import type { TurnOptions } from './turn-credentials.ts'

/** Answers HTTP requests for one path. */
export type LobbyRoute = (request: IncomingMessage, response: ServerResponse) => void | Promise<void>

/** Options of {@link createLobbyServer}. */
export interface LobbyServerOptions {
  /** Default 9080, as Godot's demo; 0: any that is free. */
  readonly port?: number
  /** Address to listen at. Default `127.0.0.1`: this machine alone; `0.0.0.0` or `::` for everyone. */
  readonly host?: string
  /**
   * An HTTP(S) server of the application to take WebSockets from, instead of one of its own. The application listens, and closes it; `port`, `host` and `routes` do not apply
   * then.
   */
  readonly server?: Server
  /** Only WebSockets of this path, and of `<path>/godot3`, are taken. Default: those of any path. */
  readonly path?: string
  /** What this server shares with others. Default: a memory of its own. */
  readonly broker?: LobbyBroker
  readonly limits?: Partial<LobbyLimits>
  /** Decides who may come in. Default: everyone. */
  readonly authorize?: Authorize
  /** Origins of pages that may open sockets, as `https://game.example`. Clients that are no browsers name none and are not concerned. Default: any. */
  readonly allowedOrigins?: readonly string[]
  /** Reverse proxies in front of the server, by whose `X-Forwarded-For` it knows its clients' addresses. Default 0: the header is not looked at. */
  readonly trustProxy?: number
  /** TURN (and STUN) servers that extended clients hear of, with credentials of their own when they have joined a lobby. */
  readonly turn?: TurnOptions
  /** What other HTTP paths answer, by path, as `/healthz`. */
  readonly routes?: ReadonlyMap<string, LobbyRoute>
  /** Where to write what happens; pino has this shape. Default nowhere. */
  readonly logger?: LobbyLogger
  readonly observer?: LobbyObserver
  readonly clock?: Clock
}
