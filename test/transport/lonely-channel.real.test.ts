import { test } from '@jest/globals'
import { NodePeerConnection } from '../../src/transport/node/node-peer-connection.ts'
import { waitFor } from '../support/real-time.ts'
import { closesLonelyChannel } from './lonely-channel.ts'

test('a channel that the other side does not have closes at its sender, in Node', async () => {
  await closesLonelyChannel([NodePeerConnection, NodePeerConnection], waitFor)
})
