import { describe, expect, test } from '@jest/globals'
import { MultiplayerError } from '../../../../src/multiplayer-error.ts'
import {
  bool,
  int,
  optional,
  packedByteArray,
  rpc,
  type RpcLimits,
  string,
  variant,
} from '../../../../src/services/multiplayer-api/rpc/index.ts'
import { decodeArguments, type Variant } from '../../../../src/variant.ts'
import { fromHex } from '../../../protocol/variant/vectors.ts'
import { decodeScenePacket } from '../../../../src/protocol/scene-packets/scene-packets.ts'
import { RpcNet } from './rpc-net.ts'

const ANY = { permission: 'any-peer' } as const

const METHODS = {
  add: rpc({ ...ANY, mode: 'unreliable', channel: 2, args: [int, optional(int)], returns: int }, async (a, b) => {
    await Promise.resolve()
    return a + (b ?? 1)
  }),
  bytes: rpc({ ...ANY, args: [packedByteArray], returns: packedByteArray }, (bytes) => bytes.map((byte) => byte + 1)),
  nothing: rpc(ANY, () => 'is not an answer'),
  refuse: rpc({ ...ANY, args: [string] }, (code) => {
    throw new MultiplayerError('ERR_UNAUTHORIZED', `not for ${code}`)
  }),
  fail: rpc(ANY, () => {
    throw new Error('secret')
  }),
  wrong: rpc({ ...ANY, returns: int }, () => 'text' as never),
  unhandled: rpc(ANY),
  forever: rpc(ANY, () => new Promise<void>(() => undefined)),
  mine: rpc({ returns: bool }, () => true),
}

function pair(limits: Partial<RpcLimits> = {}) {
  const net = new RpcNet()
  const [a, b] = [net.add(1, { limits }), net.add(2, { limits })]
  net.connectAll()
  const [node, far] = [a, b].map(({ endpoint }) => endpoint.node('/root/N', METHODS))
  if (node === undefined || far === undefined) throw new Error('no nodes')
  return { net, a, b, node, far }
}

async function outcome(net: RpcNet, promise: Promise<unknown>): Promise<unknown> {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => (error instanceof MultiplayerError ? { code: error.code, message: error.message } : { error }),
  )
  await net.settle()
  return settled
}

