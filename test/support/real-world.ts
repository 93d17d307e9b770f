import { NodePeerConnection } from '../../src/transport/node/node-peer-connection.ts'
import type { World } from './mesh-world.ts'
import { wait, waitFor } from './real-time.ts'

/** Real connections in this process. */
export const realWorld: World = {
  options: {},
  PeerConnection: () => NodePeerConnection,
  until: (condition) => waitFor(condition, String(condition)),
  // On loopback whatever is to be heard is heard within a few milliseconds; a wrong signal after that is what this waits for.
  settle: () => wait(100),
}
