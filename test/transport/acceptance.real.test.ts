import { describe, test } from '@jest/globals'
import { type LossyLink, transportAcceptance } from '../../src/testing/index.ts'
import type { PeerConnectionConfiguration, WebRTCPeerConnection } from '../../src/transport/peer-connection.ts'
import { NodePeerConnection } from '../../src/transport/node/node-peer-connection.ts'
import { wait, waitFor } from '../support/real-time.ts'
import { UdpProxy } from '../support/udp-proxy.ts'

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
      waitFor,
    },
  )
})
