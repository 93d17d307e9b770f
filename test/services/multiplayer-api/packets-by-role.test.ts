import { describe, expect, test } from '@jest/globals'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { fromHex, toHex } from '../../protocol/variant/vectors.ts'
import { heardBy } from './support/api-world.ts'
import { FakePeer } from './support/fake-peer.ts'

// Every system packet and every malformed one, at every role, row by row: who is sent what, what is heard, what is counted.

interface Role {
  readonly own: number
  readonly mode: 'star' | 'mesh'
  readonly peers: readonly number[]
  readonly options: MultiplayerAPIOptions
  /** What the server has told before. */
  readonly told: readonly string[]
}

const ROLES = {
  server: { own: 1, mode: 'star', peers: [2, 3, 4], options: {}, told: [] },
  'server without relay': { own: 1, mode: 'star', peers: [2, 3], options: { serverRelay: false }, told: [] },
  client: { own: 2, mode: 'star', peers: [1], options: {}, told: ['070103000000', '070104000000'] },
  'client without relay': { own: 2, mode: 'star', peers: [1], options: { serverRelay: false }, told: [] },
  mesh: { own: 7, mode: 'mesh', peers: [1, 8], options: {}, told: [] },
  'first of a mesh': { own: 1, mode: 'mesh', peers: [8, 9], options: {}, told: [] },
} as const satisfies Record<string, Role>

function take(name: keyof typeof ROLES, from: number, hex: string) {
  const { own, mode, peers, options, told }: Role = ROLES[name]
  const peer = new FakePeer(own, mode)
  const api = new MultiplayerAPI(peer, { ...options, limits: { earlyBytes: 0 } })
  for (const id of peers) peer.connect(id)
  for (const packet of told) peer.receive(1, fromHex(packet))
  const heard = heardBy(api)
  const sent: string[] = []
  peer.onSend = (data, { to }) => sent.push(`${to}: ${toHex(data)}`)
  peer.receive(from, fromHex(hex))
  const { violations, peers: stats } = api.stats()
  const blamed = stats.filter(({ violations: own }) => Object.keys(own).length > 0).map(({ peer: id }) => id)
  return { heard, sent, violations: Object.keys(violations), blamed }
}

type Row = [
  role: keyof typeof ROLES,
  from: number,
  hex: string,
  heard: string[],
  sent: string[],
  violation?: string,
  blamed?: number,
]

function check(...[role, from, hex, heard, sent, violation, blamed = from]: Row): void {
  expect(take(role, from, hex)).toEqual({
    heard,
    sent,
    violations: violation === undefined ? [] : [violation],
    blamed: violation === undefined || blamed === 0 ? [] : [blamed],
  })
}

describe('a relayed packet of client 2 at the server, by its target', () => {
  // `03 61`, as it goes on: from 2.
  const on = (...peers: number[]): string[] => peers.map((peer) => `${peer}: 0703020000000361`)
  const here = ['packet 2 61']

  test.each<[what: string, target: string, sent: string[], heard: string[], violation?: string]>([
    ['a client', '03000000', on(3), []],
    ['the sender itself', '02000000', on(2), []],
    ['nobody that is here', '63000000', [], [], 'unknown-target'],
    ['the server', '01000000', [], [], 'unknown-target'],
    ['the highest id', 'ffffff7f', [], [], 'unknown-target'],
    ['everyone', '00000000', on(3, 4), here],
    ['all but the server', 'ffffffff', on(3, 4), []],
    ['all but a client', 'fdffffff', on(4), here],
    ['all but the sender', 'feffffff', on(3, 4), here],
    ['all but nobody that is here', '9dffffff', on(3, 4), here],
    ['all but the highest id', '01000080', on(3, 4), here],
    ['the lowest number', '00000080', on(3, 4), here],
  ])('%s', (...[, target, sent, heard, violation]) => {
    check('server', 2, `0703${target}0361`, heard, sent, violation)
  })
})

