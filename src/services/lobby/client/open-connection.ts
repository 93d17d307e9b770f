import type { Clock } from '../../../clock.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import { parseJson } from '../../../protocol/lobby/json-protocol.ts'
import { LOBBY_SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from '../../../protocol/lobby/message.ts'
import { LobbyConnection } from './lobby-connection.ts'
import { closeError, lobbyErrorCode, plainServerError, refusalIn, timeoutError } from './lobby-errors.ts'
import { askToken, type TokenOption } from './token.ts'
import { ignoreSocket, listenTo, type LobbyWebSocket, type LobbyWebSocketConstructor } from './web-socket.ts'

/** How to reach a lobby server. */
export interface ServerAddress {
  readonly url: string
  readonly token?: TokenOption | undefined
  readonly WebSocket: LobbyWebSocketConstructor
  readonly clock: Clock
  /** Milliseconds for the socket to open. */
  readonly timeout: number
}

/** Milliseconds. A server that echoes any subprotocol knows nothing of this one; Godot's demo server closes sockets that have not joined within 1 s. */
const WELCOME_TIMEOUT = 500
/** Milliseconds, where nothing can be done without it. */
const PATIENT_WELCOME_TIMEOUT = 2_000

/**
 * Opens a socket to a lobby server, asking for the extended protocol. Browsers and `ws` fail a connection whose subprotocol the server does not take up, as Godot's demo does not:
 * it is then made again without.
 *
 * @param isNeeded - whether what follows needs the extended protocol, so that its WELCOME is worth a longer wait.
 * @throws MultiplayerError `ERR_CONNECTION_ERROR` if the server cannot be reached, or `token` fails; `ERR_TIMEOUT`, or what the server refuses; the signal's reason if it aborts.
 */
export async function openConnection(
  address: ServerAddress,
  signal: AbortSignal,
  isNeeded: boolean,
): Promise<LobbyConnection> {
  const token = await askToken(address, signal)
  const protocols = [LOBBY_SUBPROTOCOL, ...(token === undefined ? [] : [TOKEN_SUBPROTOCOL_PREFIX + token])]
  const asked = await tryOpen(address, protocols, signal, isNeeded)
  if (asked !== null) return asked
  const plain = await tryOpen(address, undefined, signal, isNeeded)
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
  isNeeded: boolean,
): Promise<LobbyConnection | null> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted()
    const socket = protocols === undefined ? new WebSocket(url) : new WebSocket(url, protocols)
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
    const succeed = (...early: unknown[]): void => {
      settle()
      resolve(new LobbyConnection(socket, clock, early))
    }
    signal.addEventListener('abort', abort, { once: true })
    timer = clock.setTimeout(() => {
      fail(timeoutError(timeout))
    }, timeout)
    let isOpen = false
    listenTo(socket, {
      open: () => {
        isOpen = true
        clock.clearTimeout(timer)
        if (socket.protocol !== LOBBY_SUBPROTOCOL) succeed()
        else
          timer = clock.setTimeout(
            () => {
              succeed()
            },
            isNeeded ? PATIENT_WELCOME_TIMEOUT : WELCOME_TIMEOUT,
          )
      },
      message: (data) => {
        const refusal = readRefusal(data)
        // What a server says first that only echoes the subprotocol shows that it is plain; unless it is a WELCOME.
        if (refusal === null) succeed(data)
        else fail(refusal)
      },
      closed: (code, reason) => {
        if (isOpen) {
          const error = closeError(code, reason)
          fail(isNeeded && lobbyErrorCode(error) === 'join-timeout' ? plainServerError() : error)
          return
        }
        settle()
        ignoreSocket(socket)
        resolve(null)
      },
    })
  })
}

/** Reads why the server takes nobody, or not this client, if it says so at once. */
function readRefusal(data: unknown): MultiplayerError | null {
  const message = typeof data === 'string' ? parseJson(data) : null
  return message === null ? null : refusalIn(message)
}

function closeQuietly(socket: LobbyWebSocket): void {
  try {
    socket.close()
  } catch {
    // It never came to anything.
  }
}
