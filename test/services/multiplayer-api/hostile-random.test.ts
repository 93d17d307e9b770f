import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { rpc, variant } from '../../../src/services/multiplayer-api/rpc/index.ts'
import { Random, VirtualClock } from '../../../src/testing/index.ts'
import { fromHex } from '../../protocol/variant/vectors.ts'
import { heapUsed } from '../../support/heap.ts'
import { FakePeer } from './support/fake-peer.ts'
import { recordedSession } from './support/recording.ts'

const RUNS = 100_000
const seed = Math.floor(Math.random() * 2 ** 31)
const HOSTILE = 66
const HONEST = [2, 3]
/** What 50,000 packets may leave behind, bytes: far less than one byte for each, if it were kept; what is remembered on purpose is full after the first half. */
const GROWTH = 2_000_000

const { stackTraceLimit } = Error
beforeAll(() => {
  Error.stackTraceLimit = 0
})
afterAll(() => {
  Error.stackTraceLimit = stackTraceLimit
})

/** Recorded packets, and some that only an attacker sends. */
function corpus(): Uint8Array[] {
  const recorded = (['relay', 'auth'] as const).flatMap((name) =>
    recordedSession(name).flatMap(({ packet }) => packet?.hex ?? []),
  )
  const replication = ['04' + 'ab'.repeat(20), '0501000000', '06' + 'cd'.repeat(12), '16' + 'cd'.repeat(12)]
  const system = ['070163000000', '070203000000', '070302000000070163000000', '0703ffffffff0361', '0700616263']
  return [...new Set([...recorded, ...replication, ...system])].map(fromHex)
}

function randomPacket(random: Random, samples: readonly Uint8Array[]): Uint8Array {
  if (random.chance(0.2)) return Uint8Array.from({ length: random.below(40) }, () => random.below(256))
  let packet = samples[random.below(samples.length)] ?? new Uint8Array()
  if (random.chance(0.2)) packet = Uint8Array.of(7, 3, random.below(5), 0, 0, 0, ...packet)
  const damaged = packet.slice(0, random.chance(0.2) ? random.below(packet.length + 1) : packet.length)
  for (let changes = random.below(4); changes > 0 && damaged.length > 0; changes--) {
    damaged[random.below(damaged.length)] = random.below(256)
  }
  return damaged
}

/** An API whose peer 66 is hostile (on a client: its server), with what must never happen. */
function underAttack(uniqueId: number, attacker: number, options: MultiplayerAPIOptions) {
  const peer = new FakePeer(uniqueId)
  const clock = new VirtualClock()
  const lines: string[] = []
  const logger = { warn: (line: string) => lines.push(line), error: (line: string) => lines.push(line) }
  const api = new MultiplayerAPI(peer, { clock, logger, ...options })
  const wrong: string[] = []
  const heard = new Set<number>()
  const node = api.node('/root/Echo', {
    echo: rpc({ permission: 'any-peer', args: [variant] }, (value, { from }) => {
      heard.add(from)
      if (api.getPeers().includes(from)) node.echo.to(from)(value)
    }),
  })
  api.peerPacket$.subscribe((packet) => heard.add(packet.peer))
  api.replication$.subscribe((message) => heard.add(message.peer))
  const attack = (count: number, random: Random, samples: readonly Uint8Array[]): void => {
    for (let run = 0; run < count; run++) {
      const packet = randomPacket(random, samples)
      try {
        peer.receive(attacker, packet)
      } catch (error) {
        wrong.push(`${Buffer.from(packet).toString('hex')}: ${String(error)}`)
      }
    }
  }
  return { peer, api, clock, lines, wrong, heard, attack }
}

