import { test } from '@jest/globals'
import { SimulatedNetwork } from '../../src/testing/index.ts'
import { closesLonelyChannel } from './lonely-channel.ts'

test('a channel that the other side does not have closes at its sender, simulated', async () => {
  const network = new SimulatedNetwork()
  const hosts = [network.host('a').PeerConnection, network.host('b').PeerConnection] as const
  await closesLonelyChannel(hosts, async (condition) => {
    await network.clock.runUntil(condition)
  })
})
