import { describe, test } from '@jest/globals'
import { realWorld } from '../../support/real-world.ts'
import { decisionTable3 } from './decision-table-3-suite.ts'

describe('on real connections', () => {
  decisionTable3({ describe, test }, () => realWorld)
})