describe(`${RUNS} random and damaged packets (seed ${seed})`, () => {
  const samples = corpus()

  /** Two halves, so that what is remembered on purpose has reached its bounds before it is measured. */
  function twoHalves({ attack, clock }: ReturnType<typeof underAttack>, name: string): number {
    const random = new Random(seed).fork(name)
    attack(RUNS / 2, random, samples)
    clock.advance(10_000)
    const before = heapUsed()
    attack(RUNS / 2, random, samples)
    clock.advance(10_000)
    return heapUsed() - before
  }

  test('of a client: it speaks as nobody else, and its server stays what it was', () => {
    const world = underAttack(1, HOSTILE, {})
    const { peer, api, wrong, heard, lines } = world
    for (const id of [...HONEST, HOSTILE]) peer.connect(id)
    let forwarded = 0
    peer.onSend = (data, { to }) => {
      // What goes to others comes from it, and is no system packet.
      if (data[0] !== 7) return
      forwarded++
      const view = new DataView(data.buffer, data.byteOffset, data.byteLength)
      const isHonest =
        data[1] === 3 && view.getInt32(2, true) === HOSTILE && data.length > 6 && (data[6] ?? 7) % 8 !== 7
      if (!isHonest || !api.getPeers().includes(to ?? 0)) wrong.push(`to ${to}: ${Buffer.from(data).toString('hex')}`)
    }
    expect(twoHalves(world, 'client')).toBeLessThan(GROWTH)
    expect(wrong).toEqual([])
    expect([...heard]).toEqual([HOSTILE])
    expect(api.getPeers()).toEqual([...HONEST, HOSTILE])
    expect(forwarded).toBeGreaterThan(RUNS / 100)

    const { violations, peers } = api.stats()
    expect(violations['malformed']).toBeGreaterThan(RUNS / 100)
    expect(violations['nested-system']).toBeGreaterThan(0)
    expect(peers.filter(({ peer: id }) => id !== HOSTILE).map((stats) => stats.violations)).toEqual([{}, {}])
    // One line for each kind, whatever comes.
    const kinds = Object.keys(violations).length
    expect(kinds).toBeLessThan(20)
    expect(lines.filter((line) => line.includes('sent what is wrong')).length).toBeLessThanOrEqual(kinds)
    api[Symbol.dispose]()
    expect(world.clock.pending).toBe(0)
  })

  test('of a client that is not authenticated: nobody hears of it', () => {
    const world = underAttack(1, HOSTILE, { authCallback: () => undefined, authTimeout: 0 })
    const { peer, api, wrong, heard } = world
    let sent = 0
    peer.onSend = () => sent++
    peer.connect(HOSTILE)
    expect(twoHalves(world, 'stranger')).toBeLessThan(GROWTH)
    expect({ wrong, heard: [...heard], sent, peers: api.getPeers() }).toEqual({
      wrong: [],
      heard: [],
      sent: 0,
      peers: [],
    })
    expect(api.stats().violations['unauthenticated']).toBeGreaterThan(RUNS / 10)
    api[Symbol.dispose]()
  })

  test('of a server: the client knows no more peers than it wants to', () => {
    const world = underAttack(2, 1, { limits: { peers: 50 } })
    const { peer, api, wrong, heard } = world
    peer.connect(1)
    expect(twoHalves(world, 'server')).toBeLessThan(GROWTH)
    expect(wrong).toEqual([])
    expect(api.getPeers()[0]).toBe(1)
    expect(api.getPeers().length).toBeLessThanOrEqual(50)
    expect(heard.has(0)).toBe(false)
    expect(api.stats().violations['unknown-source']).toBeGreaterThan(0)
    api[Symbol.dispose]()
    expect(world.clock.pending).toBe(0)
  })

  test('of a client, at a limit: it is disconnected', () => {
    const { peer, api, attack } = underAttack(1, HOSTILE, { violationLimit: 100 })
    peer.connect(HOSTILE)
    attack(2_000, new Random(seed).fork('limit'), samples)
    expect(api.getPeers()).toEqual([])
    expect(peer.hasPeer(HOSTILE)).toBe(false)
    expect(api.stats().strangerPackets).toBeGreaterThan(100)
    api[Symbol.dispose]()
  })
})
