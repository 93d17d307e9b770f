import { describe } from '@jest/globals'
import { extendedSuite } from './support/extended-suite.ts'
import { openCores } from './support/open-worlds.ts'

describe('the core speaks the extended protocol', () => {
  extendedSuite(openCores)
})
