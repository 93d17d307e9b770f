import { checkWhole, invalid } from '../../../checks.ts'
import type { LobbyServerOptions } from './lobby-server-options.ts'
import type { LobbyStats } from './lobby-stats.ts'
import { RunningServer } from './running-server.ts'

export type { LobbyRoute, LobbyServerOptions } from './lobby-server-options.ts'

/** The port of Godot's signaling demo. */
const DEFAULT_PORT = 9080
const DEFAULT_HOST = '127.0.0.1'
/** More than anyone has in a row; catches a port or a time given by mistake. */
const MOST_PROXIES = 16

/** A running lobby server. */
export interface LobbyServer extends AsyncDisposable {
  /** For clients on this machine, as `ws://127.0.0.1:9080`. @throws MultiplayerError `ERR_UNCONFIGURED` if the application's server does not listen yet. */
  readonly url: string
  readonly port: number
  /** The address that it is bound to. */
  readonly address: string
  /** Whether new clients are welcome: it listens, is not draining, and its broker can be reached. */
  readonly isReady: boolean
  stats(): LobbyStats
  /**
   * Goes down without harm: takes nobody new (503), closes all sockets with 1012, and waits until each member has resumed at another server or its grace time is over (not at all
   * if there is no other server); then {@link close}.
   */
  drain(): Promise<void>
  /** Goes down at once: all members leave, all sockets close. */
  close(): Promise<void>
}

/**
 * Starts a lobby server. Peers of this library, and Godot games with the official signaling demo's client, find each other there.
 *
 * - Any path speaks the JSON protocol of Godot 4's demo, and more with clients that ask for it by subprotocol, as `joinLobby()` does.
 * - A path that ends in `/godot3` speaks the text protocol of Godot 3's demo.
 *
 * @example
 * ```ts
 * import { createLobbyServer } from 'webrtc-multiplayer/lobby-server'
 *
 * await using server = await createLobbyServer({ port: 0, host: '0.0.0.0' })
 * console.log(server.url) // for clients on this machine, as ws://127.0.0.1:40123
 * ```
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for an option that is none, `ERR_ALREADY_IN_USE` if the port is taken, `ERR_UNAVAILABLE` if the broker cannot be reached.
 */
export async function createLobbyServer(options: LobbyServerOptions = {}): Promise<LobbyServer> {
  const { port = DEFAULT_PORT, host = DEFAULT_HOST, path, trustProxy = 0, server, routes } = options
  checkWhole('port', port, 0, 65_535)
  checkWhole('trustProxy', trustProxy, 0, MOST_PROXIES)
  if (path !== undefined && !path.startsWith('/')) throw invalid('path begins with /.', path)
  if (server !== undefined && routes !== undefined) {
    throw invalid('routes are for a server of its own; let the one of the application answer these paths.', routes)
  }
  const running = new RunningServer(options)
  await running.start(port, host)
  return running
}
