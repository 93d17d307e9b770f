import { afterEach, describe, expect, test } from '@jest/globals'
import { lastValueFrom } from 'rxjs'
import { type AnyActorRef, type InspectionEvent, createActor, fromPromise } from 'xstate'
import type { MeshActorRef } from '../../../src/machines/mesh-types.ts'
import type { Logger } from '../../../src/services/multiplayer-peer/options.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import type { PassedPacket } from '../../../src/services/multiplayer-peer/passed-packet.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { ChannelState, ConnectionState } from '../../../src/transport/states.ts'
import { refusal } from '../../support/refusal.ts'
import { SimMesh } from '../../support/sim-mesh.ts'

/** What a mesh says to its logger. */
class Log implements Logger {
  readonly lines: [level: 'warn' | 'error', message: string, details: unknown][] = []

  warn(message: string, details?: unknown): void {
    this.lines.push(['warn', message, details])
  }

  error(message: string, details?: unknown): void {
    this.lines.push(['error', message, details])
  }
}

let sim = new SimMesh()
afterEach(() => {
  sim.dispose()
})

describe('what goes wrong inside is told to the logger', () => {
  test('a broken peer: the mesh lives on', async () => {
    const logger = new Log()
    sim = new SimMesh({}, { logger })
    const [mesh] = await sim.form(1, 2)
    const planted = new Error('planted')
    mesh?.actor.send({ type: 'xstate.error.actor.peer:9', actorId: 'peer:9', error: planted } as never)
    expect(logger.lines).toEqual([['error', 'the actor peer:9 failed', planted]])
    expect(mesh?.hasPeer(2)).toBe(true)
  })

  test('a connection that fails: which one, and how', async () => {
    const logger = new Log()
    sim = new SimMesh({}, { logger })
    const [mesh] = await sim.form(1, 2)
    const failure = new Error('no path was found')
    Object.defineProperty(mesh?.getPeer(2).connection, 'failure', { value: failure })
    sim.network.kill('host-2')
    await sim.run(60_000)
    expect(mesh?.hasPeer(2)).toBe(false)
    expect(logger.lines).toEqual([['warn', 'the connection to peer 2 failed: no path was found', failure]])
  })

  test('a peer whose packets nobody reads', async () => {
    const logger = new Log()
    sim = new SimMesh({}, { logger, limits: { receiveBuffer: 10_000 } })
    const [reader, sender] = await sim.form(1, 2)
    for (let i = 0; i < 3; i++) sender?.send(new Uint8Array(4_000), { to: 1 })
    await sim.run(100)
    expect(reader?.hasPeer(2)).toBe(false)
    expect(logger.lines[0]).toEqual([
      'warn',
      'peer 2: 8000 bytes wait unread, the limit is reached; closing it',
      undefined,
    ])
  })

  test('a mesh actor that fails: it is over', async () => {
    const logger = new Log()
    const planted = new Error('planted')
    const actor = createActor(fromPromise(() => Promise.reject(planted)))
    const mesh = new WebRTCMultiplayerPeer({ logger, actor: actor as unknown as MeshActorRef })
    const completed = lastValueFrom(mesh.peerConnected$, { defaultValue: null })
    actor.start()
    expect(await completed).toBeNull()
    expect(logger.lines).toEqual([['error', 'the mesh actor failed', planted]])
    expect(() => {
      mesh.createMesh(1)
    }).toThrow(refusal('ERR_UNAVAILABLE'))
  })

  test.each(['a function', 'an observer'] as const)('an inspector that throws, as %s: nothing else ends', (kind) => {
    const logger = new Log()
    const planted = new Error('planted')
    const inspect = (): never => {
      throw planted
    }
    const mesh = new WebRTCMultiplayerPeer({ logger, inspect: kind === 'a function' ? inspect : { next: inspect } })
    mesh.createMesh(1)
    expect(mesh.uniqueId).toBe(1)
    expect(logger.lines.length).toBeGreaterThan(0)
    for (const line of logger.lines) expect(line).toEqual(['error', 'the inspect observer threw', planted])
    mesh[Symbol.dispose]()
  })
})

