import { afterEach, describe, expect, test } from '@jest/globals'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { fromHex } from '../../protocol/variant/vectors.ts'
import { ApiWorld, bytes } from './support/api-world.ts'
import { HostilePeer } from './support/hostile-peer.ts'

let world = new ApiWorld()
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

/** A server, the honest client 2, and client 66, which speaks the protocol as it likes. */
async function withHostileClient(options: MultiplayerAPIOptions = {}): Promise<HostilePeer> {
  world = await new ApiWorld().star(2)
  return addHostile(options)
}

async function addHostile(options: MultiplayerAPIOptions = {}): Promise<HostilePeer> {
  if (Object.keys(options).length > 0) {
    world = new ApiWorld()
    world.add(1, options)
    world.add(2)
    world.join(1, 2)
    await world.run(500)
  }
  const hostile = new HostilePeer(world, 66)
  hostile.connect()
  await world.run(500)
  world.heard(1)
  world.heard(2)
  hostile.got.length = 0
  return hostile
}

/** A client, 2, and its server, which speaks the protocol as it likes. */
async function withHostileServer(options: MultiplayerAPIOptions = {}): Promise<HostilePeer> {
  world = new ApiWorld()
  const hostile = new HostilePeer(world, 1)
  world.add(2, options)
  world.join(1, 2)
  await world.run(500)
  world.heard(2)
  return hostile
}

describe('a client cannot', () => {
  test('speak as somebody else: what it relays comes from itself', async () => {
    const hostile = await withHostileClient()
    // As if it were the server's own form, with 2 as the source.
    hostile.send('070302000000036869')
    hostile.send('070300000000036869')
    await world.run()
    expect(world.heard(2)).toEqual(['packet 66 6869', 'packet 66 6869'])
    expect(world.heard(1)).toEqual(['packet 66 6869'])
  })

  test.each([
    ['announce a peer', '070163000000', 'unexpected-system'],
    ['withdraw a peer', '070202000000', 'unexpected-system'],
    ['authenticate where nobody asks it to', '070061', 'unexpected-auth'],
    ['relay an announcement', '070302000000' + '070163000000', 'nested-system'],
    ['relay a withdrawal', '070300000000' + '070202000000', 'nested-system'],
    ['relay a relayed packet', '070302000000' + '0703020000000361', 'nested-system'],
    ['relay an authentication', '0703ffffffff' + '0700', 'nested-system'],
    ['relay nothing', '070302000000', 'malformed'],
    ['send an unknown system command', '070900000000', 'malformed'],
    ['send half a system command', '07', 'malformed'],
    ['send no bytes', '03', 'malformed'],
    ['send a call without an end', '0001', 'malformed'],
    ['spawn without a spawner', '0400', 'malformed'],
  ])('%s (%s)', async (_, hex, kind) => {
    const hostile = await withHostileClient()
    hostile.send(hex)
    await world.run()
    const { violations, peers } = world.api(1).stats()
    expect(violations).toEqual({ [kind]: 1 })
    expect(peers.find(({ peer }) => peer === 66)?.violations).toEqual({ [kind]: 1 })
    expect(peers.find(({ peer }) => peer === 2)?.violations).toEqual({})
    expect([world.heard(1), world.heard(2)]).toEqual([[], []])
    expect([world.api(1).getPeers(), world.api(2).getPeers()]).toEqual([
      [2, 66],
      [1, 66],
    ])
  })

  test('be heard before it is authenticated', async () => {
    const hostile = await addHostile({ authCallback: () => undefined })
    hostile.send('0361')
    hostile.send('07030000000003616263')
    hostile.send('07016300000007')
    hostile.send('07')
    await world.run()
    expect(world.heard(1)).toEqual([])
    expect(
      world
        .api(1)
        .stats()
        .peers.find(({ peer }) => peer === 66),
    ).toEqual({
      peer: 66,
      state: 'authenticating',
      violations: { unauthenticated: 3, malformed: 1 },
    })
  })

  test('be heard after it was disconnected', async () => {
    const hostile = await withHostileClient()
    world.api(1).peerPacket$.subscribe(({ peer }) => world.api(1).disconnectPeer(peer))
    hostile.send('0361')
    hostile.send('0362')
    await world.run()
    expect(world.heard(1)).toEqual(['packet 66 61'])
  })
})

describe('a server cannot', () => {
  test.each([
    ['announce the client itself', '070102000000', { 'invalid-peer': 1 }, []],
    ['announce itself', '070101000000', { 'invalid-peer': 1 }, []],
    ['announce nobody', '070100000000', { 'invalid-peer': 1 }, []],
    ['announce a negative id', '0701ffffffff', { 'invalid-peer': 1 }, []],
    ['withdraw itself', '070201000000', { 'invalid-peer': 1 }, []],
    ['relay from nobody', '0703000000000361', { malformed: 1 }, []],
    ['relay from a negative id', '0703ffffffff0361', { malformed: 1 }, []],
    ['relay a system packet', '070301000000070163000000', { 'nested-system': 1 }, []],
    ['relay a call that the client would have made itself', '070302000000800103', { 'unknown-source': 1 }, []],
    ['but relay what the client has sent to itself', '0703020000000361', {}, ['packet 2 61']],
  ])('%s', async (_, hex, violations, heard) => {
    const hostile = await withHostileServer()
    hostile.send(hex, 2)
    await world.run()
    expect(world.api(2).stats().violations).toEqual(violations)
    expect(world.heard(2)).toEqual(heard)
    expect(world.api(2).getPeers()).toEqual([1])
  })

  test('make the list of peers grow without end', async () => {
    const hostile = await withHostileServer({ limits: { peers: 10 } })
    for (let peer = 3; peer < 100; peer++) hostile.send({ kind: 'add-peer', peer }, 2)
    await world.run()
    expect(world.api(2).getPeers()).toHaveLength(10)
    expect(world.api(2).stats().violations).toEqual({ 'too-many-peers': 88 })
  })
})

