import { describe } from '@jest/globals'
import { extendedSuite } from './support/extended-suite.ts'
import { openServers } from './support/open-worlds.ts'

describe('over real WebSockets: the extended protocol', () => {
  extendedSuite(openServers)
})
