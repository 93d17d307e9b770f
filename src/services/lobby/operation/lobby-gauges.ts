import type { Registry } from 'prom-client'
import type { LobbyStats } from '../server/lobby-stats.ts'
import type { PromClientModule } from './prom-client.ts'

/** What a lobby server holds at the moment, by the name of its metric. */
const GAUGES: readonly (readonly [name: string, help: string, read: (stats: LobbyStats) => number])[] = [
  ['sockets', 'Open WebSockets.', (stats) => stats.sockets],
  ['pending_sockets', 'Open WebSockets that have not joined a lobby.', (stats) => stats.pendingSockets],
  ['lobbies', 'Lobbies with a member at this server.', (stats) => stats.lobbies],
  ['members', 'Members at this server, those without a socket included.', (stats) => stats.members],
  ['lost_members', 'Members whose socket is lost and whose place is kept.', (stats) => stats.lostMembers],
  ['kept_signals', 'Signals kept for members whose socket is lost.', (stats) => stats.keptSignals],
  ['broker_available', '1 if the broker can be reached.', (stats) => Number(stats.isBrokerAvailable)],
  ['draining', '1 if the server takes nobody new.', (stats) => Number(stats.isDraining)],
]

/** Registers the gauges; `stats` is asked whenever they are read, null is all 0. */
export function addLobbyGauges({ Gauge }: PromClientModule, registry: Registry, stats: () => LobbyStats | null): void {
  for (const [name, help, read] of GAUGES) {
    new Gauge({
      name: `webrtc_lobby_${name}`,
      help,
      registers: [registry],
      collect() {
        const now = stats()
        this.set(now === null ? 0 : read(now))
      },
    })
  }
}
