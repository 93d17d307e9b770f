import { describe, test } from '@jest/globals'
import { simulatedWorld } from '../../support/mesh-world.ts'
import { decisionTable3 } from './decision-table-3-suite.ts'

describe('on the simulated network', () => {
  decisionTable3({ describe, test }, simulatedWorld)
})
