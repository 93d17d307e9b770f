import { describe, jest, test } from '@jest/globals'
import { THREE_PEERS } from '../support/mesh-cases.ts'
import { meshSuite } from '../support/mesh-suite.ts'
import { simulatedModelWorld } from '../support/model-world.ts'
import { PATIENCE } from '../support/patience.ts'

jest.setTimeout(PATIENCE)

for (const meshCase of THREE_PEERS) meshSuite({ describe, test }, meshCase, () => simulatedModelWorld())
