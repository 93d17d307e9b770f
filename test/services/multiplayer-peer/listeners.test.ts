import { afterEach, describe, expect, test } from '@jest/globals'
import { createActor } from 'xstate'
import { meshLogic } from '../../../src/machines/mesh-machine.ts'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { Packet } from '../../../src/services/multiplayer-peer/packet.ts'
import { ConnectionState } from '../../../src/transport/states.ts'
import { type Partner, addPartner, record, simulatedWorld } from '../../support/mesh-world.ts'
import { SimMesh } from '../../support/sim-mesh.ts'
import { refusal } from '../../support/refusal.ts'

const bytes = (...values: number[]) => Uint8Array.from(values)

let sim = new SimMesh()
afterEach(() => {
  sim.dispose()
})

async function pair() {
  sim = new SimMesh()
  await sim.form(1, 2)
  return { reader: sim.peer(1), sender: sim.peer(2) }
}

function meshOf(start: (mesh: WebRTCMultiplayerPeer) => void) {
  const world = simulatedWorld()
  const mesh = new WebRTCMultiplayerPeer(world.options)
  start(mesh)
  return { world, mesh, heard: record(mesh) }
}

describe('a listener of packets may end what it listens to', () => {
  test.each<[string, (mesh: WebRTCMultiplayerPeer) => unknown]>([
    ['removePeer', (mesh) => mesh.removePeer(2)],
    ['close', (mesh) => mesh.close({ immediate: true })],
  ])('%s: not one more packet of that peer is heard, waiting or new', async (_, end) => {
    const { reader, sender } = await pair()
    for (let i = 0; i < 5; i++) sender.send(bytes(i), { to: 1 })
    await sim.run(100)
    expect(reader.getAvailablePacketCount()).toBe(5)
    const seen: number[] = []
    reader.packets$.subscribe(({ data }) => {
      seen.push(...data)
      void end(reader)
    })
    await sim.run(100)
    expect(seen).toEqual([0])
  })

  test('removing the peer in its own stream: the mesh’s stream does not hear that packet', async () => {
    const { reader, sender } = await pair()
    const seen: string[] = []
    reader.peer(2).packets$.subscribe(() => {
      seen.push('own')
      reader.removePeer(2)
    })
    reader.packets$.subscribe(() => seen.push('all'))
    reader.peerDisconnected$.subscribe(() => seen.push('gone'))
    sender.send(bytes(1), { to: 1 })
    await sim.run(100)
    expect(seen).toEqual(['own', 'gone'])
  })
})

describe('a peer may be replaced by a listener of its state', () => {
  test.each(['channelsOpen', 'closed'] as const)(
    'in %s: the old one’s reports do not touch the new one',
    async (state) => {
      const { world, mesh, heard } = meshOf((m) => {
        m.createMesh(5)
      })
      const first = addPartner(world, mesh, 2)
      let second: Partner | undefined
      mesh.peer(2).state$.subscribe((now) => {
        if (now !== state || second !== undefined) return
        mesh.removePeer(2)
        second = addPartner(world, mesh, 2)
      })
      await first.open()
      first.connection.close()
      await world.settle()
      expect(mesh.getPeer(2).connection).toBe(second?.local)
      expect(mesh.peer(2).state).toBe('new')
      heard.length = 0
      await second?.open()
      await world.settle()
      expect(mesh.peer(2).state).toBe('connected')
      expect(heard).toEqual(['peerConnected(2) CONNECTED'])
      mesh[Symbol.dispose]()
    },
  )

  test('when state$ says closed the id is free', async () => {
    const { world, mesh } = meshOf((m) => {
      m.createMesh(5)
    })
    const partner = addPartner(world, mesh, 2)
    const known: boolean[] = []
    mesh.peer(2).state$.subscribe((now) => now === 'closed' && known.push(mesh.hasPeer(2)))
    await partner.open()
    partner.connection.close()
    await world.settle()
    expect(known).toEqual([false])
    mesh[Symbol.dispose]()
  })
})

