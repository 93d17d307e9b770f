import { describe, test } from '@jest/globals'
import { memoryBroker } from '../../../../src/services/lobby/broker/memory-broker.ts'
import { brokerAcceptance } from '../../../../src/testing/broker-acceptance.ts'

/** Everything that has begun in memory ends within a turn of the event loop. */
async function turn(): Promise<void> {
  await new Promise<void>((resolve) => setImmediate(resolve))
}

describe('the memory broker passes the acceptance suite', () => {
  brokerAcceptance(
    { describe, test },
    {
      create: () => Promise.resolve(memoryBroker()),
      settle: turn,
      waitFor: async (condition, what) => {
        for (let turns = 0; !condition(); turns++) {
          if (turns === 1000) throw new Error(`Waited in vain until ${what}.`)
          await turn()
        }
      },
    },
  )
})
