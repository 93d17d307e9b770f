import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { ScenePacket } from '../../../src/protocol/scene-packets/packet.ts'
import { encodeScenePacket } from '../../../src/protocol/scene-packets/scene-packets.ts'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { encodeAwaitedCall } from '../../../src/services/multiplayer-api/rpc/awaited-call.ts'
import { rpc } from '../../../src/services/multiplayer-api/rpc/index.ts'
import { VirtualClock } from '../../../src/testing/index.ts'
import { heapUsed } from '../../support/heap.ts'
import { FakePeer } from './support/fake-peer.ts'

// What one peer can send without end: each kind by itself, with other contents each time, so that whatever is remembered of it is seen in the heap.

const HALF = 12_000
/** Bytes that the second half may leave behind: 25 for each packet, less than an entry of a map. What is remembered on purpose is full after the first. */
const GROWTH = 300_000

const { stackTraceLimit } = Error
beforeAll(() => {
  Error.stackTraceLimit = 0
})
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit
})

function victim(own: number, options: MultiplayerAPIOptions = {}) {
  const peer = new FakePeer(own)
  const clock = new VirtualClock()
  let lines = 0
  const logger = { warn: () => lines++, error: () => lines++ }
  const api = new MultiplayerAPI(peer, { clock, logger, ...options })
  api.node('/root/Echo', {
    forever: rpc({ permission: 'any-peer' }, () => new Promise<void>(() => undefined)),
  })
  return { peer, api, clock, lines: () => lines }
}

type World = ReturnType<typeof victim>

const relayed = (source: number, packet: ScenePacket | Uint8Array): ScenePacket => ({
  kind: 'relay',
  peer: source,
  packet: packet instanceof Uint8Array ? packet : encodeScenePacket(packet),
})
const md5 = 'd41d8cd98f00b204e9800998ecf8427e'
const awaited = (call: number): ScenePacket => ({
  kind: 'rpc',
  node: { path: 'Echo' },
  method: 0,
  arguments: encodeAwaitedCall([], call, { version: '4.4' }),
})

/** At a client, from its server; at a server, from client 2. */
const FLOODS: readonly [what: string, own: 1 | 2, packet: (i: number) => ScenePacket][] = [
  ['relayed packets of peers that are not there', 2, (i) => relayed(3 + i, Uint8Array.of(3, 1))],
  ['large ones', 2, (i) => relayed(3 + (i % 50), new Uint8Array(10_000).fill(3))],
  ['peers that come', 2, (i) => ({ kind: 'add-peer', peer: 3 + i })],
  ['peers that come and go', 2, (i) => ({ kind: i % 2 === 0 ? 'add-peer' : 'del-peer', peer: 3 + (i >> 1) })],
  ['system packets inside relayed ones', 2, (i) => relayed(3 + i, { kind: 'add-peer', peer: 3 })],
  [
    'announcements of nodes that are not there',
    1,
    (id) => ({ kind: 'simplify-path', id, md5, path: `${id}/${'n'.repeat(900)}` }),
  ],
  ['announcements of one that is', 1, (id) => ({ kind: 'simplify-path', id, md5, path: 'Echo' })],
  ['confirmations', 1, (id) => ({ kind: 'confirm-path', valid: true, node: { id } })],
  ['calls that wait for an answer', 1, awaited],
  ['the same, relayed by the server', 2, (i) => relayed(1, awaited(i))],
  ['answers that nobody waits for', 1, (i) => ({ ...awaited(i), node: { id: 0 }, method: 0xffff }) as ScenePacket],
  ['calls of nodes that are not there', 1, (i) => ({ ...awaited(i), node: { path: `N${i}` } }) as ScenePacket],
  ['calls by numbers that were never announced', 1, (id) => ({ ...awaited(id), node: { id } }) as ScenePacket],
  ['packets for peers that are not there', 1, (i) => relayed(3 + i, Uint8Array.of(3, 1))],
  ['authentication', 1, () => ({ kind: 'auth', bytes: new Uint8Array(100) })],
]

describe('memory does not grow, nor does the log', () => {
  test.each(FLOODS)('by %s', async (_, own, packet) => {
    const world = victim(own, { limits: { peers: 100 } })
    const { peer, api, clock } = world
    const from = 3 - own
    peer.connect(from)
    const flood = async (begin: number): Promise<void> => {
      for (let i = begin; i < begin + HALF; i++) peer.receive(from, encodeScenePacket(packet(i)))
      // No time passes, so that nothing is forgotten because it is old.
      await clock.run(0)
    }
    await flood(1)
    const before = heapUsed()
    await flood(1 + HALF)
    expect(heapUsed() - before).toBeLessThan(GROWTH)
    expect(world.lines()).toBeLessThan(10)
    expect(api.getPeers()).toContain(from)
    expect(api.getPeers().length).toBeLessThanOrEqual(100)
    api[Symbol.dispose]()
    expect(clock.pending).toBe(0)
  })

  const authenticating: [what: string, options: MultiplayerAPIOptions, packet: () => Uint8Array][] = [
    ['data that nobody receives', { authenticate: () => new Promise(() => undefined) }, () => Uint8Array.of(7, 0, 1)],
    ['packets of the game', { authCallback: () => undefined }, () => Uint8Array.of(3, 1)],
  ]

  test.each(authenticating)('by a peer that authenticates and sends %s', async (_, options, packet) => {
    const { peer, api, clock } = victim(1, { authTimeout: 0, limits: { authenticationBytes: 10_000 }, ...options })
    peer.connect(2)
    if (options.authCallback !== undefined) api.completeAuth(2)
    for (let i = 0; i < HALF; i++) peer.receive(2, packet())
    const before = heapUsed()
    for (let i = 0; i < HALF; i++) peer.receive(2, packet())
    expect(heapUsed() - before).toBeLessThan(GROWTH)
    api[Symbol.dispose]()
    await clock.run(0)
    expect(clock.pending).toBe(0)
  })

  test.each<[what: string, options: MultiplayerAPIOptions, meet: (world: World, id: number) => void]>([
    [
      'announce and call',
      {},
      ({ peer }, id) => {
        for (const packet of [FLOODS[5], FLOODS[6], FLOODS[8]]) {
          peer.receive(id, encodeScenePacket(packet?.[2](id) as ScenePacket))
        }
        peer.receive(id, Uint8Array.of(9))
      },
    ],
    [
      'begin to authenticate',
      { authenticate: (_, channel) => channel.receive() },
      ({ peer }, id) => peer.receive(id, Uint8Array.of(7)),
    ],
    [
      'are called',
      {},
      ({ api }, id) => {
        const node = api.node('/root/Called', { m: rpc({ permission: 'any-peer' }) })
        node.m.call(id).catch(() => undefined)
        node.$remove()
      },
    ],
  ])('by peers that come, %s and go', async (_, options, meet) => {
    const world = victim(1, options)
    const { peer, api, clock } = world
    const meetMany = async (begin: number): Promise<void> => {
      for (let id = begin; id < begin + 2_000; id++) {
        peer.connect(id)
        meet(world, id)
        await clock.run(0)
        peer.disconnectPeer(id)
      }
      await clock.run(10_000)
    }
    await meetMany(2)
    const before = heapUsed()
    await meetMany(2_002)
    expect(heapUsed() - before).toBeLessThan(GROWTH)
    expect([api.getPeers(), api.getAuthenticatingPeers(), api.stats().rpc.pendingCalls, clock.pending]).toEqual([
      [],
      [],
      0,
      0,
    ])
    api[Symbol.dispose]()
  })
})