describe('an awaited call', () => {
  test('is answered with what the handler returns', async () => {
    const { net, a, b, node } = pair()
    expect(await outcome(net, node.add.call(2, 1, 2))).toEqual({ value: 3 })
    expect(await outcome(net, node.add.call(2, 1))).toEqual({ value: 2 })
    expect(await outcome(net, node.bytes.call(2, Uint8Array.of(1, 2)))).toEqual({ value: Uint8Array.of(2, 3) })
    expect(await outcome(net, node.bytes.call(2, new Uint8Array()))).toEqual({ value: new Uint8Array() })
    expect(await outcome(net, node.nothing.call(2))).toEqual({ value: undefined })
    expect([a, b].map(({ endpoint }) => endpoint.stats().pendingCalls)).toEqual([0, 0])
    expect([...a.port.violations, ...b.port.violations, ...a.log.lines, ...b.log.lines]).toEqual([])
    expect(net.clock.pending).toBe(0)
  })

  test('is an ordinary call to Godot: arguments, and one value behind them that nobody reads there', async () => {
    const { net, a, node } = pair()
    node.nothing()
    await net.settle()
    a.port.takeSent()
    void node.add.call(2, 5, 7)
    void node.nothing.call(2)
    void node.bytes.call(2, Uint8Array.of(1, 2))
    // Reliably, on channel 0, whatever the method's mode.
    const packets = a.port.takeSent()
    expect(packets).toEqual([
      '2: 0001000202050207c201000000434d5257',
      '2: 00010500c202000000434d5257',
      '2: 000101011d0000000200000001020000c203000000434d5257',
    ])
    const asGodotReadsThem = packets.map((line): Variant[] => {
      const packet = decodeScenePacket(fromHex(line.slice(3)))
      return packet.kind === 'rpc' ? decodeArguments(packet.arguments) : []
    })
    expect(asGodotReadsThem).toEqual([[5, 7], [], [Uint8Array.of(1, 2)]])
    await net.settle()
  })

  test('is not seen in an argument that looks like one', async () => {
    const { net, b } = pair()
    const got: unknown[] = []
    b.endpoint.node('/root/V', { v: rpc({ ...ANY, args: [variant] }, (...all) => got.push(all)) })
    // One INT argument that has the mark, by path.
    net.inject(2, 1, fromHex('20100000800001c201000000434d52575600'))
    expect(got).toEqual([[(0x57524d43n << 32n) | 1n, { from: 1, path: '/root/V', isAwaited: false }]])
    // The same INT as argument, another one behind it, and then the mark.
    net.inject(2, 1, fromHex('201a00008000010205c2010000000000006000000000434d52575600'))
    expect(got).toHaveLength(2)
    await net.settle()
    expect(b.port.takeSent()).toEqual([])
  })

  const failures: [keyof typeof METHODS, unknown[], object, { log: number; violations: string[] }][] = [
    [
      'refuse',
      ['you'],
      { code: 'ERR_UNAUTHORIZED', message: 'Peer 2 could not answer /root/N:refuse: not for you' },
      { log: 0, violations: [] },
    ],
    [
      'fail',
      [],
      { code: 'FAILED', message: 'Peer 2 could not answer /root/N:fail: its handler has failed' },
      { log: 1, violations: [] },
    ],
    [
      'wrong',
      [],
      { code: 'FAILED', message: 'Peer 2 could not answer /root/N:wrong: its handler has failed' },
      { log: 1, violations: [] },
    ],
    [
      'unhandled',
      [],
      {
        code: 'ERR_UNAVAILABLE',
        message: 'Peer 2 could not answer /root/N:unhandled: it has no handler for this method',
      },
      { log: 0, violations: [] },
    ],
  ]

  test.each(failures)('of %s rejects', async (name, args, expected, { log, violations }) => {
    const { net, b, node } = pair()
    const call = node[name].call as (peer: number, ...args: unknown[]) => Promise<unknown>
    expect(await outcome(net, call(2, ...args))).toEqual(expected)
    expect(b.log.lines).toHaveLength(log)
    expect(b.port.violations).toEqual(violations)
  })

  test('is refused with the reason if it is not carried out', async () => {
    const net = new RpcNet()
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const missing = a.endpoint.node('/root/Missing', { m: rpc(ANY) })
    const other = a.endpoint.node('/root/Other', { z: rpc(ANY), b: rpc({ ...ANY, args: [string] }), c: rpc(ANY) })
    b.endpoint.node('/root/Other', { a: rpc({ permission: 'disabled' }), b: rpc({ ...ANY, args: [int] }) })
    expect(await outcome(net, missing.m.call(2))).toMatchObject({ code: 'ERR_DOES_NOT_EXIST' })
    expect(await outcome(net, other.z.call(2))).toMatchObject({ code: 'ERR_DOES_NOT_EXIST' })
    expect(await outcome(net, other.b.call(2, 'x'))).toMatchObject({ code: 'ERR_UNAUTHORIZED' })
    expect(await outcome(net, other.c.call(2))).toMatchObject({ code: 'ERR_INVALID_PARAMETER' })
    expect(b.port.violations).toEqual(['1 unknown-method', '1 not-permitted', '1 bad-arguments'])
  })

  test('rejects at once for wrong use', async () => {
    const { net, a, node, far } = pair()
    const wrong: [Promise<unknown>, string][] = [
      [node.add.call(3, 1), 'ERR_INVALID_PARAMETER'],
      [node.add.call(0, 1), 'ERR_INVALID_PARAMETER'],
      [node.add.call(-2, 1), 'ERR_INVALID_PARAMETER'],
      [node.add.call(1, 1), 'ERR_INVALID_PARAMETER'],
      [node.add.call({ peer: 2, timeout: -1 }, 1), 'ERR_INVALID_PARAMETER'],
      [node.add.call(2, 'x' as never), 'ERR_INVALID_PARAMETER'],
      [far.mine.call(1), 'ERR_UNAUTHORIZED'],
    ]
    for (const [promise, code] of wrong) expect(await outcome(net, promise)).toMatchObject({ code })
    expect(a.port.takeSent()).toEqual([])
    expect(net.clock.pending).toBe(0)
  })

  test('of oneself is carried out here, if the method is callLocal', async () => {
    const net = new RpcNet()
    const { endpoint } = net.add(1)
    const node = endpoint.node('/root/N', {
      add: rpc({ callLocal: true, args: [int, optional(int)], returns: int }, (a, b, { from }) => a + (b ?? 0) + from),
    })
    expect(await outcome(net, node.add.call(1, 5))).toEqual({ value: 6 })
  })
})

