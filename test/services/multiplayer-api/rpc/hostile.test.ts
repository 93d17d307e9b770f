import { describe, expect, test } from '@jest/globals'
import type { ScenePacket } from '../../../../src/protocol/scene-packets/packet.ts'
import { decodeScenePacket, encodeScenePacket } from '../../../../src/protocol/scene-packets/scene-packets.ts'
import type { GodotVersion } from '../../../../src/protocol/variant/godot-version.ts'
import { int, rpc, string } from '../../../../src/services/multiplayer-api/rpc/index.ts'
import { PeerRecords } from '../../../../src/services/multiplayer-api/rpc/peer-records.ts'
import { MultiplayerError } from '../../../../src/multiplayer-error.ts'
import { Random } from '../../../../src/transport/simulated/random.ts'
import { fromHex } from '../../../protocol/variant/vectors.ts'
import { RpcNet } from './rpc-net.ts'

const ANY = { permission: 'any-peer' } as const
const NO_ARGUMENTS = { count: 0, raw: true, bytes: new Uint8Array() }

/** A peer 1 with a node, and peer 2, which sends what it likes. */
function victim(version: GodotVersion = '4.4', paths = 4) {
  const net = new RpcNet(version)
  const calls: string[] = []
  const { endpoint, port } = net.add(1, { limits: { paths, waitingPaths: 3 } })
  net.add(2)
  net.connectAll()
  endpoint.node('/root/Main', {
    hit: rpc({ ...ANY, args: [int, string] }, (by, how) => calls.push(`hit ${by} ${how}`)),
    kill: rpc({}, () => calls.push('kill')),
  })
  const receive = (packet: ScenePacket): void => {
    endpoint.receive(2, packet)
  }
  return { net, calls, endpoint, port, receive }
}

const announce = (id: number, path: string): ScenePacket => ({ kind: 'simplify-path', id, path, md5: 'x'.repeat(32) })

describe('what a peer does wrong is told, and nothing comes of it', () => {
  const packets: [string, string, ScenePacket[]][] = [
    [
      'a number that it never announced',
      '2 unknown-path-id',
      [{ kind: 'rpc', node: { id: 7 }, method: 0, arguments: NO_ARGUMENTS }],
    ],
    ['the number 0', '2 unknown-path-id', [{ kind: 'rpc', node: { id: 0 }, method: 0, arguments: NO_ARGUMENTS }]],
    ['another node under a number it has used', '2 path-conflict', [announce(1, 'Main'), announce(1, 'Other')]],
    [
      'a node outside the root',
      '2 bad-path',
      [{ kind: 'rpc', node: { path: '../root/Main' }, method: 0, arguments: NO_ARGUMENTS }],
    ],
    ['announcing a node outside the root', '2 bad-path', [announce(1, '/etc')]],
    [
      'confirming what was not announced',
      '2 unrequested-confirmation',
      [{ kind: 'confirm-path', valid: true, node: { id: 1 } }],
    ],
    [
      'a method that there is not',
      '2 unknown-method',
      [{ kind: 'rpc', node: { path: 'Main' }, method: 9, arguments: NO_ARGUMENTS }],
    ],
    [
      'a method of the other group',
      '2 unknown-method',
      [{ kind: 'rpc', node: { path: 'Main' }, method: 0x8000, arguments: NO_ARGUMENTS }],
    ],
    [
      'a method that only the authority may call',
      '2 not-permitted',
      [{ kind: 'rpc', node: { path: 'Main' }, method: 1, arguments: NO_ARGUMENTS }],
    ],
    [
      'too few arguments',
      '2 bad-arguments',
      [{ kind: 'rpc', node: { path: 'Main' }, method: 0, arguments: NO_ARGUMENTS }],
    ],
    [
      'too many arguments',
      '2 bad-arguments',
      [
        {
          kind: 'rpc',
          node: { path: 'Main' },
          method: 0,
          arguments: { count: 3, raw: false, bytes: fromHex('02050400000001000000610000000205') },
        },
      ],
    ],
    [
      'arguments that end too early',
      '2 bad-arguments',
      [{ kind: 'rpc', node: { path: 'Main' }, method: 0, arguments: { count: 2, raw: false, bytes: fromHex('0205') } }],
    ],
    [
      'arguments of other types',
      '2 bad-arguments',
      [
        {
          kind: 'rpc',
          node: { path: 'Main' },
          method: 0,
          arguments: { count: 2, raw: false, bytes: fromHex('02050205') },
        },
      ],
    ],
    [
      'a whole object',
      '2 bad-arguments',
      [
        {
          kind: 'rpc',
          node: { path: 'Main' },
          method: 0,
          arguments: { count: 1, raw: false, bytes: fromHex('180000000400000041414141') },
        },
      ],
    ],
    [
      'an answer that is none',
      '2 bad-answer',
      [{ kind: 'rpc', node: { id: 0 }, method: 0xffff, arguments: NO_ARGUMENTS }],
    ],
    [
      'an answer that cannot be decoded',
      '2 bad-answer',
      [{ kind: 'rpc', node: { id: 0 }, method: 0xffff, arguments: { count: 3, raw: false, bytes: fromHex('ff') } }],
    ],
  ]

  test.each(packets)('%s: %s', async (_, violation, sent) => {
    const { net, calls, endpoint, port, receive } = victim()
    // It has a number, so that it could be confirmed.
    endpoint.node('/root/Own', { m: rpc(ANY) }).m()
    if (!violation.endsWith('unrequested-confirmation')) await net.settle()
    else {
      net.disconnect(1, 2)
      net.loseAll()
      net.connect(1, 2)
    }
    port.violations.length = 0
    for (const packet of sent) receive(packet)
    expect({ calls, violations: port.violations }).toEqual({ calls: [], violations: [violation] })
  })

  test('a confirmation of a node that is gone is nothing', () => {
    const { port, receive } = victim()
    receive({ kind: 'confirm-path', valid: true, node: { id: 99 } })
    expect(port.violations).toEqual([])
  })

  test('nothing is heard from peers that are not there', () => {
    const { endpoint, calls } = victim()
    const args = { count: 2, raw: false, bytes: fromHex('020504000000010000006100000000') }
    endpoint.receive(3, { kind: 'rpc', node: { path: 'Main' }, method: 0, arguments: args })
    expect(calls).toEqual([])
    endpoint.receive(2, { kind: 'rpc', node: { path: 'Main' }, method: 0, arguments: args })
    expect(calls).toEqual(['hit 5 a'])
    endpoint.close()
    endpoint.receive(2, { kind: 'rpc', node: { path: 'Main' }, method: 0, arguments: args })
    expect(calls).toHaveLength(1)
  })
})

