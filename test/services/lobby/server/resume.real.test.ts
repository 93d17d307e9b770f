import { describe } from '@jest/globals'
import { openServers } from './support/open-worlds.ts'
import { resumeSuite } from './support/resume-suite.ts'

describe('over real WebSockets', () => {
  resumeSuite(openServers)
})
