import { decisionTable3 } from '../services/multiplayer-peer/decision-table-3-suite.ts'
import { decisionTable4 } from '../services/multiplayer-peer/decision-table-4-suite.ts'
import { type TestApi, transportAcceptance, type TransportUnderTest } from '../../src/testing/index.ts'
import type { PeerConnectionConfiguration, PeerConnectionConstructor } from '../../src/transport/peer-connection.ts'
import type { World } from '../support/mesh-world.ts'
import { wait, waitFor } from '../support/real-time.ts'

/** How the two ends of a connection are made. */
export interface Ends {
  readonly offering: TransportUnderTest['create']
  readonly answering: TransportUnderTest['create']
}

/** Where the ends are: both in the page, or one of them in another place, reached through the page's far end. */
export type Arrangement = 'in one page' | 'the page offers' | 'the page answers'

/** The tests that every pair of places passes; declared once in the page, where they run, and once where they are reported. */
export function declareSuites(
  api: TestApi,
  ends: (arrangement: Arrangement) => Ends,
  arrangements: readonly Arrangement[],
): void {
  for (const arrangement of arrangements) {
    const { offering, answering } = ends(arrangement)
    api.describe(arrangement, () => {
      api.describe('transport', () => {
        const callsAreSlow = arrangement === 'the page answers'
        // What arrives at a far end is passed on message by message.
        const backlog = arrangement === 'in one page' ? {} : { backlog: 900 }
        transportAcceptance(api, { create: offering, createOther: answering, callsAreSlow, ...backlog, wait, waitFor })
      })
      const local = arrangement === 'the page answers' ? answering : offering
      const other = arrangement === 'the page answers' ? offering : answering
      const world: World = {
        options: {},
        localAnswers: arrangement === 'the page answers',
        PeerConnection: (host) => constructorOf(host === 'under-test' ? local : other),
        until: (condition) => waitFor(condition, String(condition)),
        settle: () => wait(150),
      }
      const rows = arrangement === 'in one page' ? 'all' : 'main'
      decisionTable3(api, () => world, rows)
      decisionTable4(api, () => world, rows)
    })
  }
}

function constructorOf(create: TransportUnderTest['create']): PeerConnectionConstructor {
  return function (configuration?: PeerConnectionConfiguration) {
    return create(configuration)
  } as unknown as PeerConnectionConstructor
}
