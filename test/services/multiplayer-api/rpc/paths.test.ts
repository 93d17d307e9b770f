import { describe, expect, test } from '@jest/globals'
import { encodeScenePacket } from '../../../../src/protocol/scene-packets/scene-packets.ts'
import { int, rpc } from '../../../../src/services/multiplayer-api/rpc/index.ts'
import type { RpcNode } from '../../../../src/services/multiplayer-api/rpc/index.ts'
import { fromHex } from '../../../protocol/variant/vectors.ts'
import { RpcNet } from './rpc-net.ts'

const ANY = { permission: 'any-peer' } as const
const MD5 = Buffer.from('df911f0151f9ef021d410b4be5060972').toString('hex')
const PING = { ping: rpc(ANY) }

type PingNode = RpcNode<typeof PING>

/** What announces node 1 "Main" with the method "ping"; from the examples of the specification. */
const ANNOUNCE = `01${MD5}00010000004d61696e00`

describe('the path of a node', () => {
  test('is sent whole until the other side has confirmed its number', async () => {
    const net = new RpcNet()
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const node = a.endpoint.node('/root/Main', PING)
    b.endpoint.node('/root/Main', PING)
    node.ping()
    node.ping()
    expect(a.port.takeSent()).toEqual([`2: ${ANNOUNCE}`, '2: a006000080004d61696e00', '2: a006000080004d61696e00'])
    await net.settle()
    expect(b.port.takeSent()).toEqual(['1: 020101000000'])
    await net.clock.run(300_000)
    node.ping()
    expect(a.port.takeSent()).toEqual(['2: 800100'])
    expect(b.endpoint.stats()).toMatchObject({ unhandledCalls: 2 })
  })

  test('takes four bytes of number for those who know it while others do not', async () => {
    const net = new RpcNet()
    const [a] = [net.add(1), net.add(2), net.add(3)]
    net.connect(1, 2)
    const nodes = [1, 2, 3].map((id) => net.peer(id).endpoint.node('/root/Main', PING)) as [
      PingNode,
      PingNode,
      PingNode,
    ]
    nodes[0].ping()
    await net.settle()
    a.port.takeSent()
    net.connect(1, 3)
    nodes[0].ping()
    expect(a.port.takeSent()).toEqual([`3: ${ANNOUNCE}`, '2: a00100000000', '3: a006000080004d61696e00'])
    await net.settle()
    nodes[0].ping()
    expect(a.port.takeSent()).toEqual(['2: 800100', '3: 800100'])
    // To one who knows it, the other does not matter.
    net.disconnect(1, 3)
    net.connect(1, 3)
    nodes[0].ping.to(2)()
    expect(a.port.takeSent()).toEqual(['2: 800100'])
  })

  test('has the same number for all, counted from 1, with as many bytes as it needs', async () => {
    const net = new RpcNet()
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const nodes = Array.from({ length: 300 }, (_, i) => a.endpoint.node(`/root/N${i}`, PING))
    for (let i = 0; i < 300; i++) b.endpoint.node(`/root/N${i}`, PING)
    for (const node of nodes) node.ping()
    await net.settle()
    a.port.takeSent()
    for (const node of nodes.slice(254, 256)) node.ping()
    expect(a.port.takeSent()).toEqual(['2: 80ff00', '2: 90000100'])
  })

  test('is confirmed as soon as the node is there, if it was not when it was announced', async () => {
    const net = new RpcNet()
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const node = a.endpoint.node('/root/Main', PING)
    node.ping()
    await net.settle()
    expect(b.port.takeSent()).toEqual([])
    expect(b.endpoint.stats()).toMatchObject({ unknownNodes: 2 })
    expect(b.port.violations).toEqual([])
    b.endpoint.node('/root/Main', PING)
    expect(b.port.takeSent()).toEqual(['1: 020101000000'])
    await net.settle()
    a.port.takeSent()
    node.ping()
    expect(a.port.takeSent()).toEqual(['2: 800100'])
  })

  test('is announced again, with a later call, after 2, 4, 8, ... up to 60 seconds', async () => {
    const net = new RpcNet()
    const a = net.add(1)
    net.add(2)
    net.connectAll()
    const node = a.endpoint.node('/root/Main', PING)
    const announcedAt: number[] = []
    for (let second = 0; second <= 250; second++) {
      node.ping()
      if (a.port.takeSent().includes(`2: ${ANNOUNCE}`)) announcedAt.push(second)
      net.loseAll()
      await net.clock.run(1000)
    }
    expect(announcedAt).toEqual([0, 2, 6, 14, 30, 62, 122, 182, 242])
  })

  test('may be declared when it is first asked for, and the call is carried out', async () => {
    const net = new RpcNet()
    const asked: unknown[] = []
    const got: number[] = []
    const a = net.add(1)
    const b = net.add(2, {
      unknownNode(path, from) {
        asked.push([path, from])
        if (path.startsWith('/root/Players/'))
          b.endpoint.node(path, { hit: rpc({ ...ANY, args: [int] }, (by) => got.push(by)) })
        else throw new Error('unexpected')
      },
    })
    net.connectAll()
    a.endpoint.node('/root/Players/1', { hit: rpc({ ...ANY, args: [int] }) }).hit(5)
    a.endpoint.node('/root/Other', PING).ping()
    await net.settle()
    expect(got).toEqual([5])
    expect(asked).toEqual([
      ['/root/Players/1', 1],
      ['/root/Other', 1],
      ['/root/Other', 1],
    ])
    // Once for each peer, not for each of its packets.
    expect(b.log.lines).toEqual([expect.stringContaining('unknownNode has failed for /root/Other')])
  })

  test('is forgotten with the peer, and begins anew when it is back', async () => {
    const net = new RpcNet()
    const a = net.add(1)
    net.add(2)
    net.connectAll()
    const [node] = [1, 2].map((id) => net.peer(id).endpoint.node('/root/Main', PING))
    node?.ping()
    await net.settle()
    net.disconnect(1, 2)
    node?.ping()
    a.port.takeSent()
    net.connect(1, 2)
    node?.ping()
    expect(a.port.takeSent()).toEqual([`2: ${ANNOUNCE}`, '2: a006000080004d61696e00'])
    await net.settle()
    expect(net.peer(2).port.violations).toEqual([])
    // Godot's numbers begin at 1 again after a session.
    const other = a.endpoint.node('/root/Other', PING)
    other.ping()
    a.port.takeSent()
    a.endpoint.clear()
    other.ping()
    expect(a.port.takeSent()[0]).toMatch(/^2: 01.{66}01000000/)
  })

  test('stands for the node that is there now, when it was removed and declared again', async () => {
    const net = new RpcNet()
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const got: string[] = []
    const node = a.endpoint.node('/root/Main', PING)
    const first = b.endpoint.node('/root/Main', { ping: rpc(ANY, () => got.push('first')) })
    node.ping()
    await net.settle()
    first.$remove()
    node.ping()
    await net.settle()
    b.endpoint.node('/root/Main', { ping: rpc(ANY, () => got.push('second')) })
    node.ping()
    await net.settle()
    expect(got).toEqual(['first', 'second'])
    expect(b.endpoint.stats()).toMatchObject({ unknownNodes: 1 })
    // The sender's node is another one after this, with another number.
    node.$remove()
    const again = a.endpoint.node('/root/Main', PING)
    a.port.takeSent()
    again.ping()
    expect(a.port.takeSent()[0]).toBe(`2: ${ANNOUNCE.replace('0001000000', '0002000000')}`)
    await net.settle()
    expect(got).toEqual(['first', 'second', 'second'])
    expect(b.port.violations).toEqual([])
  })

  test('with methods of other names is used all the same, and told to both sides', async () => {
    const net = new RpcNet()
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const node = a.endpoint.node('/root/Main', PING)
    b.endpoint.node('/root/Main', { ping: rpc(ANY), pong: rpc(ANY) })
    node.ping()
    await net.settle()
    expect(b.port.takeSent()).toEqual(['1: 020001000000'])
    a.port.takeSent()
    node.ping()
    expect(a.port.takeSent()).toEqual(['2: 800100'])
    for (const { endpoint, log } of [a, b]) {
      expect(endpoint.stats()).toMatchObject({ checksumMismatches: 1 })
      expect(log.lines).toEqual([expect.stringContaining('methods of other names for /root/Main')])
    }
  })

  test('with methods of other names is told of once, by however many numbers it is announced', async () => {
    const net = new RpcNet()
    const [, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const node = b.endpoint.node('/root/Main', PING)
    const announce = (id: number): void => {
      const packet = { kind: 'simplify-path', id, path: 'Main', md5: '0'.repeat(32) } as const
      net.inject(2, 1, encodeScenePacket(packet))
    }
    for (let id = 1; id <= 100; id++) announce(id)
    await net.settle()
    expect(b.endpoint.stats()).toMatchObject({ checksumMismatches: 1, refusedPaths: 0 })
    expect(b.log.lines).toHaveLength(1)
    // A node that was declared anew may be another one.
    node.$remove()
    b.endpoint.node('/root/Main', PING)
    announce(101)
    expect(b.log.lines).toHaveLength(2)
  })
})

describe('versions of Godot', () => {
  test("'4.0' confirms a path by its text", async () => {
    const net = new RpcNet('4.0')
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const [node] = [a, b].map(({ endpoint }) => endpoint.node('/root/Main', PING))
    node?.ping()
    await net.settle()
    expect(a.port.takeSent()[0]).toBe(`2: ${ANNOUNCE}`)
    expect(b.port.takeSent()).toEqual(['1: 02014d61696e00'])
    node?.ping()
    expect(a.port.takeSent()).toEqual(['2: 800100'])
  })

  test.each(['4.2.2', '4.3', '4.4'] as const)("'%s' confirms it by its number", async (version) => {
    const net = new RpcNet(version)
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const [node] = [a, b].map(({ endpoint }) => endpoint.node('/root/Main', PING))
    node?.ping()
    await net.settle()
    expect(b.port.takeSent()).toEqual(['1: 020101000000'])
  })

  test("'3' names methods, has no checksum, and confirms by the text", async () => {
    const net = new RpcNet('3')
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const got: unknown[] = []
    const methods = {
      foo: rpc(ANY, () => got.push('foo')),
      bar: rpc({ ...ANY, args: [int], returns: int }, (value) => {
        got.push(value)
        return value + 1
      }),
    }
    const [node] = [a, b].map(({ endpoint }) => endpoint.node('/root/Main', methods))
    node?.foo()
    // Both are examples of the specification.
    expect(a.port.takeSent()).toEqual(['2: 02010000004d61696e00', '2: 000a000080666f6f00004d61696e00'])
    await net.settle()
    expect(b.port.takeSent()).toEqual(['1: 034d61696e00'])
    node?.bar(5)
    expect(a.port.takeSent()).toEqual(['2: 000100000062617200010200000005000000'])
    await net.settle()
    const asked = node?.bar.call(2, 7)
    await net.settle()
    expect([await asked, got]).toEqual([8, ['foo', 5, 7]])
    // RSET of a property, which has no meaning here.
    net.inject(2, 1, fromHex('0101000000666f6f000200000005000000'))
    expect(b.endpoint.stats()).toMatchObject({ ignoredPackets: 1 })
    expect(b.port.violations).toEqual([])
  })
})
