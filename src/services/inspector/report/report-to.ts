import { WebSocket as PlatformWebSocket } from '#websocket'
import { invalid } from '../../../checks.ts'
import type { LobbyWebSocketConstructor } from '../../lobby/client/web-socket.ts'
import { ReconnectingReporter } from './reconnecting-reporter.ts'
import type { Reporter } from './reporter.ts'

/** Options of {@link reportTo}. */
export interface ReportOptions {
  /** How this process or page is called in the inspector. Default: `process` and its number, or the page's title. */
  readonly name?: string
  /** The inspector's, unless it is in the address. */
  readonly token?: string
  /** Closes it. */
  readonly signal?: AbortSignal
  /** Default: the platform's; the package `ws` in Node. */
  readonly WebSocket?: LobbyWebSocketConstructor
}

/** Where reporters connect to. */
const REPORT_PATH = '/report'

/**
 * Tells an inspector in another process what happens in this one; in Node and in pages. Works before the inspector is there and when it comes back: it is tried again every now and then,
 * and told everything anew. It never keeps a Node process alive by itself.
 *
 * @example
 * ```ts
 * import { joinLobby } from 'webrtc-multiplayer/lobby'
 * import { reportTo } from 'webrtc-multiplayer/inspector'
 *
 * const lobby = await joinLobby('ws://localhost:9080', { lobby: 'tea', create: true })
 * const reporter = reportTo('http://localhost:9280', { name: 'bot' })
 * reporter.watch(lobby)
 * ```
 *
 * @param url - of the inspector: `reportUrl`, or the address of its page.
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for an address that is none; the signal's reason if it has aborted.
 */
export function reportTo(url: string, options: ReportOptions = {}): Reporter {
  const { name, token, signal, WebSocket = PlatformWebSocket } = options
  const address = reportAddress(url, token)
  signal?.throwIfAborted()
  const reporter = new ReconnectingReporter({ url: address, WebSocket, ...(name !== undefined && { name }) })
  signal?.addEventListener('abort', () => void reporter.close(), { signal: reporter.ended })
  return reporter
}

/** Errors are logged, and the token may be in there. */
const withoutQuery = (url: string): string => url.replace(/[?#].*/s, '')

function reportAddress(url: string, token: string | undefined): string {
  const address = URL.canParse(url) ? new URL(url) : null
  if (address === null || !/^(?:ws|http)s?:$/.test(address.protocol) || address.hash !== '') {
    throw invalid(
      `The address of an inspector is like 'http://localhost:9280' or 'ws://host:9280/report'.`,
      withoutQuery(url),
    )
  }
  if (address.pathname === '/') address.pathname = REPORT_PATH
  if (token !== undefined) address.searchParams.set('token', token)
  return address.href.replace(/^http/, 'ws')
}
