import type { LobbyBroker } from '../../services/lobby/broker/broker.ts'

/** What the author of a broker gives to the acceptance suite. */
export interface BrokerUnderTest {
  /** Makes a broker with no lobbies in it, to which several servers can connect. */
  create(): Promise<LobbyBroker>
  /** Called at the end of each test, when all servers have left. */
  dispose?(broker: LobbyBroker): Promise<void>
  /** Resolves when the condition holds; rejects with `what` after some seconds. */
  waitFor(condition: () => boolean, what: string): Promise<void>
  /** Resolves when everything that is on its way through the broker has arrived. */
  settle(): Promise<void>
  /** Seed of the random tests. Default: another one each time; a failure names it. */
  seed?: number
}
