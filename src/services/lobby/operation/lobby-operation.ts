import { type LobbyLogger, SILENT_LOBBY_LOGGER } from '../server/lobby-logger.ts'
import type { LobbyObserver } from '../server/lobby-observer.ts'
import type { LobbyRoute } from '../server/lobby-server-options.ts'
import type { LobbyStats } from '../server/lobby-stats.ts'
import { type Answer, answerRoute, json, text } from './http-route.ts'
import { addLobbyCounters } from './lobby-counters.ts'
import { addLobbyGauges } from './lobby-gauges.ts'
import { loadPromClient, NO_PROM_CLIENT, processMetrics } from './prom-client.ts'

/** What is looked at of a lobby server. */
export interface OperatedServer {
  readonly isReady: boolean
  stats(): LobbyStats
}

/** Options of {@link lobbyOperation}. */
export interface LobbyOperationOptions {
  /** There is a `/metrics`. Default true. */
  readonly metrics?: boolean
  /** Where failures of the routes go. Default nowhere. */
  readonly logger?: LobbyLogger
}

/** What a monitored lobby server is created with. */
export interface LobbyOperation {
  /** `/healthz`, `/readyz` and, unless it is off, `/metrics`. */
  readonly routes: ReadonlyMap<string, LobbyRoute>
  /** Counts what happens, for `/metrics`. */
  readonly observer: LobbyObserver
  /** Tells which server it is about; until then that is not ready. */
  attach(server: OperatedServer): void
}

/**
 * Health checks and metrics of a lobby server:
 * - `/healthz`: 200 as long as the process answers at all;
 * - `/readyz`: 200 while new clients are welcome, else 503 with the reason: not started, draining, the broker cannot be reached;
 * - `/metrics`: Prometheus's text format, with the package `prom-client`; 501 if that is not installed.
 *
 * @example
 * ```ts
 * import { createLobbyServer, lobbyOperation } from 'webrtc-multiplayer/lobby-server'
 *
 * const operation = await lobbyOperation()
 * const server = await createLobbyServer({ routes: operation.routes, observer: operation.observer })
 * operation.attach(server)
 * ```
 */
export async function lobbyOperation({
  metrics = true,
  logger = SILENT_LOBBY_LOGGER,
}: LobbyOperationOptions = {}): Promise<LobbyOperation> {
  let server: OperatedServer | null = null
  const counted = metrics ? await startMetrics(() => server?.stats() ?? null) : null
  const route = (answer: () => Answer | Promise<Answer>): LobbyRoute =>
    answerRoute(answer, (error) => {
      logger.error({ err: error }, 'a health or metrics request failed')
    })
  const routes = new Map([
    ['/healthz', route(() => text(200, 'ok'))],
    ['/readyz', route(() => readiness(server))],
  ])
  if (counted !== null) routes.set('/metrics', route(counted.answer))
  return {
    routes,
    observer: counted?.observer ?? {},
    attach: (attached) => {
      server = attached
    },
  }
}

interface Metrics {
  readonly observer: LobbyObserver
  readonly answer: () => Answer | Promise<Answer>
}

async function startMetrics(stats: () => LobbyStats | null): Promise<Metrics> {
  const promClient = await loadPromClient()
  if (promClient === null) return { observer: {}, answer: () => text(501, NO_PROM_CLIENT) }
  const registry = new promClient.Registry()
  addLobbyGauges(promClient, registry, stats)
  const observer = addLobbyCounters(promClient, registry)
  const all = promClient.Registry.merge([registry, processMetrics(promClient)])
  return { observer, answer: async () => ({ status: 200, type: all.contentType, body: await all.metrics() }) }
}

function readiness(server: OperatedServer | null): Answer {
  if (server?.isReady === true) return json(200, { ready: true })
  return json(503, { ready: false, reason: whyNotReady(server) })
}

function whyNotReady(server: OperatedServer | null): string {
  if (server === null) return 'starting'
  const { isDraining, isBrokerAvailable } = server.stats()
  if (isDraining) return 'draining'
  return isBrokerAvailable ? 'not listening' : 'the broker cannot be reached'
}
