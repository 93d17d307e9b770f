import { afterEach, describe, expect, test } from '@jest/globals'
import type { Observable } from 'rxjs'
import { type InspectionEvent, createActor, createMachine } from 'xstate'
import { meshLogic } from '../../../src/machines/mesh-machine.ts'
import { ConnectionStatus, type MeshActorRef } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { SimulatedNetwork } from '../../../src/testing/index.ts'
import { ConnectionState } from '../../../src/transport/states.ts'
import { addPartner, record, simulatedWorld } from '../../support/mesh-world.ts'
import { SimMesh } from '../../support/sim-mesh.ts'
import { refusal } from '../../support/refusal.ts'

let sim = new SimMesh()
afterEach(() => {
  sim.dispose()
})

describe('close', () => {
  test('the others see it within milliseconds, and nothing is left', async () => {
    sim = new SimMesh({ latency: 5 })
    const [a, b, c] = await sim.form(1, 2, 3)
    const heard = [b, c].map((mesh) => record(mesh as WebRTCMultiplayerPeer))
    let closed = false
    void a?.close().then(() => (closed = true))
    expect(a?.connectionStatus).toBe(ConnectionStatus.DISCONNECTED)
    expect(a?.getPeers().size).toBe(0)
    await sim.run(250)
    expect(heard).toEqual([['peerDisconnected(1) CONNECTED'], ['peerDisconnected(1) CONNECTED']])
    expect(closed).toBe(true)
    void b?.close()
    void c?.close()
    await sim.run(5_000)
    expect(sim.network.clock.pending).toBe(0)
  })

  test.each([
    [undefined, 2_000],
    [100, 100],
  ])('with closeTimeout %p what cannot be brought out holds it up for %i ms', async (closeTimeout, limit) => {
    sim = new SimMesh({}, closeTimeout === undefined ? {} : { closeTimeout })
    const [a] = await sim.form(1, 2)
    a?.send(new Uint8Array(1_000), { to: 2 })
    sim.network.partition(['host-1'], ['host-2'])
    let closed = false
    void a?.close().then(() => (closed = true))
    await sim.run(limit - 10)
    expect(closed).toBe(false)
    await sim.run(20)
    expect(closed).toBe(true)
  })

  test('the same mesh starts again, and its streams go on', async () => {
    sim = new SimMesh()
    const [a] = await sim.form(1, 2)
    const heard = record(a as WebRTCMultiplayerPeer)
    void a?.close()
    await sim.run(1_000)
    a?.createMesh(7)
    sim.peers.set(7, a as WebRTCMultiplayerPeer)
    sim.make(8)
    sim.join(7, 8)
    await sim.run(1_000)
    expect(heard).toEqual(['peerConnected(8) CONNECTED'])
  })

  test('in a listener: what was about to be announced is not heard any more', async () => {
    const world = simulatedWorld()
    const mesh = new WebRTCMultiplayerPeer(world.options)
    const heard = record(mesh)
    mesh.initialize(5, true)
    await addPartner(world, mesh, 2).open()
    mesh.peerConnected$.subscribe(() => void mesh.close())
    await addPartner(world, mesh, 1).open()
    await world.settle()
    expect(heard).toEqual(['peerConnected(1) CONNECTED'])
    expect(mesh.connectionStatus).toBe(ConnectionStatus.DISCONNECTED)
    expect(world.network.clock.pending).toBe(0)
  })

  test('and start in the same listener: the new session is not disturbed by the old one', async () => {
    const world = simulatedWorld()
    const mesh = new WebRTCMultiplayerPeer(world.options)
    const heard = record(mesh)
    mesh.createMesh(5)
    let restarted = false
    mesh.peerConnected$.subscribe(() => {
      if (restarted) return
      restarted = true
      void mesh.close()
      mesh.createClient(6)
    })
    await addPartner(world, mesh, 2).open()
    await world.settle()
    expect([mesh.uniqueId, mesh.connectionStatus]).toEqual([6, ConnectionStatus.CONNECTING])
    await addPartner(world, mesh, 1).open()
    expect(heard).toEqual(['peerConnected(2) CONNECTED', 'peerConnected(1) CONNECTED', 'connectionSucceeded CONNECTED'])
    mesh[Symbol.dispose]()
  })
})

describe('listeners may change the mesh', () => {
  test('remove and add again under the same id: loss and announcement alternate', async () => {
    const world = simulatedWorld()
    const mesh = new WebRTCMultiplayerPeer(world.options)
    const heard = record(mesh)
    mesh.createMesh(5)
    const first = addPartner(world, mesh, 2)
    let second: ReturnType<typeof addPartner> | undefined
    mesh.peerConnected$.subscribe(() => {
      if (second !== undefined) return
      mesh.removePeer(2)
      expect(mesh.hasPeer(2)).toBe(false)
      second = addPartner(world, mesh, 2)
      first.local.close()
    })
    await first.open()
    await world.settle()
    expect(mesh.getPeer(2).connection).toBe(second?.local)
    await second?.open()
    await world.settle()
    expect(heard).toEqual(['peerConnected(2) CONNECTED', 'peerDisconnected(2) CONNECTED', 'peerConnected(2) CONNECTED'])
    mesh[Symbol.dispose]()
  })
})

