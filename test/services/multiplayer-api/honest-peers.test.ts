import { afterEach, describe, expect, test } from '@jest/globals'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { int, optional, packedByteArray, rpc } from '../../../src/services/multiplayer-api/rpc/index.ts'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import { ApiWorld, bytes, heardBy } from './support/api-world.ts'
import { FakePeer } from './support/fake-peer.ts'
import { fromHex } from '../../protocol/variant/vectors.ts'

// Peers that do nothing wrong, Godot's among them, and are never disconnected for it, however low the limit is. The recorded sessions are played at a limit of 0 too.

const STRICT: MultiplayerAPIOptions = { violationLimit: 0 }
const ANY = { permission: 'any-peer' } as const

let world = new ApiWorld()
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

/** An API at the limit 0 whose peers are there at once. */
function strict(own: number, peers: readonly number[], options: MultiplayerAPIOptions = {}) {
  const peer = new FakePeer(own)
  const api = new MultiplayerAPI(peer, { ...STRICT, ...options })
  for (const id of peers) peer.connect(id)
  return { peer, api, heard: heardBy(api) }
}

describe('a server keeps a client', () => {
  test('that authenticates although nobody asks it to', () => {
    const { peer, api } = strict(1, [2])
    for (const hex of ['0700736563726574', '070061', '0700']) peer.receive(2, fromHex(hex))
    expect(api.getPeers()).toEqual([2])
    expect(api.stats()).toMatchObject({ violations: { 'unexpected-auth': 2 }, unansweredAuth: 2 })
  })

  test('that authenticates anew, as it was given its peer anew', () => {
    const { peer, api } = strict(1, [], { authCallback: () => undefined })
    peer.connect(2)
    api.completeAuth(2)
    for (const hex of ['0700', '070061', '0700']) peer.receive(2, fromHex(hex))
    expect([api.getPeers(), api.stats().violations]).toEqual([[2], { 'unexpected-auth': 1 }])
  })

  test('that relays although nothing is relayed: as a Godot client does that sends bytes to everyone and was not told', () => {
    const { peer, api, heard } = strict(1, [2, 3], { serverRelay: false })
    peer.receive(2, fromHex('0703000000000361'))
    expect(api.getPeers()).toEqual([2, 3])
    expect([heard, api.stats().violations]).toEqual([[], { 'no-relay': 1 }])
  })

  test("that calls a method with Godot's form of an empty PackedByteArray, which is a call without arguments", () => {
    const { peer, api } = strict(1, [2])
    const got: unknown[] = []
    api.node('/root/N', {
      bytes: rpc({ ...ANY, args: [packedByteArray] }, (data) => got.push(data)),
      more: rpc({ ...ANY, args: [packedByteArray, optional(int)] }, (data, more) => got.push(data, more)),
      number: rpc({ ...ANY, args: [int] }, (value) => got.push(value)),
    })
    const call = (method: number): void =>
      peer.receive(2, fromHex(`a006000080${method.toString(16).padStart(2, '0')}4e00`))
    call(0)
    call(1)
    expect(got).toEqual([new Uint8Array(), new Uint8Array(), undefined])
    expect(api.getPeers()).toEqual([2])
    call(2)
    expect(api.stats().violations).toEqual({ 'bad-arguments': 1 })
    expect(api.getPeers()).toEqual([])
  })

  test('that goes on with what was agreed before the server was given its peer anew', async () => {
    world = await new ApiWorld(STRICT).star(2)
    const [server, client] = [1, 2].map((id) =>
      ['A', 'B'].map((name) => world.api(id).node(`/root/${name}`, { m: rpc(ANY) })),
    )
    client?.[0]?.m.to(1)()
    server?.[0]?.m.to(2)()
    await world.run(100)
    const { api, mesh } = world.member(1)
    api.multiplayerPeer = null
    api.multiplayerPeer = mesh
    await world.run(100)
    client?.[0]?.m.to(1)()
    // It counts from 1 again, and so calls another node by the number that the client knows.
    server?.[1]?.m.to(2)()
    await world.run(100)
    expect([api.getPeers(), world.api(2).getPeers()]).toEqual([[2], [1]])
    expect(api.stats().violations).toEqual({ 'unknown-path-id': 1 })
    expect(world.api(2).stats().violations).toEqual({ 'path-conflict': 1 })
  })
})

