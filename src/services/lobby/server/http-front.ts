import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { LobbyRoute } from './lobby-server-options.ts'
import type { LobbyLogger } from './lobby-logger.ts'

/** Milliseconds in which a connection must say what it wants. */
const HEADERS_TIMEOUT = 10_000

/** An HTTP server for these paths; elsewhere it says that it is for WebSockets. */
export function createHttpServer(routes: ReadonlyMap<string, LobbyRoute>, logger: LobbyLogger): Server {
  const server = createServer((request, response) => {
    void answer(routes, request, response).catch((error: unknown) => {
      logger.error({ err: error, path: pathOf(request) }, 'a route failed')
      if (!response.headersSent) response.writeHead(500)
      response.end()
    })
  })
  server.headersTimeout = HEADERS_TIMEOUT
  return server
}

async function answer(
  routes: ReadonlyMap<string, LobbyRoute>,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const route = routes.get(pathOf(request))
  if (route !== undefined) {
    await route(request, response)
    return
  }
  response.writeHead(426, { upgrade: 'websocket', 'content-type': 'text/plain; charset=utf-8' })
  response.end('This is a lobby server for webrtc-multiplayer and for Godot games: connect with a WebSocket.\n')
}

/** Without the query, which may have a token. */
function pathOf({ url = '/' }: IncomingMessage): string {
  return url.split('?', 1)[0] ?? '/'
}

/** @throws MultiplayerError `ERR_ALREADY_IN_USE` if the port is taken, `ERR_UNAVAILABLE` if it cannot listen there for another reason. */
export async function listen(server: Server, port: number, host: string): Promise<void> {
  try {
    await new Promise<void>((resolve, reject) => {
      server.once('error', reject)
      server.listen(port, host, () => {
        server.off('error', reject)
        resolve()
      })
    })
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EADDRINUSE') {
      const message = `Port ${port} of ${host} is taken; choose another, or 0 for any that is free.`
      throw new MultiplayerError('ERR_ALREADY_IN_USE', message, { value: port, cause: error })
    }
    const message = `Cannot listen at port ${port} of ${host}: ${(error as Error).message}`
    throw new MultiplayerError('ERR_UNAVAILABLE', message, { value: port })
  }
}

/** Where a server listens. @throws MultiplayerError `ERR_UNCONFIGURED` if it does not, or at no port. */
export function boundAddress(server: Server): AddressInfo {
  const address = server.address()
  if (address !== null && typeof address === 'object') return address
  throw new MultiplayerError('ERR_UNCONFIGURED', 'The HTTP server does not listen at a port; call its listen() first.')
}

/** The URL for clients on this machine. */
export function socketUrl(server: Server): string {
  const { address, family, port } = boundAddress(server)
  // Everyone's address is nobody's: from here it is reached by the loopback one.
  const host =
    family === 'IPv6' ? `[${address === '::' ? '::1' : address}]` : address.replace(/^0\.0\.0\.0$/, '127.0.0.1')
  return `${'setSecureContext' in server ? 'wss' : 'ws'}://${host}:${port}`
}

/** Stops listening and ends all connections. */
export async function closeHttpServer(server: Server): Promise<void> {
  await new Promise<void>((resolve) => {
    server.close(() => {
      resolve()
    })
    server.closeAllConnections()
  })
}
