import type { MeshModelEvent, MeshModelOptions } from '../../../src/testing/models/mesh-model-types.ts'
import { meshModel } from '../../../src/testing/models/mesh-model.ts'
import { sneakPaths } from '../../../src/testing/paths/sneak-paths.ts'
import { transitionPaths } from '../../../src/testing/paths/transition-paths.ts'
import { walkPath, walkSneakPath } from '../../../src/testing/paths/walk-path.ts'
import type { TestApi } from '../../../src/testing/index.ts'
import { led } from './led.ts'
import { MeshDriver } from './mesh-driver.ts'
import type { ModelWorld } from './model-world.ts'
import { report } from './report.ts'

/** A kind of mesh, and what happens to it. */
export interface MeshCase {
  readonly name: string
  readonly options: MeshModelOptions
  readonly events: readonly MeshModelEvent[]
  /** The own id, and others that this mesh never takes, to be tried. */
  readonly refused: readonly MeshModelEvent[]
}

/** Steps of one path. */
const JOIN = 24

/** Leads a mesh along every transition of its specification, and tries in every state what it refuses. */
export function meshSuite(
  { describe, test }: TestApi,
  { name, options, events, refused }: MeshCase,
  makeWorld: () => ModelWorld,
): void {
  describe(`${name} keeps to its specification`, () => {
    test('in every transition', async () => {
      const { paths, coverage } = transitionPaths(meshModel(options), { events, join: JOIN })
      for (const path of paths) {
        await led(new MeshDriver(makeWorld(), options), (driver) => walkPath(path, coverage, driver))
      }
      report(name, coverage, paths.length)
    })

    test('which refuses what it must, in every state', async () => {
      for (const path of sneakPaths(meshModel(options), { events: [...events, ...refused] })) {
        await led(new MeshDriver(makeWorld(), options), (driver) => walkSneakPath(path, driver))
      }
    })
  })
}
