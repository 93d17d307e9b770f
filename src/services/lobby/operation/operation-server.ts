import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { LobbyOperation } from './lobby-operation.ts'

/** Serves health checks and metrics at a port of their own, which a reverse proxy need not let out. */
export interface OperationServer {
  readonly url: string
  close(): Promise<void>
}

/** @throws the platform's error if it cannot listen there. */
export async function startOperationServer(
  { routes }: LobbyOperation,
  { host, port }: { readonly host: string; readonly port: number },
): Promise<OperationServer> {
  const server = createServer((request, response) => {
    const route = routes.get((request.url ?? '/').split('?', 1)[0] ?? '/')
    if (route === undefined) {
      response.statusCode = 404
      response.end('Not found\n')
    } else void route(request, response)
  })
  await listen(server, host, port)
  const { address, family, port: actual } = server.address() as AddressInfo
  return {
    url: `http://${family === 'IPv6' ? `[${address}]` : address}:${actual}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => {
          resolve()
        })
        // Whoever keeps its connection alive would keep the server open.
        server.closeAllConnections()
      }),
  }
}

function listen(server: Server, host: string, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}
