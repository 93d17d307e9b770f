import { describe, jest, test } from '@jest/globals'
import { PEER_MODEL_EVENTS, peerModel } from '../../../src/testing/models/peer-model.ts'
import { sneakPaths } from '../../../src/testing/paths/sneak-paths.ts'
import { transitionPaths } from '../../../src/testing/paths/transition-paths.ts'
import { walkPath, walkSneakPath } from '../../../src/testing/paths/walk-path.ts'
import { led } from '../support/led.ts'
import { simulatedPeerWorld } from '../support/model-world.ts'
import { PATIENCE } from '../support/patience.ts'
import { PeerDriver } from '../support/peer-driver.ts'
import { report } from '../support/report.ts'

jest.setTimeout(PATIENCE)

const options = { events: PEER_MODEL_EVENTS, isPossible: PeerDriver.isPossible }

describe('a peer of a mesh, on the simulated network, keeps to the specification of a peer', () => {
  test('in every transition', async () => {
    const { paths, coverage } = transitionPaths(peerModel, options)
    for (const path of paths) {
      await led(new PeerDriver(simulatedPeerWorld()), (driver) => walkPath(path, coverage, driver))
    }
    report('peer of a mesh', coverage, paths.length)
  })

  test('which refuses what it must, in every state', async () => {
    for (const path of sneakPaths(peerModel, options)) {
      await led(new PeerDriver(simulatedPeerWorld()), (driver) => walkSneakPath(path, driver))
    }
  })
})