test.each(['a function', 'an observer'] as const)('an inspector hears of the mesh actor, as %s', (kind) => {
  const events: string[] = []
  const inspect = ({ type, actorRef }: InspectionEvent): void => {
    if (type === '@xstate.event') events.push((actorRef as AnyActorRef).id)
  }
  const mesh = new WebRTCMultiplayerPeer({ inspect: kind === 'a function' ? inspect : { next: inspect } })
  mesh.createMesh(1)
  expect(new Set(events)).toEqual(new Set(['mesh']))
  mesh[Symbol.dispose]()
})

test('an observer without `next` hears nothing', () => {
  const logger = new Log()
  const mesh = new WebRTCMultiplayerPeer({ logger, inspect: {} })
  mesh.createMesh(1)
  expect(logger.lines).toEqual([])
  mesh[Symbol.dispose]()
})

test('packets that pass are told at both ends, whoever reads them', async () => {
  sim = new SimMesh({}, {}, [TransferMode.UNRELIABLE])
  const [a, b] = await sim.form(1, 2)
  const passed: PassedPacket[] = []
  for (const mesh of [a, b]) mesh?.passedPackets$.subscribe((packet) => passed.push(packet))
  const data = Uint8Array.of(7)
  a?.send(data, { to: 2 })
  a?.send(data, { to: 2, channel: 1 })
  await sim.run(100)
  const reliable = { channel: 0, mode: TransferMode.RELIABLE, data }
  const extra = { channel: 1, mode: TransferMode.UNRELIABLE, data }
  expect(passed).toEqual([
    { direction: 'sent', peer: 2, ...reliable },
    { direction: 'sent', peer: 2, ...extra },
    { direction: 'received', peer: 1, ...reliable },
    { direction: 'received', peer: 1, ...extra },
  ])
  expect(b?.getAvailablePacketCount()).toBe(2)
})

test('the counters of a mesh have those of each peer', async () => {
  sim = new SimMesh()
  await sim.form(5, 9, 2)
  const mesh = sim.peer(5)
  expect(mesh.stats().peers).toEqual([mesh.peer(9).stats(), mesh.peer(2).stats()])
})

test.each<[string, (mesh: WebRTCMultiplayerPeer) => boolean, string]>([
  ['removePeer', (mesh) => mesh.removePeer(2), 'removed'],
  ['disconnectPeer', (mesh) => mesh.disconnectPeer(2), 'disconnected'],
  ['disconnectPeer with force', (mesh) => mesh.disconnectPeer(2, true), 'forced'],
])('%s is told with its reason', async (_, remove, reason) => {
  sim = new SimMesh()
  const [mesh] = await sim.form(1, 2)
  const removals: unknown[] = []
  mesh?.peerRemoved$.subscribe((removal) => removals.push(removal))
  expect(mesh && remove(mesh)).toBe(true)
  expect(removals).toEqual([{ peer: 2, reason, announced: true }])
})

describe('a peer is connected', () => {
  test.each([
    ['NEW', false],
    ['CONNECTING', false],
    ['CONNECTED', true],
    ['DISCONNECTED', true],
    ['FAILED', false],
    ['CLOSED', false],
  ] as const)('while its connection is %s: %p', async (state, connected) => {
    sim = new SimMesh()
    const [mesh] = await sim.form(1, 2)
    Object.defineProperty(mesh?.getPeer(2).connection, 'connectionState', { value: ConnectionState[state] })
    expect(mesh?.getPeer(2).connected).toBe(connected)
  })

  test('while all of its channels are open', async () => {
    sim = new SimMesh()
    const [mesh] = await sim.form(1, 2)
    Object.defineProperty(mesh?.getPeer(2).channels[1], 'readyState', { value: ChannelState.CLOSING })
    expect(mesh?.getPeer(2).connected).toBe(false)
  })
})

test('peers are listed in the order in which they were added', async () => {
  sim = new SimMesh()
  await sim.form(5, 9, 2)
  const peers = sim.peer(5).getPeers()
  expect([...peers.keys()]).toEqual([9, 2])
  expect(peers.get(2)).toEqual(sim.peer(5).getPeer(2))
  expect(peers.get(2)?.connected).toBe(true)
})
