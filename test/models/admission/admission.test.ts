import { describe, jest, test } from '@jest/globals'
import { admissionModelEvents } from '../../../src/testing/models/admission-model-events.ts'
import type { AdmissionModelOptions } from '../../../src/testing/models/admission-model-types.ts'
import { admissionModel } from '../../../src/testing/models/admission-model.ts'
import { sneakPaths } from '../../../src/testing/paths/sneak-paths.ts'
import { transitionPaths } from '../../../src/testing/paths/transition-paths.ts'
import { walkPath, walkSneakPath } from '../../../src/testing/paths/walk-path.ts'
import { AdmissionDriver } from '../support/admission-driver.ts'
import { led } from '../support/led.ts'
import { PATIENCE } from '../support/patience.ts'
import { report } from '../support/report.ts'

jest.setTimeout(PATIENCE)

/** With more clients in random.test.ts. */
const CASES: readonly (AdmissionModelOptions & { name: string })[] = [
  { name: 'a relaying server', clients: [2, 3] },
  { name: 'a server that does not relay', clients: [2, 3], serverRelay: false },
  { name: 'a relaying server with authentication', clients: [2, 3], authenticates: true },
  { name: 'clients that report lost peers', clients: [2, 3], reportLostPeers: true },
]

/** Steps of one path. */
const JOIN = 80

describe.each(CASES)('$name: who is here, to everyone, is as specified', ({ name, ...options }) => {
  const events = admissionModelEvents(options.clients)

  test('in every transition', async () => {
    const { paths, coverage } = transitionPaths(admissionModel(options), { events, join: JOIN })
    for (const path of paths) {
      await led(new AdmissionDriver(options), (driver) => walkPath(path, coverage, driver))
    }
    report(`admission, ${name}`, coverage, paths.length)
  })

  test('which refuses what it must, in every state', async () => {
    for (const path of sneakPaths(admissionModel(options), { events })) {
      await led(new AdmissionDriver(options), (driver) => walkSneakPath(path, driver))
    }
  })
})
