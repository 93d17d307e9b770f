import { describe, test } from '@jest/globals'
import { transportAcceptance } from '../../src/testing/index.ts'
import { NodePeerConnection } from '../../src/transport/node/node-peer-connection.ts'

/** Milliseconds; some tests pass 16 MB, and a connect may meet DTLS's timer of one second. */
const PATIENCE = 20_000

const wait = async (milliseconds: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

describe('the Node transport passes the acceptance suite', () => {
  transportAcceptance(
    { describe, test },
    {
      create: (configuration) =>
        new NodePeerConnection({ libdatachannel: { bindAddress: '127.0.0.1' }, ...configuration }),
      wait,
      waitFor: async (condition, what) => {
        const deadline = performance.now() + PATIENCE
        while (!condition()) {
          if (performance.now() > deadline) throw new Error(`Waited ${PATIENCE} ms in vain until ${what}.`)
          await wait(2)
        }
      },
    },
  )
})
