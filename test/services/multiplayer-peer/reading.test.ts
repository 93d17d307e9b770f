import { afterEach, describe, expect, test } from '@jest/globals'
import { config } from 'rxjs'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { type Packet, TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { SimMesh } from '../../support/sim-mesh.ts'
import { addPartner, simulatedWorld } from '../../support/mesh-world.ts'
import { refusal } from '../../support/refusal.ts'

const { RELIABLE, UNRELIABLE, UNRELIABLE_ORDERED } = TransferMode
const bytes = (...values: number[]) => Uint8Array.from(values)

let sim = new SimMesh()
afterEach(() => {
  sim.dispose()
})

async function form(...ids: number[]) {
  sim = new SimMesh({}, {}, [RELIABLE])
  await sim.form(...ids)
  return sim.peer(ids[0] ?? 0)
}

describe('reading as Godot does', () => {
  test('one packet per peer in turn, the lowest channel first; the getters describe the next packet', async () => {
    const reader = await form(1, 2, 3)
    sim.peer(2).send(bytes(21), { to: 1, mode: UNRELIABLE })
    sim.peer(2).send(bytes(22), { to: 1 })
    sim.peer(2).send(bytes(23), { to: 1, channel: 1 })
    sim.peer(3).send(bytes(31), { to: 1, mode: UNRELIABLE_ORDERED })
    sim.peer(3).send(bytes(32), { to: 1, mode: UNRELIABLE_ORDERED })
    await sim.run(100)
    expect(reader.getAvailablePacketCount()).toBe(5)
    const read: number[][] = []
    while (reader.getAvailablePacketCount() > 0) {
      const described = [reader.getPacketPeer(), reader.getPacketChannel(), reader.getPacketMode()]
      read.push([...described, ...reader.getPacket()])
    }
    expect(read).toEqual([
      [2, 0, RELIABLE, 22],
      [3, 0, UNRELIABLE_ORDERED, 31],
      [2, 0, UNRELIABLE, 21],
      [3, 0, UNRELIABLE_ORDERED, 32],
      [2, 1, RELIABLE, 23],
    ])
  })

  test('what the getters said holds although a packet on a lower channel arrives in between (the engine mismatches)', async () => {
    const reader = await form(1, 2)
    sim.peer(2).send(bytes(1), { to: 1, mode: UNRELIABLE })
    await sim.run(50)
    expect(reader.getPacketMode()).toBe(UNRELIABLE)
    sim.peer(2).send(bytes(2), { to: 1 })
    await sim.run(50)
    expect([reader.getPacketMode(), ...reader.getPacket()]).toEqual([UNRELIABLE, 1])
    expect([reader.getPacketMode(), ...reader.getPacket()]).toEqual([RELIABLE, 2])
  })

  test('with nothing there: ERR_UNAVAILABLE, and getters at rest', async () => {
    const reader = await form(1, 2)
    expect(() => reader.getPacket()).toThrow(refusal('ERR_UNAVAILABLE'))
    expect([reader.getPacketPeer(), reader.getPacketChannel(), reader.getPacketMode()]).toEqual([0, 0, RELIABLE])
    expect(reader.getAvailablePacketCount()).toBe(0)
  })

  test('packets of a peer that is gone are gone with it, and counted', async () => {
    const reader = await form(1, 2, 3)
    sim.peer(2).send(bytes(1, 2), { to: 1 })
    sim.peer(3).send(bytes(3), { to: 1 })
    await sim.run(50)
    expect(reader.getPacketPeer()).toBe(2)
    reader.removePeer(2)
    expect(reader.getAvailablePacketCount()).toBe(1)
    expect([reader.getPacketPeer(), ...reader.getPacket()]).toEqual([3, 3])
    expect(reader.stats().unreadPackets).toBe(1)
  })
})

test('what a subscriber takes is not what is read next, and what waits is not yet unread for good', async () => {
  const reader = await form(1, 2, 3)
  sim.peer(2).send(bytes(2), { to: 1 })
  sim.peer(3).send(bytes(3), { to: 1 })
  await sim.run(50)
  expect([reader.getPacketPeer(), reader.stats().unreadPackets]).toEqual([2, 0])
  reader.peer(2).packets$.subscribe()
  expect([reader.getPacketPeer(), ...reader.getPacket()]).toEqual([3, 3])
})

describe('streams', () => {
  test('packets$ pushes; without a subscriber packets queue; the first subscriber gets what had queued, in order', async () => {
    const reader = await form(1, 2)
    const send = (value: number, mode: TransferMode) => sim.peer(2).send(bytes(value), { to: 1, mode })
    send(1, UNRELIABLE)
    await sim.run(50)
    send(2, RELIABLE)
    await sim.run(50)
    const seen: number[] = []
    const subscription = reader.packets$.subscribe(({ data }) => seen.push(...data))
    expect(seen).toEqual([1, 2])
    send(3, RELIABLE)
    await sim.run(50)
    expect(seen).toEqual([1, 2, 3])
    expect(reader.getAvailablePacketCount()).toBe(0)
    subscription.unsubscribe()
    send(4, RELIABLE)
    await sim.run(50)
    expect(seen).toEqual([1, 2, 3])
    expect([...reader.getPacket()]).toEqual([4])
  })

  test('a peer’s own stream carries that peer only, beside the mesh’s, and completes with it', async () => {
    const reader = await form(1, 2, 3)
    const seen: string[] = []
    reader.peer(2).packets$.subscribe({
      next: ({ peer, data }) => seen.push(`own ${peer}:${data.join()}`),
      complete: () => seen.push('complete'),
    })
    sim.peer(2).send(bytes(1), { to: 1 })
    sim.peer(3).send(bytes(2), { to: 1 })
    await sim.run(50)
    expect(seen).toEqual(['own 2:1'])
    expect([reader.getPacketPeer(), ...reader.getPacket()]).toEqual([3, 2])
    reader.packets$.subscribe(({ peer, data }) => seen.push(`all ${peer}:${data.join()}`))
    sim.peer(2).send(bytes(3), { to: 1 })
    await sim.run(50)
    expect(seen.slice(1).sort()).toEqual(['all 2:3', 'own 2:3'])
    sim.peer(2)[Symbol.dispose]()
    await sim.run(50)
    expect(seen.at(-1)).toBe('complete')
  })

  test('a subscriber that throws disturbs neither the others nor the mesh', async () => {
    const reader = await form(1, 2)
    const errors: unknown[] = []
    const reported = new Promise<void>((resolve) => {
      config.onUnhandledError = (error) => {
        if (errors.push(error) === 2) resolve()
      }
    })
    reader.packets$.subscribe(() => {
      throw new Error('planted')
    })
    const seen: number[] = []
    reader.packets$.subscribe(({ data }) => seen.push(...data))
    sim.peer(2).send(bytes(1), { to: 1 })
    sim.peer(2).send(bytes(2), { to: 1 })
    await sim.run(50)
    await reported
    config.onUnhandledError = null
    expect(seen).toEqual([1, 2])
    expect(errors).toEqual([new Error('planted'), new Error('planted')])
    expect(reader.hasPeer(2)).toBe(true)
  })

  test('state$ of a peer tells every state and completes', async () => {
    sim = new SimMesh()
    sim.make(1)
    sim.make(2)
    sim.join(1, 2)
    const states: string[] = []
    const peer = sim.peer(1).peer(2)
    peer.state$.subscribe({ next: (state) => states.push(state), complete: () => states.push('complete') })
    await sim.run(1_000)
    expect(peer.state).toBe('connected')
    sim.peer(2)[Symbol.dispose]()
    await sim.run(1_000)
    expect(states).toEqual(['new', 'connecting', 'channelsOpen', 'connected', 'draining', 'closed', 'complete'])
    expect(peer.state).toBe('closed')
  })
})

describe('async iteration', () => {
  test('yields what came before and what comes, in turn, and ends with close()', async () => {
    const reader = await form(1, 2)
    sim.peer(2).send(bytes(1), { to: 1 })
    await sim.run(50)
    const seen: number[] = []
    let ended = false
    const loop = (async () => {
      for await (const { data } of reader.packets()) seen.push(...data)
      ended = true
    })()
    await sim.run(1)
    sim.peer(2).send(bytes(2), { to: 1 })
    sim.peer(2).send(bytes(3), { to: 1 })
    await sim.run(50)
    expect(seen).toEqual([1, 2, 3])
    expect(ended).toBe(false)
    void reader.close()
    await loop
    expect(ended).toBe(true)
  })

  test('ends by break and by signal, and reads beside packets$', async () => {
    const reader = await form(1, 2)
    const pushed: number[] = []
    reader.packets$.subscribe(({ data }) => pushed.push(...data))
    const seen: number[] = []
    const loop = (async () => {
      for await (const { data } of reader.packets()) {
        seen.push(...data)
        if (data[0] === 2) break
      }
    })()
    await sim.run(1)
    for (const value of [1, 2]) sim.peer(2).send(bytes(value), { to: 1 })
    await sim.run(50)
    await loop
    expect([seen, pushed]).toEqual([
      [1, 2],
      [1, 2],
    ])
    const abort = new AbortController()
    const second = (async () => {
      for await (const packet of reader.packets({ signal: abort.signal })) seen.push(packet.peer)
    })()
    await sim.run(1)
    abort.abort()
    await second
    // Nobody iterates any more, so pushed packets do not pile up.
    sim.peer(2).send(bytes(4), { to: 1 })
    await sim.run(50)
    expect(reader.getAvailablePacketCount()).toBe(0)
  })
})

describe('the gate', () => {
  test('no packet before its peer was announced: held back in order, then after peerConnected$', async () => {
    const world = simulatedWorld()
    const mesh = new WebRTCMultiplayerPeer(world.options)
    mesh.initialize(5, true)
    const seen: string[] = []
    mesh.peerConnected$.subscribe((peer) => seen.push(`peer ${peer}`))
    mesh.packets$.subscribe(({ peer, data }) => seen.push(`packet ${peer}:${data.join()}`))
    const partner = addPartner(world, mesh, 2)
    await partner.open()
    partner.channels[2]?.send(bytes(1))
    await world.settle()
    partner.channels[0]?.send(bytes(2))
    await world.settle()
    expect(mesh.getPeer(2).connected).toBe(true)
    expect(mesh.getAvailablePacketCount()).toBe(0)
    expect(mesh.peer(2).stats()).toMatchObject({ waitingPackets: 2, waitingBytes: 2 })
    expect(seen).toEqual([])
    const server = addPartner(world, mesh, 1)
    await server.open()
    await world.settle()
    expect(seen).toEqual(['peer 1', 'peer 2', 'packet 2:1', 'packet 2:2'])
    mesh[Symbol.dispose]()
  })

  test('nor is it there to be read, or on the peer’s own stream; with nobody subscribed it waits', async () => {
    const world = simulatedWorld()
    const mesh = new WebRTCMultiplayerPeer(world.options)
    mesh.initialize(5, true)
    const partners = [2, 3].map((id) => addPartner(world, mesh, id))
    for (const partner of partners) await partner.open()
    const seen: string[] = []
    mesh.peer(3).packets$.subscribe(({ data }) => seen.push(`packet 3:${data.join()}`))
    for (const { channels } of partners) channels.forEach((channel, index) => channel.send(bytes(index)))
    await world.settle()
    expect([mesh.getAvailablePacketCount(), mesh.getPacketPeer(), ...seen]).toEqual([0, 0])
    expect(() => mesh.getPacket()).toThrow(refusal('ERR_UNAVAILABLE'))
    await addPartner(world, mesh, 1).open()
    await world.settle()
    expect(seen).toEqual(['packet 3:0', 'packet 3:1', 'packet 3:2'])
    expect(mesh.getAvailablePacketCount()).toBe(3)
    expect([0, 1, 2].map(() => mesh.getPacket()[0])).toEqual([0, 1, 2])
    mesh[Symbol.dispose]()
  })

  test('no packet after its peer was reported gone, though it still arrives; it is counted', async () => {
    const reader = await form(1, 2)
    const seen: string[] = []
    reader.peerDisconnected$.subscribe((peer) => seen.push(`gone ${peer}`))
    reader.packets$.subscribe(({ data }) => seen.push(`packet ${data.join()}`))
    sim.peer(2).send(bytes(1), { to: 1 })
    await sim.run(1)
    reader.removePeer(2)
    await sim.run(500)
    expect(seen).toEqual(['gone 2'])
    expect(reader.stats()).toMatchObject({ unreadPackets: 1, receivedPackets: 1 })
  })

  test('a packet sent just before a graceful close is read before the peer is reported gone', async () => {
    const reader = await form(1, 2)
    const seen: string[] = []
    reader.packets$.subscribe(({ channel, mode }) => seen.push(`packet ${channel} ${mode}`))
    reader.peerDisconnected$.subscribe((peer) => seen.push(`gone ${peer}`))
    for (let i = 0; i < 100; i++) sim.peer(2).send(new Uint8Array(1_000), { to: 1 })
    for (let i = 0; i < 100; i++) sim.peer(2).send(new Uint8Array(1_000), { to: 1, channel: 1 })
    void sim.peer(2).close()
    await sim.run(3_000)
    expect(seen.filter((entry) => entry.startsWith('packet 0'))).toHaveLength(100)
    expect(seen.filter((entry) => entry.startsWith('packet 1'))).toHaveLength(100)
    expect(seen.at(-1)).toBe('gone 2')
  })
})

describe('the receive limit', () => {
  // Ten packets of 1000 bytes, each with the 64 that it costs besides.
  const limits = { receiveBuffer: 10_640 }
  const flood = async (mode: TransferMode) => {
    sim = new SimMesh({}, { limits })
    const [reader, sender] = await sim.form(1, 2)
    const removed: unknown[] = []
    reader?.peerRemoved$.subscribe((removal) => removed.push(removal))
    for (let i = 0; i < 20; i++) {
      sender?.send(Uint8Array.of(i, ...new Uint8Array(999)), { to: 1, mode })
      await sim.run(20)
      if (removed.length > 0) break
    }
    await sim.run(1_000)
    return { reader, removed }
  }

  test('a reliable packet without room closes its peer, with the reason', async () => {
    const { reader, removed } = await flood(RELIABLE)
    expect(removed).toEqual([{ peer: 2, reason: 'receive-overflow', announced: true }])
    expect(reader?.hasPeer(2)).toBe(false)
    expect(sim.peer(2).hasPeer(1)).toBe(false)
  })

  test('unreliable packets drop their oldest, counted', async () => {
    const { reader, removed } = await flood(UNRELIABLE_ORDERED)
    expect(removed).toEqual([])
    const read: (number | undefined)[] = []
    while ((reader?.getAvailablePacketCount() ?? 0) > 0) read.push(reader?.getPacket()[0])
    expect(read).toEqual([10, 11, 12, 13, 14, 15, 16, 17, 18, 19])
    expect(reader?.peer(2).stats().droppedWaitingPackets).toBe(10)
    expect(reader?.stats().unreadPackets).toBe(10)
  })
})

test('stats count packets and bytes on every channel, and keep those of peers that left', async () => {
  const reader = await form(1, 2)
  const packets: Packet[] = []
  reader.packets$.subscribe((packet) => packets.push(packet))
  for (let i = 0; i < 3; i++) sim.peer(2).send(new Uint8Array(10), { to: 1 })
  sim.peer(2).send(new Uint8Array(5), { to: 1, channel: 1 })
  await sim.run(100)
  expect(
    reader
      .peer(2)
      .stats()
      .channels.map((c) => [c.receivedPackets, c.receivedBytes]),
  ).toEqual([
    [3, 30],
    [0, 0],
    [0, 0],
    [1, 5],
  ])
  expect(reader.peer(2).stats()).toMatchObject({ peer: 2, state: 'connected', waitingPackets: 0 })
  expect(sim.peer(2).peer(1).stats().roundTripTime).toBeGreaterThanOrEqual(10)
  const before = sim.peer(2).stats()
  expect(before).toMatchObject({ sentPackets: 4, sentBytes: 35 })
  void sim.peer(2).close()
  await sim.run(3_000)
  expect(sim.peer(2).stats()).toMatchObject({ peers: [], sentPackets: 4, sentBytes: 35 })
  expect(reader.stats()).toMatchObject({ peers: [], receivedPackets: 4, receivedBytes: 35, unreadPackets: 0 })
})
