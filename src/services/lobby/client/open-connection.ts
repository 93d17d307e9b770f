import type { Clock } from '../../../clock.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import { parseExtension, type WelcomeData } from '../../../protocol/lobby/extension.ts'
import { parseJson } from '../../../protocol/lobby/json-protocol.ts'
import { LOBBY_SUBPROTOCOL, LobbyMessageType, TOKEN_SUBPROTOCOL_PREFIX } from '../../../protocol/lobby/message.ts'
import { readIceServersData } from './ice-servers-data.ts'
import { LobbyConnection } from './lobby-connection.ts'
import { closeError, readError, refusalError } from './lobby-errors.ts'
import { messageTypeOf } from './message-type.ts'
import { ignoreSocket, listenTo, type LobbyWebSocket, type LobbyWebSocketConstructor } from './web-socket.ts'

/** How to reach a lobby server. */
export interface ServerAddress {
  readonly url: string
  readonly token?: string | undefined
  readonly WebSocket: LobbyWebSocketConstructor
  readonly clock: Clock
  /** Milliseconds for the socket to open. */
  readonly timeout: number
}

/** Milliseconds. A server that echoes any subprotocol knows nothing of this one; Godot's demo server closes sockets that have not joined within 1 s. */
const WELCOME_TIMEOUT = 500
/** What a WELCOME may say of the heartbeat, milliseconds. */
const HEARTBEAT = { least: 100, most: 600_000, usual: 10_000 }
const DEFAULT_MAX_MESSAGE_SIZE = 65_536

/**
 * Opens a socket to a lobby server, asking for the extended protocol. Browsers and `ws` fail a connection whose subprotocol the server does not take up, as Godot's demo does not:
 * it is then made again without.
 *
 * @throws MultiplayerError `ERR_CONNECTION_ERROR` if the server cannot be reached, `ERR_TIMEOUT`, or what the server refuses; the signal's reason if it aborts.
 */
export async function openConnection(address: ServerAddress, signal: AbortSignal): Promise<LobbyConnection> {
  const { token } = address
  const protocols = [LOBBY_SUBPROTOCOL, ...(token === undefined ? [] : [TOKEN_SUBPROTOCOL_PREFIX + token])]
  const asked = await tryOpen(address, protocols, signal)
  if (asked !== null) return asked
  const plain = await tryOpen(address, undefined, signal)
  if (plain !== null) return plain
  throw new MultiplayerError(
    'ERR_CONNECTION_ERROR',
    `The lobby server at ${address.url} cannot be reached; check the address, and that it runs.`,
    { value: address.url },
  )
}

/** Resolves to null if the socket closed before it was open. */
function tryOpen(
  { url, WebSocket, clock, timeout }: ServerAddress,
  protocols: string[] | undefined,
  signal: AbortSignal,
): Promise<LobbyConnection | null> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = protocols === undefined ? new WebSocket(url) : new WebSocket(url, protocols)
    const early: unknown[] = []
    let timer: unknown
    const settle = (): void => {
      clock.clearTimeout(timer)
      signal.removeEventListener('abort', abort)
    }
    const fail = (error: Error): void => {
      settle()
      ignoreSocket(socket)
      closeQuietly(socket)
      reject(error)
    }
    const abort = (): void => {
      fail(signal.reason as Error)
    }
    const succeed = (welcome: WelcomeData | null): void => {
      settle()
      resolve(new LobbyConnection(socket, clock, welcome, early))
    }
    signal.addEventListener('abort', abort, { once: true })
    timer = clock.setTimeout(() => {
      fail(
        new MultiplayerError(
          'ERR_TIMEOUT',
          `The lobby server at ${url} did not answer within ${timeout} ms; try again.`,
          {
            value: url,
          },
        ),
      )
    }, timeout)
    let isOpen = false
    listenTo(socket, {
      open: () => {
        isOpen = true
        clock.clearTimeout(timer)
        if (socket.protocol !== LOBBY_SUBPROTOCOL) succeed(null)
        else
          timer = clock.setTimeout(() => {
            succeed(null)
          }, WELCOME_TIMEOUT)
      },
      message: (data) => {
        const first = readFirst(data)
        if ('refusal' in first) fail(first.refusal)
        else {
          if (first.welcome === null) early.push(data)
          succeed(first.welcome)
        }
      },
      closed: (code, reason) => {
        if (isOpen) {
          fail(closeError(code, reason))
          return
        }
        settle()
        ignoreSocket(socket)
        resolve(null)
      },
    })
  })
}

/** Reads the first message of a server that took up the subprotocol; one that only echoed it says something else, or nothing. */
function readFirst(data: unknown): { welcome: WelcomeData | null } | { refusal: MultiplayerError } {
  const message = typeof data === 'string' ? parseJson(data) : null
  const type = message === null ? undefined : messageTypeOf(message)
  const content = parseExtension(message?.data ?? '')
  if (type === LobbyMessageType.WELCOME) return { welcome: readWelcome(content) }
  const refusal = type === LobbyMessageType.ERROR ? readError(content) : null
  return refusal === null ? { welcome: null } : { refusal: refusalError(refusal) }
}

/** Reads a WELCOME; what is missing or makes no sense becomes what is usual. */
function readWelcome(data: unknown): WelcomeData {
  const { heartbeat, maxMessageSize } = (data ?? {}) as Record<string, unknown>
  const isBeat = typeof heartbeat === 'number' && heartbeat >= HEARTBEAT.least && heartbeat <= HEARTBEAT.most
  const isSize = typeof maxMessageSize === 'number' && maxMessageSize > 0
  return {
    version: 1,
    heartbeat: isBeat ? heartbeat : HEARTBEAT.usual,
    maxMessageSize: isSize ? maxMessageSize : DEFAULT_MAX_MESSAGE_SIZE,
    ...readIceServersData(data),
  }
}

function closeQuietly(socket: LobbyWebSocket): void {
  try {
    socket.close()
  } catch {
    // It never came to anything.
  }
}