describe('packets of a peer of which the server has not told yet', () => {
  const from = (peer: number, byte: number) => ({ kind: 'relay', peer, packet: bytes(3, byte) }) as const

  test('wait for it', async () => {
    const hostile = await withHostileServer()
    for (const byte of [1, 2]) hostile.send(from(5, byte), 2)
    hostile.send(from(6, 3), 2)
    await world.run()
    expect(world.heard(2)).toEqual([])
    hostile.send({ kind: 'add-peer', peer: 5 }, 2)
    await world.run()
    expect(world.heard(2)).toEqual(['connected 5', 'packet 5 01', 'packet 5 02'])
    expect(world.api(2).stats().violations).toEqual({})
  })

  test('but not for long: they are of one that has left', async () => {
    const hostile = await withHostileServer()
    hostile.send(from(5, 1), 2)
    await world.run(2_500)
    hostile.send({ kind: 'add-peer', peer: 5 }, 2)
    await world.run()
    expect(world.heard(2)).toEqual(['connected 5'])
    expect(world.api(2).stats().violations).toEqual({ 'unknown-source': 1 })
  })

  test('nor where that one has just left: they are not of the next one with its id', async () => {
    const hostile = await withHostileServer()
    hostile.send({ kind: 'add-peer', peer: 5 }, 2)
    hostile.send({ kind: 'del-peer', peer: 5 }, 2)
    hostile.send(from(5, 1), 2)
    hostile.send({ kind: 'add-peer', peer: 5 }, 2)
    hostile.send(from(5, 2), 2)
    await world.run()
    expect(world.heard(2)).toEqual(['connected 5', 'disconnected 5', 'connected 5', 'packet 5 02'])
    expect(world.api(2).stats().violations).toEqual({ 'unknown-source': 1 })
  })

  test('nor without end: the oldest are dropped and counted', async () => {
    const hostile = await withHostileServer({ limits: { earlyBytes: 10 * (64 + 2) } })
    for (let byte = 0; byte < 25; byte++) hostile.send(from(5, byte), 2)
    hostile.send({ kind: 'relay', peer: 5, packet: new Uint8Array(2_000).fill(3) }, 2)
    hostile.send({ kind: 'add-peer', peer: 5 }, 2)
    await world.run(1_000)
    expect(world.heard(2)).toEqual([
      'connected 5',
      ...Array.from({ length: 10 }, (_, i) => `packet 5 ${(15 + i).toString(16).padStart(2, '0')}`),
    ])
    expect(world.api(2).stats().violations).toEqual({ 'unknown-source': 16 })
  })
})

describe('violationLimit', () => {
  test('disconnects who sends more than that, and everybody hears of it', async () => {
    const hostile = await addHostile({ violationLimit: 2 })
    hostile.send('07')
    hostile.send('07')
    await world.run()
    expect(world.heard(1)).toEqual([])
    hostile.send('07')
    await world.run(500)
    expect(world.heard(1)).toEqual(['disconnected 66'])
    expect(world.heard(2)).toEqual(['disconnected 66'])
    expect(world.api(1).stats()).toMatchObject({ violations: { malformed: 3 }, peers: [{ peer: 2 }] })
  })

  test('ends an authentication too', async () => {
    const hostile = await addHostile({ violationLimit: 0, authCallback: () => undefined })
    hostile.send('07')
    await world.run(500)
    expect(world.heard(1)).toEqual(['failure 66 connection-lost', 'authenticationFailed 66'])
  })

  test('does not count what crosses on its way', async () => {
    const hostile = await addHostile({ violationLimit: 0 })
    hostile.send({ kind: 'relay', peer: 99, packet: fromHex('0361') })
    await world.run(500)
    expect(world.api(1).getPeers()).toEqual([2, 66])
    expect(world.api(1).stats().violations).toEqual({ 'unknown-target': 1 })
  })
})

test('replication is handed out as it came, and counted', async () => {
  const hostile = await withHostileClient()
  const messages: unknown[] = []
  world
    .api(1)
    .replication$.subscribe(({ peer, kind, data }) => messages.push([peer, kind, Buffer.from(data).toString('hex')]))
  const spawn = '04' + 'ab'.repeat(17)
  hostile.send(spawn)
  hostile.send('0501000000')
  hostile.send('06' + 'cd'.repeat(10))
  hostile.send('16' + 'ef'.repeat(10))
  hostile.send('070300000000' + '0502000000')
  await world.run()
  expect(messages).toEqual([
    [66, 'spawn', 'ab'.repeat(17)],
    [66, 'despawn', '01000000'],
    [66, 'sync', 'cd'.repeat(10)],
    [66, 'delta', 'ef'.repeat(10)],
    [66, 'despawn', '02000000'],
  ])
  expect(world.api(1).stats().replication).toEqual({ spawn: 1, despawn: 2, sync: 1, delta: 1 })
  expect(world.api(2).stats().replication).toEqual({ spawn: 0, despawn: 1, sync: 0, delta: 0 })
})