test('a server that is removed by a listener of the status is not announced', async () => {
  const { world, mesh, heard } = meshOf((m) => {
    m.initialize(5, true)
  })
  mesh.connectionStatus$.subscribe((status) => status === ConnectionStatus.CONNECTED && mesh.removePeer(1))
  const server = addPartner(world, mesh, 1)
  await server.open()
  await world.settle()
  expect(heard).toEqual([])
  mesh[Symbol.dispose]()
})

// Godot's disconnect_peer(1, force) of a client: no signal, and its status is DISCONNECTED. remove_peer of one that was not announced changes no status.
test.each<[string, (mesh: WebRTCMultiplayerPeer) => boolean, ConnectionStatus]>([
  ['disconnected by force', (mesh) => mesh.disconnectPeer(1, true), ConnectionStatus.DISCONNECTED],
  ['removed', (mesh) => mesh.removePeer(1), ConnectionStatus.CONNECTED],
])('a client whose server is %s in a listener of the status, before it is announced', async (_, act, expected) => {
  const { world, mesh, heard } = meshOf((m) => {
    m.createClient(5)
  })
  mesh.connectionStatus$.subscribe((status) => status === ConnectionStatus.CONNECTED && act(mesh))
  await addPartner(world, mesh, 1).open()
  await world.settle()
  expect([mesh.connectionStatus, ...heard]).toEqual([expected])
  mesh[Symbol.dispose]()
})

describe('a mesh that is closed', () => {
  test('may be started anew by a listener of the status', async () => {
    const { mesh } = meshOf((m) => {
      m.createServer()
    })
    const restarting = mesh.connectionStatus$.subscribe((status) => {
      if (status === ConnectionStatus.DISCONNECTED) mesh.createMesh(7)
    })
    await mesh.close()
    restarting.unsubscribe()
    expect([mesh.connectionStatus, mesh.uniqueId, mesh.isServer]).toEqual([ConnectionStatus.CONNECTED, 7, false])
    expect(mesh.actor.getSnapshot()).toMatchObject({ value: 'connected', context: { mode: 'mesh', uniqueId: 7 } })
    mesh[Symbol.dispose]()
  })

  test('cannot be started anew by a listener of a peer, before it is closed', async () => {
    const { world, mesh } = meshOf((m) => {
      m.createMesh(1)
    })
    const partner = addPartner(world, mesh, 2)
    await partner.open()
    const errors: unknown[] = []
    mesh.peer(2).state$.subscribe((state) => {
      if (state !== 'closed') return
      try {
        mesh.createServer()
      } catch (error) {
        errors.push(error)
      }
    })
    await Promise.all([mesh.close({ immediate: true }), world.settle()])
    expect(errors).toEqual([refusal('ERR_ALREADY_IN_USE')])
    expect(mesh.connectionStatus).toBe(ConnectionStatus.DISCONNECTED)
    mesh[Symbol.dispose]()
  })
})

test('a client that fails again hears of it again', async () => {
  const { world, mesh, heard } = meshOf((m) => {
    m.createClient(5)
  })
  for (let i = 0; i < 2; i++) {
    addPartner(world, mesh, 1).local.close()
    await world.settle()
  }
  expect(heard).toEqual(['connectionFailed CONNECTING', 'connectionFailed DISCONNECTED'])
  mesh[Symbol.dispose]()
})

