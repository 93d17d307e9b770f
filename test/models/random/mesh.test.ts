import { describe, jest, test } from '@jest/globals'
import fc from 'fast-check'
import type { MeshModelEvent, MeshModelOptions } from '../../../src/testing/models/mesh-model-types.ts'
import { meshModel } from '../../../src/testing/models/mesh-model.ts'
import { led } from '../support/led.ts'
import { meshCommands, RunningModel } from '../support/mesh-commands.ts'
import { MeshDriver } from '../support/mesh-driver.ts'
import { simulatedModelWorld } from '../support/model-world.ts'
import { PATIENCE } from '../support/patience.ts'
import { type DeepState, DEEP_STATES, Reach } from '../support/reach.ts'

jest.setTimeout(PATIENCE)

interface RandomCase {
  readonly name: string
  readonly options: MeshModelOptions
  readonly ids: readonly number[]
  readonly refused: readonly MeshModelEvent[]
  readonly deep: readonly DeepState[]
}

const RUNS = 50
/**
 * A failure prints its seed and path, and the replayPath of its commands. They run again with
 * `RANDOM_COMMANDS='{"seed":1,"path":"3:1","replayPath":"AAB:C"}'` and the name of the one test.
 */
const { replayPath, ...again } = JSON.parse(process.env['RANDOM_COMMANDS'] ?? '{}') as {
  seed?: number
  path?: string
  replayPath?: string
}
const { allAnnounced, draining, wavering, drainingAndWavering, lostByTime } = DEEP_STATES
const { waiting, serverLost, othersLiveOn, restarted, closedByListener, replacedByListener } = DEEP_STATES
const COMPATIBLE = { mode: 'mesh', uniqueId: 5, serverCompatibility: true } as const
const COMMON = [draining, wavering, restarted, closedByListener, replacedByListener]

const CASES: readonly RandomCase[] = [
  {
    name: 'mesh',
    options: { mode: 'mesh', uniqueId: 5 },
    ids: [2, 3, 4],
    refused: [{ type: 'ADD', id: 5 }],
    deep: [...COMMON, allAnnounced(3), drainingAndWavering, lostByTime],
  },
  {
    name: 'client',
    options: { mode: 'client', uniqueId: 5 },
    ids: [1],
    refused: [
      { type: 'ADD', id: 2 },
      { type: 'ADD', id: 5 },
    ],
    deep: [...COMMON, allAnnounced(1), serverLost],
  },
  {
    name: 'compatible',
    options: COMPATIBLE,
    ids: [1, 2, 3],
    refused: [{ type: 'ADD', id: 5 }],
    deep: [...COMMON, allAnnounced(3), drainingAndWavering, lostByTime, waiting],
  },
  {
    name: 'compatible, disconnecting',
    options: { ...COMPATIBLE, onServerLost: 'disconnect' },
    ids: [1, 2, 3],
    refused: [{ type: 'ADD', id: 5 }],
    deep: [...COMMON, allAnnounced(3), waiting, serverLost, othersLiveOn],
  },
]

describe('random commands', () => {
  test.each(CASES)('$name', async ({ name, options, ids, refused, deep }) => {
    const reach = new Reach(deep)
    await fc.assert(
      fc.asyncProperty(meshCommands(ids, refused, replayPath), async (commands) => {
        reach.begin()
        const model = new RunningModel(meshModel(options), reach)
        await led(new MeshDriver(simulatedModelWorld(), options), (driver) =>
          fc.asyncModelRun(() => ({ model, real: driver }), commands),
        )
      }),
      { numRuns: RUNS, ...again },
    )
    process.stdout.write(`random commands on a mesh, ${name}: ${reach.toString()}\n`)
    if (again.seed === undefined) reach.assertAll()
  })
})
