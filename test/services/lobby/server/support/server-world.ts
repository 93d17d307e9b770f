import { once } from 'node:events'
import { WebSocket } from 'ws'
import {
  createLobbyServer,
  type LobbyServer,
  type LobbyServerOptions,
} from '../../../../../src/services/lobby/server/lobby-server.ts'
import { Inbox, type RawClient } from './raw-client.ts'

/** A bare WebSocket to a server. Its inbox listens from the start, as a server may speak first. */
export async function openSocket(
  url: string,
  protocols: string[] = [],
  headers: Record<string, string> = {},
): Promise<RawClient & { readonly socket: WebSocket }> {
  const socket = new WebSocket(url, protocols, { headers })
  const inbox = new Inbox()
  socket.on('message', (data: Buffer, isBinary) => {
    inbox.message(isBinary ? `binary ${data.toString('hex')}` : data.toString())
  })
  socket.on('close', (code, reason) => {
    inbox.close({ code, reason: reason.toString() })
  })
  await once(socket, 'open')
  return {
    socket,
    rest: inbox.rest,
    send: (data) => {
      socket.send(data)
    },
    take: (count) => inbox.take(count),
    closed: () => inbox.closed(),
    end: (code = 1000) => {
      if (code === 1006) socket.terminate()
      else socket.close(code)
    },
  }
}

/** The HTTP status with which a WebSocket is refused, and its headers. */
export async function refusalOf(
  url: string,
  protocols: string[] = [],
  headers: Record<string, string> = {},
): Promise<{ status: number | undefined; retryAfter: string | undefined; body: string }> {
  const socket = new WebSocket(url, protocols, { headers })
  socket.on('error', () => undefined)
  const [, response] = (await once(socket, 'unexpected-response')) as [unknown, import('node:http').IncomingMessage]
  let body = ''
  for await (const chunk of response) body += String(chunk)
  return { status: response.statusCode, retryAfter: response.headers['retry-after'], body }
}

/** A server at any free port of this machine. */
export function startServer(options: LobbyServerOptions = {}): Promise<LobbyServer> {
  return createLobbyServer({ port: 0, ...options })
}
