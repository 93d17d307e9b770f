import { meshModelEvents } from '../../../src/testing/models/mesh-model-events.ts'
import type { MeshModelEvent } from '../../../src/testing/models/mesh-model-types.ts'
import type { MeshCase } from './mesh-suite.ts'

const adds = (...ids: number[]): MeshModelEvent[] => ids.map((id) => ({ type: 'ADD', id }))

const MESH = { mode: 'mesh', uniqueId: 5 } as const
const COMPATIBLE = { mode: 'mesh', uniqueId: 5, serverCompatibility: true } as const

/**
 * One or two remote peers. Where the specification is the same as of another mesh but for the ids, the main events are enough; where it is not, one of the peers has everything that can happen to
 * it.
 */
export const TWO_PEERS: readonly MeshCase[] = [
  {
    name: 'Godot 4, mesh, 2 peers',
    options: MESH,
    events: meshModelEvents([2], [1]),
    refused: adds(5, 0, -2, 2.5, 2 ** 31),
  },
  {
    name: 'Godot 4, server, 2 peers',
    options: { mode: 'server', uniqueId: 1 },
    events: meshModelEvents([], [2, 3]),
    refused: adds(1),
  },
  {
    name: 'Godot 4, client',
    options: { mode: 'client', uniqueId: 5 },
    events: meshModelEvents([1]),
    refused: adds(2, 5, 0),
  },
  {
    name: 'Godot 3, no compatibility, 2 peers',
    options: { ...MESH, serverCompatibility: false },
    events: meshModelEvents([], [1, 2]),
    refused: adds(5),
  },
  {
    name: 'Godot 3, compatible server, 2 peers',
    options: { mode: 'mesh', uniqueId: 1, serverCompatibility: true },
    events: meshModelEvents([], [2, 3]),
    refused: adds(1),
  },
  {
    name: 'Godot 3, compatible, server and 1 peer',
    options: COMPATIBLE,
    events: meshModelEvents([1], [2]),
    refused: adds(5),
  },
  {
    name: 'Godot 3, compatible, server and 1 peer, disconnecting',
    options: { ...COMPATIBLE, onServerLost: 'disconnect' },
    events: meshModelEvents([], [1, 2]),
    refused: adds(5),
  },
]

/** Every event of three peers; ids that are refused are tried beside two. */
const three = (...ids: number[]): MeshModelEvent[] => meshModelEvents([], ids)

/** Three remote peers. */
export const THREE_PEERS: readonly MeshCase[] = [
  {
    name: 'Godot 4, mesh, 3 peers',
    options: MESH,
    events: three(2, 3, 4),
    refused: adds(5),
  },
  {
    name: 'Godot 4, server, 3 peers',
    options: { mode: 'server', uniqueId: 1 },
    events: three(2, 3, 4),
    refused: adds(1),
  },
  {
    name: 'Godot 3, no compatibility, 3 peers',
    options: { ...MESH, serverCompatibility: false },
    events: three(1, 2, 3),
    refused: adds(5),
  },
  {
    name: 'Godot 3, compatible server, 3 peers',
    options: { mode: 'mesh', uniqueId: 1, serverCompatibility: true },
    events: three(2, 3, 4),
    refused: adds(1),
  },
  {
    name: 'Godot 3, compatible, server and 2 peers',
    options: COMPATIBLE,
    events: three(1, 2, 3),
    refused: adds(5),
  },
  {
    name: 'Godot 3, compatible, server and 2 peers, disconnecting',
    options: { ...COMPATIBLE, onServerLost: 'disconnect' },
    events: three(1, 2, 3),
    refused: adds(5),
  },
]
