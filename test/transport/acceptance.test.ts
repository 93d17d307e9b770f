import { describe, test } from '@jest/globals'
import { type LossyLink, SimulatedNetwork, transportAcceptance } from '../../src/testing/index.ts'

const network = new SimulatedNetwork({ seed: 'acceptance', latency: 5 })
const { clock } = network

/** Hosts of their own behind a network of the same clock, whose loss disturbs no other test. */
function makeLossyLink(): LossyLink {
  const lossy = new SimulatedNetwork({ seed: 'lossy', clock, latency: 20, duplication: 0.05, reordering: 0.05 })
  return {
    create: (configuration) => lossy.createConnection(configuration),
    setLoss: (loss) => {
      lossy.setConditions({ loss })
    },
    get lost() {
      return lossy.counters.lost
    },
    close: () => undefined,
  }
}

describe('the simulated network passes the acceptance suite', () => {
  transportAcceptance(
    { describe, test },
    {
      create: (configuration) => network.createConnection(configuration),
      waitFor: (condition, what) => clock.runUntil(condition, { what }),
      wait: (milliseconds) => clock.run(milliseconds),
      makeLossyLink,
    },
  )
})
