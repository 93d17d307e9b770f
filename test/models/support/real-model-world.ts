import type { PeerConnectionConstructor } from '../../../src/transport/peer-connection.ts'
import { wait } from '../../support/real-time.ts'
import type { ModelWorld } from './model-world.ts'

/** Milliseconds; a connect may meet DTLS's retransmission timers of 1, 2, 4 s. */
const PATIENCE = 10_000
/** Milliseconds in which a wrong signal would be heard. */
const SETTLED = 100

/** Real connections in this process or page. */
export function realModelWorld(PeerConnection: PeerConnectionConstructor): ModelWorld {
  return {
    options: {},
    makeLocal: () => new PeerConnection(),
    makeRemote: () => new PeerConnection(),
    // Whoever waits compares afterwards, and says better what is wrong.
    until: async (condition) => {
      const deadline = performance.now() + PATIENCE
      while (!condition() && performance.now() < deadline) await wait(2)
    },
    settle: () => wait(SETTLED),
    end: (local) => {
      local.close()
    },
    letGo: () => null,
  }
}