describe('memory', () => {
  test('of announced nodes is bounded; more are called by their paths', () => {
    const { endpoint, port, receive } = victim()
    for (let id = 1; id <= 100; id++) receive(announce(id, 'Main'))
    expect(port.takeSent()).toHaveLength(4)
    expect(endpoint.stats()).toMatchObject({ refusedPaths: 96 })
    expect(port.violations).toEqual([])
  })

  test('of nodes that are not there is bounded to the newest', () => {
    const { endpoint, port, receive } = victim()
    for (let id = 1; id <= 100_000; id++) receive(announce(id, `N${id}`))
    receive(announce(100_001, 'x'.repeat(100_000)))
    for (const name of ['N99997', 'N99998', 'N99999', 'N100000', 'x'.repeat(100_000)])
      endpoint.node(`/root/${name}`, {})
    expect(port.takeSent()).toEqual(['2: 02009e860100', '2: 02009f860100', '2: 0200a0860100'])
  })

  test('of a peer is given back when it goes', () => {
    const records = new PeerRecords({ paths: 1, waitingPaths: 1, pendingCalls: 1, unansweredCalls: 1 })
    const record = records.of(2)
    expect(records.isCurrent(2, record)).toBe(true)
    records.forget(2)
    expect([...records.all]).toEqual([])
    expect(records.isCurrent(2, record)).toBe(false)
  })
})

describe('random packets', () => {
  const SEED = Date.now()

  test.each(['3', '4.0', '4.4'] as const)(
    `of version %s: none throws, every one is counted somewhere (seed ${SEED})`,
    async (version) => {
      const random = new Random(`${SEED}/${version}`)
      const { net, endpoint, port, calls } = victim(version, 64)
      const own = endpoint.node('/root/Own', { m: rpc(ANY) })
      own.m()
      const ids = Array.from({ length: 4 }, (_, i) => i)
      const call = (node: { id: number } | { path: string }, raw: boolean): ScenePacket => {
        const args = {
          count: raw ? 0 : 2,
          raw,
          bytes: raw
            ? new Uint8Array()
            : version === '3'
              ? fromHex('0200000005000000040000000100000061000000')
              : fromHex('0205040000000100000061000000'),
        }
        return version === '3'
          ? { kind: 'rpc-by-name', node, method: 'hit', arguments: { ...args, raw: false } }
          : { kind: 'rpc', node, method: 0, arguments: args }
      }
      const seeds = [
        ...ids.map((id): ScenePacket =>
          version === '3' ? { kind: 'simplify-path', id, path: 'Main' } : announce(id, 'Main'),
        ),
        ...ids.map((id) => call({ id }, false)),
        call({ path: 'Main' }, false),
        ...(version === '3' ? [] : [call({ path: 'Main' }, true)]),
        { kind: 'confirm-path', valid: true, node: version === '4.4' ? { id: 1 } : { path: 'Own' } } as ScenePacket,
      ].map((packet) => encodeScenePacket(packet, version))
      let understood = 0
      for (let i = 0; i < 30_000; i++) {
        const bytes = (seeds[random.below(seeds.length)] as Uint8Array).slice()
        for (let flips = random.below(4); flips > 0; flips--) bytes[random.below(bytes.length)] = random.below(256)
        const cut = bytes.subarray(0, random.chance(0.1) ? random.below(bytes.length + 1) : bytes.length)
        let packet
        try {
          packet = decodeScenePacket(cut, version)
        } catch (error) {
          expect(error).toBeInstanceOf(MultiplayerError)
          continue
        }
        understood++
        endpoint.receive(2, packet)
      }
      await net.clock.run(0)
      expect(understood).toBeGreaterThan(10_000)
      expect(calls.length).toBeGreaterThan(1_000)
      expect(calls).not.toContain('kill')
      expect(port.violations.length).toBeGreaterThan(1_000)
      expect(endpoint.stats().pendingCalls).toBe(0)
      expect(net.clock.pending).toBe(0)
    },
  )
})
