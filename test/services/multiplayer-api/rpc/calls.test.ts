import { describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../../../src/machines/mesh-types.ts'
import {
  arrayOf,
  bool,
  float,
  int,
  nullable,
  optional,
  packedByteArray,
  rpc,
  string,
  struct,
  variant,
  vector2,
} from '../../../../src/services/multiplayer-api/rpc/index.ts'
import { Vector2 } from '../../../../src/variant.ts'
import { RpcNet } from './rpc-net.ts'

const ANY = { permission: 'any-peer' } as const
const REFUSED = expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' })

/** Two peers that know each other. */
function pair(): RpcNet {
  const net = new RpcNet()
  for (const id of [1, 2]) net.add(id)
  net.connectAll()
  return net
}

describe('types', () => {
  test('of arguments, contexts and results are those of the declaration', async () => {
    const net = pair()
    const seen: unknown[] = []
    const methods = {
      move: rpc({ ...ANY, args: [vector2, float] }, (position, speed, context) => {
        // Both are only there if the types are known.
        seen.push(position.x + speed, context.from.toFixed())
      }),
      hit: rpc({ ...ANY, args: [int, optional(string)], returns: struct({ left: int }) }, (by, how) => ({
        left: by - (how?.length ?? 0),
      })),
      list: rpc({ ...ANY, args: [arrayOf(nullable(int))], returns: bool }),
    }
    const [a] = [1, 2].map((id) => net.peer(id).endpoint.node('/root/N', methods))
    if (a === undefined) throw new Error('no node')
    a.move.to(2)(new Vector2(1, 2), 0.5)
    const asked = a.hit.call(2, 5, 'abc')
    await net.settle()
    const { left } = await asked
    expect([...seen, left.toFixed()]).toEqual([1.5, '1', '2'])

    const neverCalled = (): void => {
      // @ts-expect-error: an argument is missing
      a.move(new Vector2())
      // @ts-expect-error: too many arguments
      a.move(new Vector2(), 1, 2)
      // @ts-expect-error: an argument of another type
      a.move.to(2)(new Vector2(), 'fast')
      // @ts-expect-error: no such method
      void a.jump
      // @ts-expect-error: the first one is not optional
      void a.hit.call(2)
      // @ts-expect-error: null is allowed, undefined is not
      a.list([1, undefined])
      // @ts-expect-error: the result is boolean
      void a.list.call(2, [null]).then((result: string) => result)
      // @ts-expect-error: the handler must answer with a struct
      rpc({ returns: struct({ left: int }) }, () => 5)
      // @ts-expect-error: a parameter is of another type
      rpc({ args: [int] }, (by: string) => by)
      // @ts-expect-error: what may be left out may be undefined
      rpc({ args: [optional(string)] }, (how) => how.length)
      // @ts-expect-error: it has no parameters
      rpc({ args: [] }, (by: string) => by)
    }
    expect(neverCalled).toBeInstanceOf(Function)
  })
})

describe('arguments', () => {
  const refused: [string, unknown[], string][] = [
    ['too few', [1], 'takes (int, String, float), not 1 arguments'],
    ['too many', [1, 'a', 2, 3], 'takes (int, String, float), not 4 arguments'],
    ['one of another type', ['a', 'b'], 'Argument 1 of /root/N:m must be int'],
    ['a missing one in the middle', [1, undefined, 2], 'Argument 2 of /root/N:m must be String'],
    ['another type for an optional one', [1, 'a', 'b'], 'Argument 3 of /root/N:m must be float'],
  ]

  test.each(refused)('%s throw and nothing is sent', (_, args, message) => {
    const net = pair()
    const node = net.peer(1).endpoint.node('/root/N', { m: rpc({ ...ANY, args: [int, string, optional(float)] }) })
    const call = node.m as unknown as (...args: unknown[]) => void
    expect(() => {
      call(...args)
    }).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER', message: expect.stringContaining(message) }))
    expect(net.peer(1).port.takeSent()).toEqual([])
  })

  test('that are optional may be left out, and are undefined then', async () => {
    const net = pair()
    const got: unknown[][] = []
    const methods = {
      m: rpc({ ...ANY, callLocal: true, args: [int, optional(string), optional(float)] }, (...all) => got.push(all)),
    }
    const [a] = [1, 2].map((id) => net.peer(id).endpoint.node('/root/N', methods))
    a?.m(1)
    a?.m(2, undefined, undefined)
    a?.m(3, 'x', 4)
    await net.settle()
    const context = (from: number): unknown => ({ from, path: '/root/N', isAwaited: false })
    expect(got).toEqual([
      [1, undefined, undefined, context(1)],
      [2, undefined, undefined, context(1)],
      [3, 'x', 4, context(1)],
      [1, undefined, undefined, context(1)],
      [2, undefined, undefined, context(1)],
      [3, 'x', 4, context(1)],
    ])
  })

  test('that Godot cannot send throw before anything is sent', () => {
    const net = pair()
    const node = net.peer(1).endpoint.node('/root/N', { m: rpc({ ...ANY, args: [variant] }) })
    expect(() => node.m(new Date() as never)).toThrow(REFUSED)
    expect(() => node.m(undefined as never)).toThrow(REFUSED)
    expect(net.peer(1).port.takeSent()).toEqual([])
  })

  test('a single PackedByteArray is understood in all of its forms', async () => {
    const net = pair()
    const got: number[][] = []
    const methods = { m: rpc({ ...ANY, args: [packedByteArray] }, (bytes) => got.push([...bytes])) }
    const [a] = [1, 2].map((id) => net.peer(id).endpoint.node('/root/N', methods))
    a?.m(Uint8Array.of(1, 2))
    a?.m(new Uint8Array())
    await net.settle()
    // As Godot sends an empty one.
    net.inject(2, 1, Uint8Array.of(0x80, 1, 0))
    expect(got).toEqual([[1, 2], [], []])
    expect(net.peer(2).port.violations).toEqual([])
  })
})

describe('calls', () => {
  test('of peers that are not there, or before a start, throw', () => {
    const net = pair()
    const node = net.peer(1).endpoint.node('/root/N', { m: rpc(ANY) })
    for (const target of [3, 1, NaN, 1.5, 2 ** 31, -(2 ** 31)]) expect(() => node.m.to(target)()).toThrow(REFUSED)
    net.peer(1).port.connectionStatus = ConnectionStatus.CONNECTING
    expect(() => node.m()).toThrow(expect.objectContaining({ code: 'ERR_CONNECTION_ERROR' }))
    net.peer(1).port.uniqueId = 0
    expect(() => node.m()).toThrow(expect.objectContaining({ code: 'ERR_UNCONFIGURED' }))
    expect(net.peer(1).port.takeSent()).toEqual([])
  })

  test('for everyone reach the others even if sending to one of them fails', async () => {
    const net = new RpcNet()
    const got: number[] = []
    const nodes = [1, 2, 3, 4].map((id) =>
      net.add(id).endpoint.node('/root/N', { m: rpc({ ...ANY, callLocal: true }, () => got.push(id)) }),
    )
    net.connectAll()
    const { port } = net.peer(1)
    const { send } = port
    port.send = (packet, options) => {
      if (options.to === 3) throw new Error('full')
      send.call(port, packet, options)
    }
    expect(() => nodes[0]?.m()).toThrow('full')
    await net.settle()
    expect(got).toEqual([2, 4])
  })

  test('have the sender id while their handler runs, also one within another', async () => {
    const net = pair()
    const seen: number[] = []
    const { endpoint } = net.peer(2)
    const node = endpoint.node('/root/N', {
      outer: rpc(ANY, () => {
        seen.push(endpoint.remoteSenderId)
        node.inner.to(2)()
        seen.push(endpoint.remoteSenderId)
        throw new Error('handler')
      }),
      inner: rpc({ ...ANY, callLocal: true }, () => void seen.push(endpoint.remoteSenderId)),
    })
    const caller = net.peer(1).endpoint.node('/root/N', { outer: rpc(ANY), inner: rpc(ANY) })
    caller.outer.to(2)()
    await net.settle()
    expect([...seen, endpoint.remoteSenderId]).toEqual([1, 2, 1, 0])
  })

  test('whose handlers fail are told to the logger, and to nobody else', async () => {
    const net = pair()
    net.peer(2).endpoint.node('/root/N', {
      later: rpc(ANY, async () => {
        await Promise.resolve()
        throw new Error('later')
      }),
      now: rpc(ANY, () => {
        throw new Error('now')
      }),
    })
    const node = net.peer(1).endpoint.node('/root/N', { now: rpc(ANY), later: rpc(ANY) })
    node.now()
    node.later()
    await net.settle()
    expect(net.peer(2).log.lines).toEqual([
      'error The handler of /root/N:now has failed.',
      'error The handler of /root/N:later has failed.',
    ])
    expect(net.peer(2).port.violations).toEqual([])
  })

  test('are on calls$, without a handler too; it completes with the node', async () => {
    const net = pair()
    const heard: unknown[] = []
    const node = net.peer(2).endpoint.node('/root/N', { m: rpc({ ...ANY, args: [int] }) })
    const caller = net.peer(1).endpoint.node('/root/N', { m: rpc({ ...ANY, args: [int] }) })
    caller.m(1)
    await net.settle()
    node.m.calls$.subscribe({ next: (call) => heard.push(call), complete: () => heard.push('complete') })
    caller.m(2)
    await net.settle()
    node.$remove()
    expect(heard).toEqual([{ from: 1, args: [2] }, 'complete'])
    expect(net.peer(2).endpoint.stats()).toMatchObject({ handledCalls: 1, unhandledCalls: 1 })
  })
})

describe('nodes', () => {
  test('have one declaration at a time', () => {
    const { endpoint } = pair().peer(1)
    const node = endpoint.node('/root/N', { m: rpc() })
    expect(() => endpoint.node('N', {})).toThrow(expect.objectContaining({ code: 'ERR_ALREADY_IN_USE' }))
    node[Symbol.dispose]()
    node.$remove()
    expect(() => node.m()).toThrow(expect.objectContaining({ code: 'ERR_UNCONFIGURED' }))
    const again = endpoint.node('N', { m: rpc() })
    // Of the first one nothing is left that could remove the second.
    node.$remove()
    again.m()
    expect(() => endpoint.node('N', {})).toThrow(expect.objectContaining({ code: 'ERR_ALREADY_IN_USE' }))
  })

  test('may have methods with names that mean something in JavaScript', async () => {
    const net = pair()
    const got: string[] = []
    const methods = Object.fromEntries(
      ['constructor', '__proto__', 'toString', 'call', 'to'].map((name) => [name, rpc(ANY, () => got.push(name))]),
    )
    Object.defineProperty(methods, '__proto__', { value: rpc(ANY, () => got.push('__proto__')), enumerable: true })
    const [a] = [1, 2].map((id) => net.peer(id).endpoint.node('/root/N', methods))
    for (const name of Object.keys(methods)) (a as unknown as Record<string, () => void>)[name]?.()
    await net.settle()
    expect(got.sort()).toEqual(Object.keys(methods).sort())
    expect(got).toHaveLength(5)
  })

  test('are all gone after close, and with them every listener', () => {
    const net = pair()
    const { endpoint, port } = net.peer(1)
    const node = endpoint.node('/root/N', { m: rpc(ANY) })
    let isComplete = false
    node.m.calls$.subscribe({ complete: () => (isComplete = true) })
    endpoint.close()
    endpoint.close()
    expect([isComplete, port.peerConnected$.observed, port.peerDisconnected$.observed]).toEqual([true, false, false])
    expect(() => node.m()).toThrow(expect.objectContaining({ code: 'ERR_UNCONFIGURED' }))
    expect(() => endpoint.node('/root/M', {})).toThrow(expect.objectContaining({ code: 'ERR_UNAVAILABLE' }))
    expect(net.clock.pending).toBe(0)
  })
})
