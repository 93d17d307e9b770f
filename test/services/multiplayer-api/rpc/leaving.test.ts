import { afterEach, describe, expect, test } from '@jest/globals'
import { MultiplayerAPI } from '../../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../../src/services/multiplayer-api/options.ts'
import { array, int, rpc, variant } from '../../../../src/services/multiplayer-api/rpc/index.ts'
import type { MultiplayerError } from '../../../../src/multiplayer-error.ts'
import type { Variant } from '../../../../src/variant.ts'
import { ApiWorld } from '../support/api-world.ts'

// Peers, nodes and APIs that go while something is done with them.

const ANY = { permission: 'any-peer' } as const

let world = new ApiWorld()
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

/** A server with these options, and client 2, which calls `m` of a node that the server does not have. */
async function callerOfUnknownNode(options: (api: () => MultiplayerAPI) => MultiplayerAPIOptions) {
  world = new ApiWorld()
  world.add(
    1,
    options(() => world.api(1)),
  )
  world.add(2)
  world.join(1, 2)
  await world.run(500)
  return world.api(2).node('/root/N', { m: rpc({ ...ANY, args: [int], returns: int }) })
}

describe('unknownNode, which is asked for a node that is called', () => {
  test.each<[what: string, goes: (api: MultiplayerAPI) => unknown, ends: string]>([
    ['disconnects the caller', (api) => api.disconnectPeer(2), 'ERR_CONNECTION_ERROR'],
    ['takes the peer away', (api) => (api.multiplayerPeer = null), 'ERR_TIMEOUT'],
    ['closes the API', (api) => void api.close(), 'ERR_CONNECTION_ERROR'],
  ])('%s: the call is not carried out', async (_, goes, ends) => {
    const got: unknown[] = []
    let asked = 0
    const node = await callerOfUnknownNode((api) => ({
      unknownNode: (path) => {
        // First it is announced, then called.
        if (++asked < 2) return
        api().node(path, { m: rpc({ ...ANY, args: [int], returns: int }, (value) => got.push(value)) })
        goes(api())
      },
    }))
    const waiting = node.m.call(1, 6).catch((error: unknown) => (error as MultiplayerError).code)
    await world.run(20_000)
    expect([got, asked, await waiting]).toEqual([[], 2, ends])
  })
})

describe('a handler', () => {
  test.each<[what: string, goes: (api: MultiplayerAPI) => unknown]>([
    ['disconnects the caller', (api) => api.disconnectPeer(2)],
    ['takes the peer away', (api) => (api.multiplayerPeer = null)],
    ['closes the API', (api) => void api.close()],
    ['disposes of the API', (api) => api[Symbol.dispose]()],
  ])('%s: nothing is answered, and nothing fails', async (_, goes) => {
    world = await new ApiWorld().star(2)
    const seen: number[] = []
    const api = world.api(1)
    api.node('/root/N', {
      m: rpc({ ...ANY, returns: int }, () => {
        goes(api)
        seen.push(api.remoteSenderId)
        return 5
      }),
    })
    const node = world.api(2).node('/root/N', { m: rpc({ ...ANY, returns: int }) })
    const asked = node.m.call(1)
    const ended = asked.catch((error: unknown) => (error as MultiplayerError).code)
    await world.run(20_000)
    expect(seen).toEqual([2])
    expect(['ERR_CONNECTION_ERROR', 'ERR_TIMEOUT']).toContain(await ended)
    expect([api.remoteSenderId, world.api(2).stats().rpc.pendingCalls]).toEqual([0, 0])
  })

  test('removes its node: the answer comes, and the next call finds none', async () => {
    world = await new ApiWorld().star(2)
    const node = world.api(1).node('/root/N', {
      m: rpc({ ...ANY, returns: int }, () => {
        node.$remove()
        return 5
      }),
    })
    const far = world.api(2).node('/root/N', { m: rpc({ ...ANY, returns: int }) })
    const asked = Promise.allSettled([far.m.call(1), far.m.call(1)])
    await world.run(500)
    expect(await asked).toMatchObject([{ value: 5 }, { reason: { code: 'ERR_DOES_NOT_EXIST' } }])
  })
})

describe('a node that is removed while its calls wait', () => {
  test('at the caller: answers are still heard', async () => {
    world = await new ApiWorld().star(2)
    const methods = { m: rpc({ ...ANY, args: [int], returns: int }, (value) => value * 2) }
    world.api(1).node('/root/N', methods)
    const node = world.api(2).node('/root/N', methods)
    const asked = node.m.call(1, 4)
    node.$remove()
    await world.run(500)
    expect(await asked).toBe(8)
  })
})

describe('an answer that cannot be sent', () => {
  test.each<[what: string, value: unknown]>([
    ['is nothing that Godot has', new Date(0)],
    ['holds something that Godot has not', [[new Date(0)]]],
    ['is larger than a packet', new Uint8Array(300_000)],
  ])('as it %s, is told to the caller, who need not wait', async (_, value) => {
    const lines: string[] = []
    const logger = { warn: (line: string) => lines.push(line), error: (line: string) => lines.push(line) }
    world = new ApiWorld()
    world.add(1, { logger })
    world.add(2)
    world.join(1, 2)
    await world.run(500)
    const answer = (): Variant => value as Variant
    world.api(1).node('/root/N', {
      m: rpc({ ...ANY, returns: variant }, answer),
      n: rpc({ ...ANY, returns: array }, () => [value as Variant]),
    })
    const node = world
      .api(2)
      .node('/root/N', { m: rpc({ ...ANY, returns: variant }), n: rpc({ ...ANY, returns: array }) })
    const asked = Promise.allSettled([node.m.call(1), node.n.call(1)])
    await world.run(500)
    const failed = { reason: { code: 'FAILED' } }
    expect(world.api(2).stats().rpc.pendingCalls).toBe(0)
    expect(await asked).toMatchObject([failed, failed])
    expect(lines).toEqual([expect.stringContaining('A call of peer 2 could not be answered')])
  })
})
