import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../src/machines/mesh-types.ts'
import type { WebRTCMultiplayerPeer } from '../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { MeshState } from '../../src/react/mesh-state.ts'
import { type JoinMesh, MeshStore } from '../../src/react/mesh-store.ts'
import { SimMesh } from '../support/sim-mesh.ts'

const DISCONNECTED = { id: 1, status: ConnectionStatus.DISCONNECTED, peers: [], error: null }

describe('the store of useMesh', () => {
  let sim: SimMesh
  let mesh: WebRTCMultiplayerPeer
  let store: MeshStore
  let told: MeshState[]

  /** A mesh of 1, 2 and 3, of which the store is in as 1. */
  beforeEach(async () => {
    sim = new SimMesh()
    mesh = (await sim.form(1, 2, 3))[0] as WebRTCMultiplayerPeer
    store = new MeshStore()
    told = []
    store.subscribe(() => told.push(store.getState()))
  })
  afterEach(() => {
    sim.dispose()
  })

  async function join(how: JoinMesh): Promise<() => void> {
    const leave = store.join(how)
    await Promise.resolve()
    await Promise.resolve()
    return leave
  }

  test('knows the peers that were announced before it came', async () => {
    await join(() => mesh)
    expect(told).toEqual([{ mesh, id: 1, status: ConnectionStatus.CONNECTED, peers: [2, 3], error: null }])
  })

  test('tells nothing of a peer that was added and is not announced yet', async () => {
    await join(() => mesh)
    sim.make(4)
    sim.join(1, 4)
    expect(told).toHaveLength(1)
    await sim.run(1_000)
    expect(told.map(({ peers }) => peers)).toEqual([
      [2, 3],
      [2, 3, 4],
    ])
  })

  test('keeps the list of peers where only something else changes', async () => {
    const lonely = sim.make(9)
    await join(() => lonely)
    await lonely.close()
    expect(told.map(({ status }) => status)).toEqual([ConnectionStatus.CONNECTED, ConnectionStatus.DISCONNECTED])
    expect(told[1]?.peers).toBe(told[0]?.peers)
  })

  test('sees what a listener asks for while the mesh is still telling', async () => {
    await join(() => mesh)
    mesh.peerDisconnected$.subscribe(() => void mesh.close())
    sim.peer(3)[Symbol.dispose]()
    await sim.run(1_000)
    expect(store.getState()).toEqual({ mesh, ...DISCONNECTED })
  })

  test('sees that the application has closed the mesh for good, before or after it came', async () => {
    await join(() => mesh)
    mesh[Symbol.dispose]()
    expect(store.getState()).toEqual({ mesh, ...DISCONNECTED })
    const late = new MeshStore()
    late.join(() => mesh)
    await Promise.resolve()
    expect(late.getState()).toEqual({ mesh, ...DISCONNECTED })
  })

  test('aborts the signal, then closes; tells that there is no mesh, and of the old one no more', async () => {
    let statusAtAbort: ConnectionStatus | null = null
    const leave = await join((signal) => {
      signal.addEventListener('abort', () => {
        statusAtAbort = mesh.connectionStatus
      })
      return mesh
    })
    leave()
    await sim.run(3_000)
    expect(statusAtAbort).toBe(ConnectionStatus.CONNECTED)
    expect(told.map(({ mesh, peers }) => [mesh?.uniqueId, ...peers])).toEqual([[1, 2, 3], [undefined]])
    expect(() => mesh.createMesh(1)).toThrow('disposed')
    expect([2, 3].map((id) => sim.peer(id).hasPeer(1))).toEqual([false, false])
  })

  test('makes an error of whatever is thrown', async () => {
    const reason = 'no room' as unknown as Error
    await join(() => Promise.reject(reason))
    expect(store.getState().error).toMatchObject({ message: 'no room', cause: 'no room' })
  })
})
