import { describe, test } from '@jest/globals'
import { type LossyLink, transportAcceptance } from '../../src/testing/index.ts'
import type { PeerConnectionConfiguration, WebRTCPeerConnection } from '../../src/transport/peer-connection.ts'
import { NodePeerConnection } from '../../src/transport/node/node-peer-connection.ts'
import { UdpProxy } from '../support/udp-proxy.ts'

/** Milliseconds; some tests pass 16 MB, and a connect may meet DTLS's timer of one second. */
const PATIENCE = 20_000

const wait = async (milliseconds: number): Promise<void> => {
  await new Promise((resolve) => setTimeout(resolve, milliseconds))
}

const create = (configuration?: PeerConnectionConfiguration): WebRTCPeerConnection =>
  new NodePeerConnection({ libdatachannel: { bindAddress: '127.0.0.1' }, ...configuration })

/** A proxy between the two, which drops datagrams. */
function makeLossyLink(): LossyLink {
  const proxy = new UdpProxy({ delay: 5 })
  return {
    create,
    rewrite: (candidate) => proxy.rewrite(candidate),
    setLoss: (loss) => {
      proxy.impairment.loss = loss
    },
    get lost() {
      return proxy.dropped
    },
    close: () => {
      proxy.close()
    },
  }
}

describe('the Node transport passes the acceptance suite', () => {
  transportAcceptance(
    { describe, test },
    {
      create,
      wait,
      makeLossyLink,
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
