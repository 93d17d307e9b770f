import { afterEach, describe, expect, test } from '@jest/globals'
import type { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import { int, rpc } from '../../../src/services/multiplayer-api/rpc/index.ts'
import { toHex } from '../../protocol/variant/vectors.ts'
import { ApiWorld } from './support/api-world.ts'

// What remote calls do is tested in the folder rpc; here is how they hang together with peers, relay and sessions.

let world = new ApiWorld()
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

/** Declares a node that doubles numbers, or never answers. */
function declare(api: MultiplayerAPI, path = '/root/Doubler') {
  return api.node(path, {
    double: rpc({ permission: 'any-peer', args: [int], returns: int }, (value) => 2 * value),
    never: rpc({ permission: 'any-peer' }, () => new Promise<void>(() => undefined)),
    whoami: rpc({ permission: 'any-peer', returns: int }, () => api.remoteSenderId),
  })
}

async function outcome(promise: Promise<unknown>): Promise<unknown> {
  let result: unknown = 'nothing yet'
  void promise.then(
    (value) => (result = value),
    (error: unknown) => (result = (error as { code?: string }).code),
  )
  await world.run(500)
  return result
}

async function star(): Promise<ReturnType<typeof declare>[]> {
  world = await new ApiWorld().star(2, 3)
  return [1, 2, 3].map((id) => declare(world.api(id)))
}

describe('a remote call', () => {
  test.each([
    ['from a client to the server', 2, 1],
    ['from the server to a client', 1, 3],
    ['from a client to a client, through the server', 2, 3],
  ])('%s is answered, and knows its caller', async (_, from, to) => {
    const nodes = await star()
    const node = nodes[from - 1]
    expect(await outcome(node?.double.call(to, 21) ?? Promise.resolve())).toBe(42)
    expect(await outcome(node?.whoami.call(to) ?? Promise.resolve())).toBe(from)
    expect(world.api(to).remoteSenderId).toBe(0)
    expect(world.api(to).stats().rpc.handledCalls).toBe(2)
  })

  test('in the handler of peerConnected$ finds its peer known', async () => {
    world = new ApiWorld()
    for (const id of [1, 2]) world.add(id)
    const nodes = [1, 2].map((id) => declare(world.api(id)))
    const called: Promise<unknown>[] = []
    world.api(1).peerConnected$.subscribe((peer) => called.push(nodes[0]?.double.call(peer, 4) ?? Promise.resolve()))
    world.join(1, 2)
    await world.run(500)
    expect(await outcome(Promise.all(called))).toEqual([8])
  })
})

describe('calls that wait for an answer end', () => {
  test.each([
    ['when the peer is lost', () => world.member(3).mesh.removePeer(1)],
    ['when the server says that it is gone', () => world.api(1).disconnectPeer(3)],
    ['when the own session ends', () => void world.member(2).mesh.close()],
    ['when the API closes', () => world.api(2)[Symbol.dispose]()],
  ])('%s', async (_, happens) => {
    const nodes = await star()
    const waiting = nodes[1]?.never.call(3) ?? Promise.resolve()
    expect(await outcome(waiting)).toBe('nothing yet')
    happens()
    expect(await outcome(waiting)).toBe('ERR_CONNECTION_ERROR')
  })

  test('when this peer disconnects the other, though no signal tells of it', async () => {
    const nodes = await star()
    const waiting = nodes[0]?.never.call(3) ?? Promise.resolve()
    await world.run(100)
    world.api(1).disconnectPeer(3)
    expect(await outcome(waiting)).toBe('ERR_CONNECTION_ERROR')
    expect(world.heard(1)).toEqual([])
  })
})

test('a session that begins anew announces its nodes anew, from number 1 on, as Godot does', async () => {
  const nodes = await star()
  const other = declare(world.api(2), '/root/Other')
  declare(world.api(1), '/root/Other')
  const announced: string[] = []
  world.member(1).mesh.packets$.subscribe(({ peer, data }) => {
    if (peer === 2 && data[0] === 1) announced.push(toHex(data.subarray(34)))
  })
  nodes[1]?.double.to(1)(1)
  other.double.to(1)(1)
  await world.run(500)
  void world.member(2).mesh.close()
  await world.run(500)
  world.member(2).mesh.createClient(2)
  world.join(1, 2)
  await world.run(500)
  other.double.to(1)(1)
  await world.run(500)
  const path = (text: string) => toHex(new TextEncoder().encode(`${text}\0`))
  expect(announced).toEqual([`01000000${path('Doubler')}`, `02000000${path('Other')}`, `01000000${path('Other')}`])
})
