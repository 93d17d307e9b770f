import { describe, jest, test } from '@jest/globals'
import { PEER_MODEL_EVENTS, peerModel } from '../../../src/testing/models/peer-model.ts'
import { sneakPaths } from '../../../src/testing/paths/sneak-paths.ts'
import { transitionPaths } from '../../../src/testing/paths/transition-paths.ts'
import { walkPath, walkSneakPath } from '../../../src/testing/paths/walk-path.ts'
import { PATIENCE } from '../support/patience.ts'
import { PeerActorDriver } from '../support/peer-actor-driver.ts'
import { report } from '../support/report.ts'

jest.setTimeout(PATIENCE)

// One by one here, what OPENS sums up; and to this actor one reason why the mesh ends it is as good as another.
const EVENTS = PEER_MODEL_EVENTS.filter(
  (event) =>
    event.type !== 'OPENS' && (event.type !== 'END' || event.reason === 'removed' || event.reason === 'forced'),
)

describe('the peer actor keeps to the specification of a peer', () => {
  test('in every transition', async () => {
    const { paths, coverage } = transitionPaths(peerModel, { events: EVENTS })
    for (const path of paths) {
      const driver = new PeerActorDriver()
      await walkPath(path, coverage, driver)
      driver.dispose()
    }
    report('peer actor', coverage, paths.length)
  })

  test('which refuses what it must, in every state', async () => {
    for (const path of sneakPaths(peerModel, { events: EVENTS })) {
      const driver = new PeerActorDriver()
      await walkSneakPath(path, driver)
      driver.liveOn(path.steps.at(-1)?.state ?? path.start)
      driver.dispose()
    }
  })
})
