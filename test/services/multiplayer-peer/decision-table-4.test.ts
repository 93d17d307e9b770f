import { describe, test } from '@jest/globals'
import { simulatedWorld } from '../../support/mesh-world.ts'
import { decisionTable4 } from './decision-table-4-suite.ts'

describe('on the simulated network', () => {
  decisionTable4({ describe, test }, simulatedWorld)
})