describe('a system packet', () => {
  const ADD = '070109000000'
  const DEL = '070203000000'
  const DATA = '070061'
  const DONE = '0700'

  test.each<Row>([
    // Only the server says who is there.
    ['server', 2, ADD, [], [], 'unexpected-system'],
    ['server', 2, DEL, [], [], 'unexpected-system'],
    ['server without relay', 2, ADD, [], [], 'unexpected-system'],
    ['client', 1, ADD, ['connected 9'], []],
    ['client', 1, DEL, ['disconnected 3'], []],
    ['client', 1, '070263000000', [], []],
    ['client', 1, '070103000000', [], []],
    ['client', 1, '070102000000', [], [], 'invalid-peer'],
    ['client', 1, '070101000000', [], [], 'invalid-peer'],
    ['client', 1, '070100000000', [], [], 'invalid-peer'],
    ['client', 1, '0701ffffffff', [], [], 'invalid-peer'],
    ['client', 1, '070100000080', [], [], 'invalid-peer'],
    ['client', 1, '070201000000', [], [], 'invalid-peer'],
    // Longer ones are taken, as in Godot.
    ['client', 1, '07010900000061', ['connected 9'], []],
    ['client without relay', 1, ADD, [], [], 'no-relay'],
    ['client without relay', 1, DEL, [], [], 'no-relay'],
    ['mesh', 1, ADD, [], [], 'unexpected-system'],
    ['mesh', 1, '070208000000', [], [], 'unexpected-system'],
    ['mesh', 8, ADD, [], [], 'unexpected-system'],
    ['first of a mesh', 8, ADD, [], [], 'unexpected-system'],
    // Only a client of a relaying server gets what is relayed, and from the server.
    ['client', 1, '0703030000000361', ['packet 3 61'], []],
    ['client', 1, '0703010000000361', ['packet 1 61'], []],
    ['client', 1, '0703020000000361', ['packet 2 61'], []],
    ['client', 1, '0703630000000361', [], [], 'unknown-source', 0],
    ['client', 1, '0703000000000361', [], [], 'malformed'],
    ['client', 1, '0703ffffffff0361', [], [], 'malformed'],
    ['client without relay', 1, '0703030000000361', [], [], 'no-relay'],
    ['server without relay', 2, '0703030000000361', [], [], 'no-relay'],
    ['mesh', 1, '0703080000000361', [], [], 'unexpected-system'],
    ['mesh', 8, '0703010000000361', [], [], 'unexpected-system'],
    ['first of a mesh', 8, '0703090000000361', [], [], 'unexpected-system'],
    // A system packet inside.
    ['server', 2, '070303000000' + ADD, [], [], 'nested-system'],
    ['server', 2, '070300000000' + DONE, [], [], 'nested-system'],
    ['server', 2, '070303000000' + '0703040000000361', [], [], 'nested-system'],
    ['server', 2, '0703030000000f', [], [], 'nested-system'],
    ['client', 1, '070303000000' + ADD, [], [], 'nested-system', 3],
    ['client', 1, '070301000000' + ADD, [], [], 'nested-system', 1],
    ['client', 1, '070363000000' + ADD, [], [], 'nested-system', 0],
    // Authentication of a peer that is admitted.
    ['server', 2, DONE, [], []],
    ['server', 2, DATA, [], [], 'unexpected-auth'],
    ['client', 1, DONE, [], []],
    ['client', 1, DATA, [], [], 'unexpected-auth'],
    ['mesh', 8, DONE, [], []],
    ['mesh', 8, DATA, [], [], 'unexpected-auth'],
  ])('at a %s, from %i, %s: %j %j %s', (...row) => {
    check(...row)
  })
})

describe('what is malformed is dropped and counted, and nothing else happens', () => {
  const packets: [what: string, hex: string][] = [
    ['nothing', ''],
    ['a call without a node', '00'],
    ['a call without a method', '0001'],
    ['a call with half a method', '400100'],
    ['a call with a node id of unknown size', '300100000000'],
    ['a call with half a node id', '20010000'],
    ['a call without the number of its arguments', '000100'],
    ['a call whose path begins behind its end', 'a00600008000'],
    ['a call whose path begins far behind its end', 'a0ffffffff00' + '4d00'],
    ['a call whose path begins in its header', 'a00200008000' + '4d00'],
    ['an announcement without an id', '01' + '61'.repeat(32) + '00010000'],
    ['a confirmation without an id', '0201'],
    ['a confirmation with half an id', '0201010000'],
    ['a confirmation with more than an id', '02010100000000'],
    ['no bytes', '03'],
    ['a spawn that is too short', '04' + '00'.repeat(16)],
    ['a despawn that is too short', '05000000'],
    ['a synchronisation that is too short', '06' + '00'.repeat(9)],
    ['changes that are too short', '16' + '00'.repeat(9)],
    ['half a system packet', '07'],
    ['an announced peer without its id', '0701'],
    ['an announced peer with half its id', '0701030000'],
    ['a peer that is gone with half its id', '0702030000'],
    ['a relayed packet with half a target', '0703030000'],
    ['a relayed packet without a packet', '070303000000'],
    ['a system packet that there is not', '070403000000'],
  ]

  test.each(packets)('%s: %s', (_, hex) => {
    check('server', 2, hex, [], [], 'malformed')
    check('client', 1, hex, [], [], 'malformed')
    check('mesh', 8, hex, [], [], 'malformed')
  })

  const inner = packets.filter(([, hex]) => hex !== '' && !hex.startsWith('07'))

  test.each(inner)('%s: %s, also in a relayed packet, which goes on as it is', (_, hex) => {
    check('server', 2, `070303000000${hex}`, [], [`3: 070302000000${hex}`])
    check('server', 2, `070300000000${hex}`, [], [`3: 070302000000${hex}`, `4: 070302000000${hex}`], 'malformed')
    check('client', 1, `070303000000${hex}`, [], [], 'malformed', 3)
  })
})
