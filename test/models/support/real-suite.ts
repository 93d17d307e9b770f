import type { TestApi } from '../../../src/testing/index.ts'
import { meshModelEvents } from '../../../src/testing/models/mesh-model-events.ts'
import type { MeshModelEvent, MeshModelOptions } from '../../../src/testing/models/mesh-model-types.ts'
import { meshModel } from '../../../src/testing/models/mesh-model.ts'
import {
  PEER_MODEL_EVENTS,
  type PeerModelEvent,
  peerModel,
  type PeerModelState,
} from '../../../src/testing/models/peer-model.ts'
import { transitionPaths } from '../../../src/testing/paths/transition-paths.ts'
import { walkPath } from '../../../src/testing/paths/walk-path.ts'
import { inParallel } from './in-parallel.ts'
import { led } from './led.ts'
import { MeshDriver } from './mesh-driver.ts'
import type { ModelWorld } from './model-world.ts'
import { PeerDriver } from './peer-driver.ts'

/** Paths that are walked at the same time; connections wait most of the time. */
const AT_ONCE = 8
/** Steps of one path. */
const JOIN = 12

interface RealCase {
  readonly name: string
  readonly options: MeshModelOptions
  readonly ids: readonly number[]
}

const CASES: readonly RealCase[] = [
  { name: 'a mesh', options: { mode: 'mesh', uniqueId: 5 }, ids: [2, 3] },
  { name: 'a client', options: { mode: 'client', uniqueId: 5 }, ids: [1] },
  {
    name: 'a mesh with server compatibility',
    options: { mode: 'mesh', uniqueId: 5, serverCompatibility: true },
    ids: [1, 2],
  },
]

/** Besides the main events: the other side closes, or only its reliable channel. */
const realEvents = (ids: readonly number[]): MeshModelEvent[] => [
  ...meshModelEvents([], ids),
  ...ids.map((id) => ({ type: 'LOST', id, state: 'DISCONNECTED' }) as const),
  ...ids.slice(0, 1).map((id) => ({ type: 'CHANNEL_CLOSES', id, channel: 0 }) as const),
]

/** No times, and no state in which a peer stays only for a time. */
const isPossible = (state: PeerModelState, event: PeerModelEvent): boolean =>
  PeerDriver.isPossible(state, event) &&
  !['TIME_PASSES', 'DISCONNECTED', 'CONNECTED', 'FAILED'].includes(event.type) &&
  (event.type !== 'CHANNEL_CLOSES' || event.channel === 0)

/** The paths of a peer and of meshes of two peers on real connections, with the events that are possible there. */
export function realSuite(
  { describe, test }: TestApi,
  makeWorld: () => ModelWorld,
  print: (line: string) => void,
): void {
  describe('on real connections', () => {
    test('a peer keeps to its specification', async () => {
      const { paths, coverage } = transitionPaths(peerModel, { events: PEER_MODEL_EVENTS, isPossible })
      await inParallel(AT_ONCE, paths, async (path) => {
        await led(new PeerDriver(makeWorld()), (driver) => walkPath(path, coverage, driver))
      })
      print(`peer: ${coverage.toString()}, ${paths.length} paths`)
      coverage.assertComplete()
    })

    for (const { name, options, ids } of CASES) {
      test(`${name} keeps to its specification`, async () => {
        const { paths, coverage } = transitionPaths(meshModel(options), { events: realEvents(ids), join: JOIN })
        await inParallel(AT_ONCE, paths, async (path) => {
          await led(new MeshDriver(makeWorld(), options), (driver) => walkPath(path, coverage, driver))
        })
        print(`${name}: ${coverage.toString()}, ${paths.length} paths`)
        coverage.assertComplete()
      })
    }
  })
}
