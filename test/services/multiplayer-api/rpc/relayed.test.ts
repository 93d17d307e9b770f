import { describe, expect, test } from '@jest/globals'
import type { MultiplayerAPI } from '../../../../src/services/multiplayer-api/multiplayer-api.ts'
import { int, rpc, string } from '../../../../src/services/multiplayer-api/rpc/index.ts'
import { ApiWorld } from '../support/api-world.ts'

const ANY = { permission: 'any-peer' } as const

function declare(api: MultiplayerAPI, log: string[] = []) {
  return api.node('/root/Main', {
    say: rpc({ ...ANY, args: [string] }, (text, { from }) => void log.push(`${api.uniqueId}: ${text} from ${from}`)),
    move: rpc({ ...ANY, mode: 'unreliable', callLocal: true, args: [int] }, (to, { from }) => {
      log.push(`${api.uniqueId}: move ${to} from ${from}, ${api.remoteSenderId}`)
    }),
    double: rpc({ ...ANY, args: [int], returns: int }, (value) => value * 2),
    order: rpc({ args: [string] }, (text) => void log.push(`${api.uniqueId}: ordered ${text}`)),
    forever: rpc({ ...ANY, returns: int }, () => new Promise<number>(() => undefined)),
  })
}

/** A server and clients with the same node. */
async function star(...clients: number[]) {
  const world = await new ApiWorld().star(...clients)
  const log: string[] = []
  const node = (id: number): ReturnType<typeof declare> => {
    const found = nodes.get(id)
    if (found === undefined) throw new Error(`there is no ${id}`)
    return found
  }
  const nodes = new Map([1, ...clients].map((id) => [id, declare(world.api(id), log)]))
  return { world, log, node, nodes }
}

const violations = (world: ApiWorld): object[] => [...world.members.values()].map(({ api }) => api.stats().violations)

describe('calls through a server', () => {
  test('reach one, everyone, and all but one, and say who has called', async () => {
    const { world, log, node } = await star(2, 3, 4)
    node(2).say.to(3)('one')
    await world.run()
    expect(log.splice(0)).toEqual(['3: one from 2'])
    node(2).say.to(-4)('some')
    await world.run()
    expect(log.splice(0).sort()).toEqual(['1: some from 2', '3: some from 2'])
    node(2).move(7)
    expect(log.splice(0)).toEqual(['2: move 7 from 2, 2'])
    await world.run()
    expect(log.splice(0).sort()).toEqual([1, 3, 4].map((id) => `${id}: move 7 from 2, 2`))
    expect(violations(world)).toEqual([{}, {}, {}, {}])
    expect(await world.end()).toBe(0)
  })

  test('take the short form once both ends of the relay know the path', async () => {
    const { world, node } = await star(2, 3)
    const sent: number[] = []
    node(2).say.to(3)('a')
    await world.run()
    world.member(1).mesh.packets$.subscribe(({ data }) => sent.push(data.byteLength))
    node(2).say.to(3)('a')
    await world.run()
    // Relay header 6, call 4, text 12.
    expect(sent).toEqual([22])
    expect(await world.end()).toBe(0)
  })

  test('that only the authority may make are refused, here and there', async () => {
    const { world, log, node } = await star(2, 3)
    expect(() => node(2).order('x')).toThrow(expect.objectContaining({ code: 'ERR_UNAUTHORIZED' }))
    node(1).order('y')
    await world.run()
    node(2).$authority = 2
    node(2).order.to(3)('z')
    await world.run()
    expect(log.sort()).toEqual(['2: ordered y', '3: ordered y'])
    expect(world.api(3).stats().violations).toEqual({ 'not-permitted': 1 })
    expect(await world.end()).toBe(0)
  })

  test('are answered from client to client', async () => {
    const { world, node } = await star(2, 3)
    const answers = Promise.all([node(2).double.call(3, 21), node(3).double.call(2, 4), node(2).double.call(1, 5)])
    await world.run()
    expect(await answers).toEqual([42, 8, 10])
    expect(violations(world)).toEqual([{}, {}, {}])
    expect(await world.end()).toBe(0)
  })

  test('that wait end when the server tells that the peer is gone, and when the server is gone', async () => {
    const { world, node } = await star(2, 3)
    const ended: unknown[] = []
    for (const peer of [3, 1])
      node(2)
        .forever.call(peer)
        .catch((error: unknown) => ended.push((error as Error).message))
    await world.run()
    world.api(1).disconnectPeer(3)
    await world.run()
    expect(ended).toEqual(['Peer 3 has not answered /root/Main:forever before it was lost.'])
    void world.api(1).close()
    await world.run(3_000)
    expect(ended).toHaveLength(2)
    expect(world.api(2).stats().rpc.pendingCalls).toBe(0)
    expect(await world.end()).toBe(0)
  })

  test('know a peer that comes later, in the listener that is told of it', async () => {
    const { world, log, node, nodes } = await star(2)
    world.api(2).peerConnected$.subscribe((peer) => node(2).say.to(peer)('welcome'))
    world.add(3)
    nodes.set(3, declare(world.api(3), log))
    world.join(1, 3)
    await world.run(500)
    expect(log).toEqual(['3: welcome from 2'])
    expect(violations(world)).toEqual([{}, {}, {}])
    expect(await world.end()).toBe(0)
  })

  test('cannot be made in the name of somebody else', async () => {
    const { world, log, node } = await star(2, 3)
    // The source field of a relayed packet is the server's to write: what client 2 puts there is a target.
    world.member(2).mesh.send(Uint8Array.of(7, 3, 1, 0, 0, 0, 0x80, 1, 0), { to: 1 })
    node(2).say.to(3)('me')
    await world.run()
    expect(log).toEqual(['3: me from 2'])
    expect(await world.end()).toBe(0)
  })
})

describe('calls in a mesh', () => {
  test('arrive although a quarter of the packets is lost, and the unreliable ones only lack some', async () => {
    const world = new ApiWorld()
    const log: string[] = []
    const nodes = [1, 2].map((id) => declare(world.add(id, {}, 'mesh').api, log))
    world.join(1, 2)
    await world.run(500)
    world.network.setConditions({ loss: 0.25 })
    const [a] = nodes
    if (a === undefined) throw new Error('no node')
    const answers: Promise<number>[] = []
    for (let i = 0; i < 40; i++) {
      a.say(`${i}`)
      a.move.to(2)(i)
      answers.push(a.double.call({ peer: 2, timeout: 60_000 }, i))
      await world.run(50)
    }
    await world.run(60_000)
    expect(await Promise.all(answers)).toEqual(Array.from({ length: 40 }, (_, i) => i * 2))
    const said = log.filter((line) => !line.includes('move'))
    expect(said).toEqual(Array.from({ length: 40 }, (_, i) => `2: ${i} from 1`))
    const moved = log.length - said.length
    expect(moved).toBeGreaterThan(10)
    expect(moved).toBeLessThan(40)
    expect(await world.end()).toBe(0)
  })
})
