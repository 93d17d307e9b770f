import { describe } from '@jest/globals'
import { openCores } from './support/open-worlds.ts'
import { resumeSuite } from './support/resume-suite.ts'

describe('in the core', () => {
  resumeSuite(openCores)
})