describe('a client that comes back at once under the same id', () => {
  test.each<[string, MultiplayerAPIOptions]>([
    ['is another one to everybody: paths are told anew, calls arrive', {}],
    ['also with authentication', { authenticate: () => undefined }],
  ])('%s', async (...[, options]) => {
    world = await new ApiWorld({ ...STRICT, ...options }).star(2, 3)
    const calls: string[] = []
    const declare = (id: number) =>
      world.api(id).node('/root/N', {
        m: rpc({ ...ANY, args: [int], returns: int }, (value, { from }) => {
          calls.push(`${from} calls ${id}: ${value}`)
          return value + 1
        }),
      })
    const [, second, third] = [1, 2, 3].map(declare)
    const forever = second?.m.call(3, 0)
    await world.run(500)
    expect(await forever).toBe(1)
    third?.m.to(2)(1)
    const lost = second?.m.call(3, 2).catch((error: unknown) => (error as { code: string }).code)
    const { mesh } = world.member(3)
    void mesh.close()
    mesh.createClient(3)
    world.member(1).mesh.removePeer(3)
    world.join(1, 3)
    await world.run(1_000)
    expect(await lost).toBe('ERR_CONNECTION_ERROR')
    calls.length = 0
    const asked = Promise.allSettled([second?.m.call(3, 4), third?.m.call(2, 5)])
    await world.run(500)
    expect(await asked).toMatchObject([{ value: 5 }, { value: 6 }])
    expect(calls.sort()).toEqual(['2 calls 3: 4', '3 calls 2: 5'])
    expect([1, 2, 3].map((id) => world.api(id).getPeers().sort())).toEqual([
      [2, 3],
      [1, 3],
      [1, 2],
    ])
  })
})

describe('a client keeps a server', () => {
  test('of Godot that passes on the system packet of another client', () => {
    const { peer, api } = strict(2, [1])
    peer.receive(1, fromHex('070105000000'))
    for (let i = 0; i < 3; i++) peer.receive(1, fromHex('070305000000' + '070263000000'))
    expect(api.getPeers()).toEqual([1, 5])
    // The other one is blamed.
    expect(api.stats().peers).toEqual([
      { peer: 1, state: 'admitted', violations: {} },
      { peer: 5, state: 'relayed', violations: { 'nested-system': 3 } },
    ])
  })

  test('that relays, though the client was told that nothing is relayed', () => {
    const { peer, api } = strict(2, [1], { serverRelay: false })
    for (const hex of ['070103000000', '0703030000000361', '070203000000']) peer.receive(1, fromHex(hex))
    expect([api.getPeers(), api.stats().violations]).toEqual([[1], { 'no-relay': 3 }])
  })

  test('that has more clients than the limit', () => {
    const { peer, api } = strict(2, [1], { limits: { peers: 2 } })
    for (const id of [3, 4, 5]) peer.receive(1, bytes(7, 1, id, 0, 0, 0))
    for (const id of [3, 4, 5]) peer.receive(1, bytes(7, 3, id, 0, 0, 0, 3, 9))
    for (const id of [3, 4, 5]) peer.receive(1, bytes(7, 2, id, 0, 0, 0))
    expect(api.getPeers()).toEqual([1])
    expect(api.stats().violations).toEqual({ 'too-many-peers': 2 })
  })

  test('that passes on packets of a client that has left', () => {
    const { peer, api } = strict(2, [1], { limits: { earlyBytes: 0 } })
    for (const hex of ['070105000000', '070205000000', '0703050000000361']) peer.receive(1, fromHex(hex))
    expect([api.getPeers(), api.stats().violations]).toEqual([[1], { 'unknown-source': 1 }])
  })

  test('that needs no authentication, though its own application does', () => {
    const { peer, api } = strict(2, [1], { authCallback: () => undefined, authTimeout: 0 })
    for (const hex of ['070103000000', '0361', '0703030000000361']) peer.receive(1, fromHex(hex))
    expect(api.getAuthenticatingPeers()).toEqual([1])
    api[Symbol.dispose]()
  })
})
