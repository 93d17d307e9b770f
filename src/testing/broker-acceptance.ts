import { makeScenario } from './broker-acceptance/bench.ts'
import type { BrokerUnderTest } from './broker-acceptance/broker-under-test.ts'
import { leavingTests } from './broker-acceptance/leaving.ts'
import { lobbyTests } from './broker-acceptance/lobbies.ts'
import { raceTests } from './broker-acceptance/races.ts'
import { randomTests } from './broker-acceptance/random-operations.ts'
import { resumingTests } from './broker-acceptance/resuming.ts'
import { signalTests } from './broker-acceptance/signals.ts'
import type { TestApi } from './transport-acceptance/transport-under-test.ts'

export type { BrokerUnderTest } from './broker-acceptance/broker-under-test.ts'

/**
 * The acceptance suite for brokers of lobby servers: declares the tests that a `LobbyBroker` must pass, wherever it keeps its lobbies. It needs no particular
 * test runner.
 *
 * @example
 * ```ts
 * import { describe, test } from '@jest/globals'
 * import { memoryBroker } from 'webrtc-multiplayer/lobby-server' // or your own
 * import { brokerAcceptance } from 'webrtc-multiplayer/testing'
 *
 * brokerAcceptance({ describe, test }, {
 *   create: () => Promise.resolve(memoryBroker()),
 *   settle: () => new Promise((resolve) => setTimeout(resolve, 50)),
 *   waitFor: async (condition, what) => {
 *     for (let tries = 0; !condition(); tries++) {
 *       if (tries > 1000) throw new Error(`Waited in vain until ${what}.`)
 *       await new Promise((resolve) => setTimeout(resolve, 10))
 *     }
 *   },
 * })
 * ```
 */
export function brokerAcceptance(api: TestApi, broker: BrokerUnderTest): void {
  const scenario = makeScenario(api, broker)
  api.describe('lobbies', () => {
    lobbyTests(scenario)
  })
  api.describe('leaving', () => {
    leavingTests(scenario)
  })
  api.describe('resuming', () => {
    resumingTests(scenario)
  })
  api.describe('signals', () => {
    signalTests(scenario)
  })
  api.describe('races', () => {
    raceTests(scenario)
  })
  api.describe('random operations', () => {
    randomTests(scenario, broker.seed)
  })
}
