import { afterEach, describe, expect, test } from '@jest/globals'
import { decodeScenePacket, encodeScenePacket } from '../../../src/protocol/scene-packets/scene-packets.ts'
import {
  isRelay,
  isSystem,
  relayed,
  relayPeer,
  relayTo,
  withSource,
} from '../../../src/services/multiplayer-api/relay-packet.ts'
import { relayRoute } from '../../../src/services/multiplayer-api/relay.ts'
import { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { fromHex, toHex } from '../../protocol/variant/vectors.ts'
import { ApiWorld, bytes, codeOf } from './support/api-world.ts'

const { RELIABLE, UNRELIABLE, UNRELIABLE_ORDERED } = TransferMode

let world = new ApiWorld()
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

async function star(...clients: number[]): Promise<ApiWorld> {
  world = await new ApiWorld({}, [RELIABLE, UNRELIABLE_ORDERED]).star(...clients)
  return world
}

// [what, target, clients that get it, whether the server does]; client 2 of {2, 3, 4} sends.
const TARGETS: [what: string, target: number, receivers: number[], server: boolean][] = [
  ['everyone', 0, [3, 4], true],
  ['the server', 1, [], true],
  ['a client', 3, [3], false],
  ['oneself', 2, [2], false],
  ['a client that is not there', 99, [], false],
  ['all but the server', -1, [3, 4], false],
  ['all but a client', -3, [4], true],
  ['all but oneself', -2, [3, 4], true],
  ['all but one that is not there', -99, [3, 4], true],
]

describe('what client 2 sends', () => {
  test.each(TARGETS)('to %s (%i) reaches %j, and the server: %j', async (_, to, receivers, server) => {
    await star(2, 3, 4)
    world.api(2).sendBytes(bytes(7), { to })
    await world.run()
    const got = Object.fromEntries([1, 2, 3, 4].map((id) => [id, world.heard(id)]))
    const expected = [...(server ? [1] : []), ...receivers]
    expect(got).toEqual(
      Object.fromEntries([1, 2, 3, 4].map((id) => [id, expected.includes(id) ? ['packet 2 07'] : []])),
    )
  })

  test.each([
    [RELIABLE, 0],
    [UNRELIABLE, 0],
    [UNRELIABLE_ORDERED, 0],
    [RELIABLE, 1],
    [UNRELIABLE_ORDERED, 2],
  ])('in mode %i on channel %i comes as it went', async (mode, channel) => {
    await star(2, 3)
    const packets: unknown[] = []
    world.api(3).peerPacket$.subscribe((packet) => packets.push(packet))
    world.api(2).sendBytes(bytes(1, 2), { to: 3, mode, channel })
    await world.run()
    expect(packets).toEqual([{ peer: 2, mode, channel, data: bytes(1, 2) }])
  })

  test('to a client that is not there is counted at the server, and nobody is blamed', async () => {
    await star(2)
    world.api(2).sendBytes(bytes(7), { to: 99 })
    await world.run()
    expect(world.api(1).stats().violations).toEqual({ 'unknown-target': 1 })
    expect(world.heard(1)).toEqual([])
  })
})

describe('the server decides', () => {
  test.each(TARGETS.filter(([, target]) => target !== 1))('%s (%i): %j, itself %j', (_, target, receivers, server) => {
    const route = relayRoute(target, 2, new Set([2, 3, 4]))
    expect([...route.receivers]).toEqual(receivers)
    expect(route.processes).toBe(server)
  })

  test('a packet relayed to the server goes nowhere, as in Godot: clients send to it directly', () => {
    const route = relayRoute(1, 2, new Set([2, 3, 4]))
    expect([...route.receivers]).toEqual([])
    expect(route.processes).toBe(false)
  })

  test('the lowest target, which has no id, is everyone but nobody', () => {
    expect([...relayRoute(-(2 ** 31), 2, new Set([2, 3])).receivers]).toEqual([3])
  })
})

describe('what the server sends', () => {
  test.each([
    [0, [2, 3, 4]],
    [3, [3]],
    [-3, [2, 4]],
    [-1, [2, 3, 4]],
    [-99, [2, 3, 4]],
  ] as const)('to %i reaches %j, from 1', async (to, receivers) => {
    await star(2, 3, 4)
    expect(world.api(1).sendBytes(bytes(7), { to })).toEqual({ sent: receivers.length, dropped: 0, skipped: 0 })
    await world.run()
    for (const id of [2, 3, 4]) {
      expect(world.heard(id)).toEqual((receivers as readonly number[]).includes(id) ? ['packet 1 07'] : [])
    }
  })

  test('to a peer that is not there is an error', async () => {
    await star(2)
    expect(codeOf(() => world.api(1).sendBytes(bytes(7), { to: 99 }))).toBe('ERR_BUG')
  })
})

describe('peers are told of each other', () => {
  test('by the server, as they come and go', async () => {
    world = new ApiWorld()
    for (const id of [1, 2, 3]) world.add(id)
    world.join(1, 2)
    await world.run(500)
    world.join(1, 3)
    await world.run(500)
    expect(world.heard(1)).toEqual(['connected 2', 'connected 3'])
    expect(world.heard(2)).toEqual(['connectedToServer', 'connected 1', 'connected 3'])
    expect(world.heard(3)).toEqual(['connectedToServer', 'connected 1', 'connected 2'])
    expect(world.api(3).getPeers()).toEqual([1, 2])

    world.member(2).mesh.removePeer(1)
    await world.run(500)
    expect(world.heard(1)).toEqual(['disconnected 2'])
    expect(world.heard(3)).toEqual(['disconnected 2'])
    expect(world.api(3).getPeers()).toEqual([1])
    expect(world.api(2).getPeers()).toEqual([])
  })

  test('also of a peer that was disconnected by force, which the peer keeps to itself', async () => {
    await star(2, 3)
    world.member(1).mesh.disconnectPeer(2, true)
    await world.run(500)
    expect(world.api(1).getPeers()).toEqual([3])
    expect(world.heard(1)).toEqual(['disconnected 2'])
    expect(world.heard(3)).toEqual(['disconnected 2'])
  })

  test('not without serverRelay, nor can they reach each other then', async () => {
    world = await new ApiWorld({ serverRelay: false }).star(2, 3)
    expect(world.api(2).getPeers()).toEqual([1])
    expect(codeOf(() => world.api(2).sendBytes(bytes(7), { to: 3 }))).toBe('ERR_BUG')
    world.api(2).sendBytes(bytes(7))
    await world.run()
    expect(world.heard(1)).toEqual(['packet 2 07'])
    expect(world.heard(3)).toEqual([])
  })

  test('not in a mesh, where everyone is connected to everyone', async () => {
    world = new ApiWorld()
    for (const id of [1, 2, 3]) world.add(id, {}, 'mesh')
    world.join(1, 2)
    world.join(2, 3)
    await world.run(500)
    expect(world.heard(2)).toEqual(['connectedToServer', 'connected 1', 'connected 3'])
    expect([world.heard(1), world.heard(3)]).toEqual([['connected 2'], ['connected 2']])
    world.api(2).sendBytes(bytes(7))
    await world.run()
    expect([world.heard(1), world.heard(3)]).toEqual([['packet 2 07'], ['packet 2 07']])
    expect(codeOf(() => world.api(3).sendBytes(bytes(7), { to: 1 }))).toBe('ERR_BUG')
  })
})

describe('relayed packets on the wire are those of the codec', () => {
  test.each([1, 2, -1, 0, 7, -99, 0x12345678, 2 ** 31 - 1, -(2 ** 31 - 1)])('for peer %i', (peer) => {
    const inner = fromHex('03616263')
    const packet = encodeScenePacket({ kind: 'relay', peer, packet: inner })
    expect(toHex(relayTo(peer, inner))).toBe(toHex(packet))
    expect([isRelay(packet), isSystem(packet), relayPeer(packet), toHex(relayed(packet))]).toEqual([
      true,
      true,
      peer,
      '03616263',
    ])
    const other = withSource(packet, 5)
    expect(decodeScenePacket(other)).toEqual({ kind: 'relay', peer: 5, packet: inner })
    expect(relayPeer(packet)).toBe(peer)
  })

  test.each(['07', '0703', '070301000000', '0303010000000361', '07020100000003', ''])('%s is none', (hex) => {
    expect(isRelay(fromHex(hex))).toBe(false)
  })
})