describe('waiting for an answer', () => {
  test('ends after a time', async () => {
    const { net, a, node } = pair()
    const [short, long] = [node.forever.call({ peer: 2, timeout: 50 }), node.forever.call(2)]
    const ended: string[] = []
    short.catch((error: unknown) => ended.push(`short ${(error as MultiplayerError).code} ${net.clock.now()}`))
    long.catch((error: unknown) => ended.push(`long ${(error as MultiplayerError).code} ${net.clock.now()}`))
    await net.settle()
    await net.clock.run(20_000)
    expect(ended).toEqual(['short ERR_TIMEOUT 50', 'long ERR_TIMEOUT 10000'])
    expect(a.endpoint.stats().pendingCalls).toBe(0)
  })

  test('of 0 ms ends at once, and leaves nothing', async () => {
    const { net, a, node } = pair()
    const call = outcome(net, node.forever.call({ peer: 2, timeout: 0 }))
    expect(await call).toMatchObject({ code: 'ERR_TIMEOUT' })
    expect([a.endpoint.stats().pendingCalls, net.clock.pending]).toEqual([0, 0])
  })

  test('ends when its signal aborts, and an answer after that is only counted', async () => {
    const { net, a, node } = pair()
    const controller = new AbortController()
    const call = outcome(net, node.add.call({ peer: 2, signal: controller.signal }, 1))
    controller.abort('enough')
    expect(await call).toEqual({ error: 'enough' })
    expect(await outcome(net, node.add.call({ peer: 2, signal: controller.signal }, 1))).toEqual({ error: 'enough' })
    await net.settle()
    expect(a.endpoint.stats()).toMatchObject({ lateAnswers: 1, pendingCalls: 0 })
    expect(net.clock.pending).toBe(0)
    expect(a.port.violations).toEqual([])
  })

  test.each([
    ['the peer is lost', (world: ReturnType<typeof pair>) => world.net.disconnect(1, 2)],
    ['the session is over', (world: ReturnType<typeof pair>) => world.a.endpoint.clear()],
    ['the endpoint is closed', (world: ReturnType<typeof pair>) => world.a.endpoint.close()],
  ])('ends when %s', async (_, end) => {
    const world = pair()
    const { net, a, node } = world
    const call = outcome(net, node.forever.call(2))
    await net.settle()
    end(world)
    expect(await call).toMatchObject({ code: 'ERR_CONNECTION_ERROR' })
    expect(a.endpoint.stats().pendingCalls).toBe(0)
    expect(net.clock.pending).toBe(0)
  })

  test('ends if the call could not be sent', async () => {
    const { net, a, node } = pair()
    a.port.send = () => {
      throw new MultiplayerError('ERR_OUT_OF_MEMORY', 'full')
    }
    expect(await outcome(net, node.add.call(2, 1))).toMatchObject({ code: 'ERR_OUT_OF_MEMORY' })
    expect([a.endpoint.stats().pendingCalls, net.clock.pending]).toEqual([0, 0])
  })

  test('is bounded per peer, for the caller and for the one who is called', async () => {
    const { net, b, node } = pair({ pendingCalls: 3, unansweredCalls: 2 })
    const calls = Array.from({ length: 4 }, () => outcome(net, node.forever.call({ peer: 2, timeout: 100 })))
    expect(await calls[3]).toMatchObject({
      code: 'ERR_OUT_OF_MEMORY',
      message: expect.stringContaining('3 calls wait'),
    })
    await net.settle()
    expect(await calls[2]).toMatchObject({ code: 'ERR_OUT_OF_MEMORY', message: expect.stringContaining('unanswered') })
    expect(b.port.violations).toEqual(['1 too-many-calls'])
    await net.clock.run(100)
    expect(await calls[0]).toMatchObject({ code: 'ERR_TIMEOUT' })
    expect(await outcome(net, node.nothing.call({ peer: 2, timeout: 100 }))).toMatchObject({
      code: 'ERR_OUT_OF_MEMORY',
    })
  })

  test('is over for the one who is called once it has answered', async () => {
    const { net, b, node } = pair({ unansweredCalls: 1 })
    for (let i = 0; i < 3; i++) expect(await outcome(net, node.add.call(2, i))).toEqual({ value: i + 1 })
    expect(b.port.violations).toEqual([])
  })

  test('takes no answer of another peer, nor one that was for somebody before it with its id', async () => {
    const net = new RpcNet()
    const [a, b] = [net.add(1), net.add(2)]
    net.add(3)
    net.connectAll()
    let answer = (_: number): void => undefined
    const methods = { ask: rpc({ ...ANY, returns: int }, () => new Promise<number>((resolve) => (answer = resolve))) }
    const [node] = [1, 2, 3].map((id) => net.peer(id).endpoint.node('/root/N', methods))
    if (node === undefined) throw new Error('no node')
    const call = outcome(net, node.ask.call(2))
    await net.settle()
    // Call 1 is answered by peer 3: with 9.
    net.inject(1, 3, fromHex('4000ffff030201810209'))
    expect(a.endpoint.stats()).toMatchObject({ lateAnswers: 1, pendingCalls: 1 })
    // Peer 1 leaves and another one takes its id before the handler answers.
    b.port.takeSent()
    b.port.disconnect(1)
    b.port.connect(1)
    answer(5)
    await net.settle()
    expect(b.port.takeSent()).toEqual([])
    await net.clock.run(10_000)
    expect(await call).toMatchObject({ code: 'ERR_TIMEOUT' })
  })

  test('rejects an answer that is not of the type', async () => {
    const net = new RpcNet()
    const [a, b] = [net.add(1), net.add(2)]
    net.connectAll()
    const node = a.endpoint.node('/root/N', { m: rpc({ ...ANY, returns: int }) })
    b.endpoint.node('/root/N', { m: rpc({ ...ANY, returns: string }, () => 'text') })
    expect(await outcome(net, node.m.call(2))).toMatchObject({ code: 'ERR_INVALID_DATA' })
    expect(a.port.violations).toEqual(['2 bad-answer'])
  })
})
