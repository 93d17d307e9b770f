import { describe, jest, test } from '@jest/globals'
import {
  AUTHENTICATION_MODEL_EVENTS,
  isPossibleInAuthenticationModel,
} from '../../../src/testing/models/authentication-model-events.ts'
import type { AuthenticationModelOptions } from '../../../src/testing/models/authentication-model-types.ts'
import { authenticationModel } from '../../../src/testing/models/authentication-model.ts'
import { sneakPaths } from '../../../src/testing/paths/sneak-paths.ts'
import { transitionPaths } from '../../../src/testing/paths/transition-paths.ts'
import { walkPath, walkSneakPath } from '../../../src/testing/paths/walk-path.ts'
import { AuthenticationDriver } from '../support/authentication-driver.ts'
import { led } from '../support/led.ts'
import { PATIENCE } from '../support/patience.ts'
import { report } from '../support/report.ts'

jest.setTimeout(PATIENCE)

/** Of those that are alike, one; the others come in random.test.ts. */
const CASES: readonly AuthenticationModelOptions[] = [
  { a: 'callback', b: 'authenticate' },
  { a: 'callback', b: 'none' },
  { a: 'none', b: 'authenticate' },
]
const options = { events: AUTHENTICATION_MODEL_EVENTS, isPossible: isPossibleInAuthenticationModel }

/** Steps of one path. */
const JOIN = 80

describe.each(CASES)('two peers that authenticate, one by $a, the other by $b, keep to the specification', (ways) => {
  test('in every transition', async () => {
    const { paths, coverage } = transitionPaths(authenticationModel(ways), { ...options, join: JOIN })
    for (const path of paths) {
      await led(new AuthenticationDriver(ways), (driver) => walkPath(path, coverage, driver))
    }
    report(`authentication by ${ways.a} and ${ways.b}`, coverage, paths.length)
  })

  test('which refuses what it must, in every state', async () => {
    for (const path of sneakPaths(authenticationModel(ways), options)) {
      await led(new AuthenticationDriver(ways), (driver) => walkSneakPath(path, driver))
    }
  })
})
