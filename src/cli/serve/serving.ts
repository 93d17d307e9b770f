import { lobbyOperation } from '../../services/lobby/operation/lobby-operation.ts'
import { startOperationServer } from '../../services/lobby/operation/operation-server.ts'
import type { LobbyLogger } from '../../services/lobby/server/lobby-logger.ts'
import { createLobbyServer } from '../../services/lobby/server/lobby-server.ts'
import type { ServeOptions } from './options.ts'
import { toServerOptions } from './server-options.ts'

/** A lobby server with its health checks and metrics. */
export interface Serving {
  /** Takes nobody new, lets members go on elsewhere, and closes everything. */
  drain(): Promise<void>
}

/** Starts what the options say; nothing is left open if that fails. */
export async function startServing(options: ServeOptions, logger: LobbyLogger): Promise<Serving> {
  const { host, metrics, metricsPort } = options
  const operation = await lobbyOperation({ metrics, logger })
  // Before the lobby server, whose start may wait for Redis: who asks meanwhile hears that it is starting.
  const apart = metricsPort === null ? null : await startOperationServer(operation, { host, port: metricsPort })
  try {
    const server = await createLobbyServer(await toServerOptions(options, operation, logger))
    operation.attach(server)
    logger.info({ url: server.url, ...(apart !== null && { operation: apart.url }) }, 'listening')
    return {
      drain: async () => {
        await server.drain()
        await apart?.close()
      },
    }
  } catch (error) {
    await apart?.close()
    throw error
  }
}
