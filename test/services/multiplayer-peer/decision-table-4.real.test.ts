import { describe, test } from '@jest/globals'
import { realWorld } from '../../support/real-world.ts'
import { decisionTable4 } from './decision-table-4-suite.ts'

describe('on real connections', () => {
  decisionTable4({ describe, test }, () => realWorld, 'main')
})