describe('iterations', () => {
  test('one that ends leaves to subscribers what they have not had, and nothing twice', async () => {
    const { reader, sender } = await pair()
    const pushed: number[] = []
    reader.packets$.subscribe(({ data }) => pushed.push(...data))
    const iteration = reader.packets()
    const first = iteration.next()
    for (let i = 0; i < 3; i++) sender.send(bytes(i), { to: 1 })
    await sim.run(100)
    expect(await first).toMatchObject({ done: false, value: { data: bytes(0) } })
    await iteration.return?.()
    expect(reader.getAvailablePacketCount()).toBe(0)
    reader.packets$.subscribe(({ data }) => pushed.push(...data))
    expect(pushed).toEqual([0, 1, 2])
  })

  test('one that nobody asks keeps no packets', async () => {
    const { reader, sender } = await pair()
    const pushed: number[] = []
    reader.packets$.subscribe(({ data }) => pushed.push(...data))
    const iteration = reader.packets()
    sender.send(bytes(1), { to: 1 })
    await sim.run(100)
    expect([pushed, reader.getAvailablePacketCount()]).toEqual([[1], 0])
    expect(await iteration.return?.()).toEqual({ done: true, value: undefined })
  })

  test('a signal that does not abort changes nothing, and is let go of at the end', async () => {
    const { reader, sender } = await pair()
    const { signal } = new AbortController()
    const listeners = new Set<unknown>()
    signal.addEventListener = (_: string, listener: unknown) => void listeners.add(listener)
    signal.removeEventListener = (type: string, listener: unknown) =>
      void (type === 'abort' && listeners.delete(listener))
    const iteration = reader.packets({ signal })
    sender.send(bytes(7), { to: 1 })
    const [first] = await Promise.all([iteration.next(), sim.run(100)])
    expect((first.value as Packet | undefined)?.data).toEqual(bytes(7))
    expect(listeners.size).toBe(1)
    await iteration.return?.()
    expect(listeners.size).toBe(0)
  })

  test('return() ends one that waits', async () => {
    const { reader } = await pair()
    const iteration = reader.packets()
    const waiting = iteration.next()
    await iteration.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })

  test.each(['before it began', 'twice'])('return() %s leaves packets to subscribers alone', async (when) => {
    const { reader, sender } = await pair()
    const iteration = reader.packets()
    if (when === 'twice') {
      void iteration.next()
      await iteration.return?.()
    }
    await iteration.return?.()
    const pushed: number[] = []
    reader.packets$.subscribe(({ data }) => pushed.push(...data))
    sender.send(bytes(1), { to: 1 })
    await sim.run(100)
    expect([pushed, reader.getAvailablePacketCount()]).toEqual([[1], 0])
  })

  test('what waits for one is not given to a subscriber who comes', async () => {
    const { reader, sender } = await pair()
    const iteration = reader.packets()
    const first = iteration.next()
    for (let i = 0; i < 3; i++) sender.send(bytes(i), { to: 1 })
    await sim.run(100)
    expect(await first).toMatchObject({ value: { data: bytes(0) } })
    const pushed: number[] = []
    reader.packets$.subscribe(({ data }) => pushed.push(...data))
    expect([pushed, reader.getAvailablePacketCount()]).toEqual([[], 2])
    expect(await iteration.next()).toMatchObject({ value: { data: bytes(1) } })
    await iteration.return?.()
    expect(pushed).toEqual([2])
  })

  test('a packet whose listener removes its peer does not wait for one', async () => {
    const { reader, sender } = await pair()
    const iteration = reader.packets()
    const waiting = iteration.next()
    reader.packets$.subscribe(() => {
      reader.removePeer(2)
    })
    sender.send(bytes(1), { to: 1 })
    await sim.run(3_000)
    expect(reader.stats()).toMatchObject({ receivedPackets: 1, unreadPackets: 0 })
    await iteration.return?.()
    expect(await waiting).toEqual({ done: true, value: undefined })
  })
})

