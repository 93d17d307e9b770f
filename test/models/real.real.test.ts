import { describe, test } from '@jest/globals'
import { NodePeerConnection } from '../../src/transport/node/node-peer-connection.ts'
import { realModelWorld } from './support/real-model-world.ts'
import { realSuite } from './support/real-suite.ts'

realSuite(
  { describe, test },
  () => realModelWorld(NodePeerConnection),
  (line) => process.stdout.write(`in Node, ${line}\n`),
)