describe('dispose', () => {
  test('completes every stream, stops the actor, and leaves nothing behind', async () => {
    sim = new SimMesh()
    const [a, b] = await sim.form(1, 2)
    if (!a || !b) throw new Error('no mesh')
    const completed: string[] = []
    const streams: Record<string, Observable<unknown>> = {
      packets: a.packets$,
      connected: a.peerConnected$,
      disconnected: a.peerDisconnected$,
      removed: a.peerRemoved$,
      succeeded: a.connectionSucceeded$,
      failed: a.connectionFailed$,
      serverDisconnected: a.serverDisconnected$,
      status: a.connectionStatus$,
      state: a.peer(2).state$,
    }
    for (const [name, stream] of Object.entries(streams)) stream.subscribe({ complete: () => completed.push(name) })
    a[Symbol.dispose]()
    expect(completed.sort()).toEqual(Object.keys(streams).sort())
    expect(a.actor.getSnapshot().status).toBe('stopped')
    expect(() => {
      a.addPeer(new (sim.network.host('x').PeerConnection)(), 3)
    }).toThrow(refusal('ERR_UNCONFIGURED'))
    const disposed = b[Symbol.asyncDispose]()
    await sim.run(10_000)
    await disposed
    expect(sim.network.clock.pending).toBe(0)
  })
})

describe('the actor', () => {
  test('can be inspected; an observer that throws reaches nobody but the logger', async () => {
    const events: InspectionEvent['type'][] = []
    const errors: unknown[] = []
    sim = new SimMesh(
      {},
      {
        inspect: (event) => {
          events.push(event.type)
          throw new Error('planted')
        },
        logger: { warn: () => undefined, error: (_, details) => errors.push(details) },
      },
    )
    const [a] = await sim.form(1, 2)
    expect(a?.getPeer(2).connected).toBe(true)
    expect(new Set(events)).toEqual(
      new Set(['@xstate.actor', '@xstate.event', '@xstate.microstep', '@xstate.action', '@xstate.snapshot']),
    )
    expect(errors).toHaveLength(events.length)
  })

  test('may be one that an application’s own machine has invoked, and ends with it', async () => {
    // Slow, so that only a graceful close brings out what was sent.
    const world = simulatedWorld(new SimulatedNetwork({ latency: 5, bandwidth: 1_000_000 }))
    const app = createActor(
      createMachine({ invoke: { id: 'mesh', src: meshLogic, input: {} }, initial: 'on', states: { on: {} } }),
      { clock: world.network.clock },
    ).start()
    const actor = app.getSnapshot().children['mesh'] as unknown as MeshActorRef
    const mesh = new WebRTCMultiplayerPeer({ actor })
    mesh.createMesh(5)
    const partner = addPartner(world, mesh, 2)
    await partner.open()
    await world.settle()
    expect(mesh.peer(2).state).toBe('connected')
    expect(actor.getSnapshot().context.peers.get(2)).toMatchObject({ open: true, announced: true })
    let completed = false
    mesh.packets$.subscribe({ complete: () => (completed = true) })
    let received = 0
    partner.channels[0]?.message$.subscribe(({ data }) => (received += data.byteLength))
    for (let i = 0; i < 15; i++) mesh.send(new Uint8Array(60_000), { to: 2 })
    app.stop()
    expect(completed).toBe(true)
    expect(mesh.connectionStatus).toBe(ConnectionStatus.DISCONNECTED)
    await world.settle()
    expect(received).toBe(900_000)
    expect(partner.local.connectionState).toBe(ConnectionState.CLOSED)
    expect(partner.connection.connectionState).toBe(ConnectionState.CLOSED)
  })
})

test('a transport whose close throws does not take the mesh down', async () => {
  const world = simulatedWorld()
  const errors: unknown[] = []
  const logger = {
    warn: () => undefined,
    error: (...details: unknown[]) => errors.push(details),
  }
  const mesh = new WebRTCMultiplayerPeer({ ...world.options, logger })
  mesh.createMesh(5)
  const broken = addPartner(world, mesh, 2)
  await addPartner(world, mesh, 3).open()
  broken.local.close = () => {
    throw new Error('planted')
  }
  mesh.removePeer(2)
  await world.settle()
  expect(errors).toEqual([['closing the connection to peer 2 failed', new Error('planted')]])
  expect(mesh.getPeer(3).connected).toBe(true)
  mesh[Symbol.dispose]()
})