describe('after the end', () => {
  test('so is an asynchronous dispose, which brings out first what was sent', async () => {
    const { reader, sender } = await pair()
    const heard: number[] = []
    reader.packets$.subscribe(({ data }) => heard.push(...data))
    sender.send(bytes(7), { to: 1 })
    await Promise.all([sender[Symbol.asyncDispose](), sim.run(3_000)])
    expect(heard).toEqual([7])
    expect(() => {
      sender.createMesh(3)
    }).toThrow(refusal('ERR_UNAVAILABLE'))
  })

  test('dispose waits for nothing that was sent', async () => {
    const { sender } = await pair()
    const { connection } = sender.getPeer(1)
    sender.send(bytes(7), { to: 1 })
    sender[Symbol.dispose]()
    expect(connection.connectionState).toBe(ConnectionState.CLOSED)
  })

  test('dispose is final: no start, no iteration', async () => {
    const { reader } = await pair()
    reader[Symbol.dispose]()
    expect(() => {
      reader.createMesh(3)
    }).toThrow(refusal('ERR_UNAVAILABLE'))
    expect(await reader.packets().next()).toEqual({ done: true, value: undefined })
  })

  test('a close sent to the actor itself closes, and the mesh starts again', async () => {
    const { world, mesh, heard } = meshOf((m) => {
      m.createMesh(5)
    })
    mesh.actor.send({ type: 'close' })
    expect(mesh.connectionStatus).toBe(ConnectionStatus.DISCONNECTED)
    expect(() => addPartner(world, mesh, 2)).toThrow(refusal('ERR_UNCONFIGURED'))
    mesh.createMesh(6)
    await addPartner(world, mesh, 2).open()
    await world.settle()
    expect(heard).toEqual(['peerConnected(2) CONNECTED'])
    mesh[Symbol.dispose]()
  })

  test('an immediate close ends what a graceful one waits for', async () => {
    const { reader } = await pair()
    sim.network.partition(['host-1'], ['host-2'])
    reader.removePeer(2)
    let closed = false
    void reader.close({ immediate: true }).then(() => (closed = true))
    await sim.run(1)
    expect(closed).toBe(true)
  })

  test('a mesh that was disposed lets go of an actor that others use', () => {
    const actor = createActor(meshLogic, { input: {} }).start()
    const first = new WebRTCMultiplayerPeer({ actor })
    first[Symbol.dispose]()
    expect(actor.getSnapshot().status).toBe('active')
    const second = new WebRTCMultiplayerPeer({ actor })
    second.createMesh(5)
    expect([first.connectionStatus, second.connectionStatus]).toEqual([
      ConnectionStatus.DISCONNECTED,
      ConnectionStatus.CONNECTED,
    ])
    actor.stop()
  })
})

describe('limits', () => {
  test('a broadcast that is too large for one is sent to nobody', async () => {
    sim = new SimMesh()
    const [a] = await sim.form(1, 2, 3)
    if (!a) throw new Error('no mesh')
    const [channel] = a.getPeer(3).channels
    Object.defineProperty(channel, 'maxMessageSize', { value: 1_000 })
    expect(() => a.send(new Uint8Array(2_000))).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PARAMETER', value: 2_000 }),
    )
    expect(a.stats().sentPackets).toBe(0)
    expect(a.send(new Uint8Array(2_000), { to: -3 })).toEqual({ sent: 1, dropped: 0, skipped: 0 })
  })

  test('a packet may be as large as a peer takes, to the byte', async () => {
    sim = new SimMesh()
    const [a] = await sim.form(1, 2)
    Object.defineProperty(a?.getPeer(2).channels[0], 'maxMessageSize', { value: 1_000 })
    expect(a?.send(new Uint8Array(1_000))).toEqual({ sent: 1, dropped: 0, skipped: 0 })
  })

  test('empty messages do not fill memory: each costs 64 bytes of the limit', async () => {
    sim = new SimMesh({}, { limits: { receiveBuffer: 6_400 } })
    const [reader, sender] = await sim.form(1, 2)
    const channel = sender?.getPeer(1).channels[0]
    for (let i = 0; i < 100; i++) channel?.send(bytes())
    await sim.run(100)
    expect(reader?.peer(2).stats().waitingPackets).toBe(100)
    channel?.send(bytes())
    await sim.run(100)
    expect(reader?.hasPeer(2)).toBe(false)
    expect(reader?.stats()).toMatchObject({ receivedPackets: 101, unreadPackets: 101 })
  })

  test('the longest times are taken', () => {
    const longest = 2_147_483_647
    new WebRTCMultiplayerPeer({ connectTimeout: longest, closeTimeout: 0 })[Symbol.dispose]()
  })

  test.each([
    { connectTimeout: Infinity },
    { closeTimeout: -1 },
    { drainTimeout: Number.NaN },
    { limits: { receiveBuffer: -1 } },
    { limits: { drainedSendBuffer: 1.5 } },
  ])('options out of range are refused: %j', (options) => {
    expect(() => new WebRTCMultiplayerPeer(options)).toThrow(refusal('ERR_INVALID_PARAMETER'))
  })
})
