import { describe, expect, test } from '@jest/globals'
import { VirtualClock } from '../../../../src/transport/simulated/virtual-clock.ts'
import type { LobbyLimits } from '../../../../src/services/lobby/server/limits.ts'
import { type CoreClient, CoreWorld } from './support/core-world.ts'
import { ExtendedClient } from './support/extended-client.ts'
import { SlowBroker } from './support/slow-broker.ts'

const LATENCY = 50
const JOIN = '{"type":0,"id":0,"data":""}'

const join = (lobby: string): string => JSON.stringify({ type: 0, id: 0, data: lobby })

/** Servers whose broker is 50 ms away. */
async function open(
  limits: Partial<LobbyLimits> = {},
  { servers = 1, generateId }: { servers?: number; generateId?: () => number } = {},
): Promise<{ world: CoreWorld; broker: SlowBroker }> {
  const clock = new VirtualClock()
  const broker = new SlowBroker(clock, () => LATENCY)
  const world = await CoreWorld.open({ broker, limits, ...(generateId && { generateId }) }, servers, clock)
  return { world, broker }
}

/** Creates a lobby, and takes what the host hears. */
async function host(world: CoreWorld, server = 0): Promise<{ socket: CoreClient; lobby: string }> {
  const socket = world.connect('json', {}, server)
  socket.send(JOIN)
  await world.pass(2 * LATENCY)
  const { data } = JSON.parse(socket.takeAll()[1] ?? '') as { data: string }
  return { socket, lobby: data }
}

/** Joins, and takes what it hears. */
async function guest(world: CoreWorld, lobby: string, server = 0): Promise<{ socket: CoreClient; id: number }> {
  const socket = world.connect('json', {}, server)
  socket.send(join(lobby))
  await world.pass(2 * LATENCY)
  const { id } = JSON.parse(socket.takeAll()[0] ?? '') as { id: number }
  return { socket, id }
}

describe('while a join is under way', () => {
  test('what comes after it waits, and is handled in order', async () => {
    const { world } = await open()
    const socket = world.connect('json')
    socket.send(JOIN)
    socket.send('{"type":7,"id":0,"data":""}')
    expect(socket.rest).toEqual([])
    await world.pass(4 * LATENCY)
    expect(socket.takeAll().map((text) => (JSON.parse(text) as { type: number }).type)).toEqual([1, 0, 7])
  })

  test('and its socket closes, the member leaves again', async () => {
    const { world } = await open()
    const { socket, lobby } = await host(world)
    const late = world.connect('json')
    late.send(join(lobby))
    await world.pass(LATENCY)
    late.end(1006)
    await world.pass(4 * LATENCY)
    expect(socket.takeAll().map((text) => (JSON.parse(text) as { type: number }).type)).toEqual([2, 3])
    expect(world.core.stats()).toMatchObject({ members: 1, lobbies: 1, sockets: 1 })
    expect((await guest(world, lobby)).id).toBeGreaterThan(1)
  })

  test('and its socket closes, a lobby that it was creating is gone', async () => {
    const { world } = await open({ lobbies: 1 })
    const socket = world.connect('json')
    socket.send(JOIN)
    socket.end()
    await world.pass(10 * LATENCY)
    expect(world.core.stats()).toMatchObject({ members: 0, lobbies: 0, sockets: 0 })
    await host(world)
  })

  test('the time to join does not run out', async () => {
    const { world } = await open({ joinTimeout: LATENCY })
    const { socket } = await host(world)
    await world.pass(1000)
    expect(socket.ended).toBeNull()
    const idle = world.connect('json')
    idle.send(join('nobodyMadeThis16'))
    await world.pass(3 * LATENCY)
    expect(idle.ended).toEqual({ code: 4000, reason: 'Lobby does not exists' })
  })

  test('a signal to the joiner comes after its ID, PEER_CONNECT and JOIN', async () => {
    const { world } = await open({}, { servers: 2 })
    const { socket, lobby } = await host(world)
    const joiner = world.connect('json', {}, 1)
    joiner.send(join(lobby))
    await world.pass(2 * LATENCY)
    const { id } = JSON.parse(socket.takeAll()[0] ?? '') as { id: number }
    socket.send(JSON.stringify({ type: 4, id, data: 'early' }))
    await world.pass(2 * LATENCY)
    expect(joiner.takeAll().map((text) => (JSON.parse(text) as { type: number }).type)).toEqual([1, 2, 0, 4])
  })

  test('more messages than may wait: Too many messages', async () => {
    const { world } = await open({ waitingMessages: 3 })
    const socket = world.connect('json')
    for (let times = 0; times < 5; times++) socket.send(JOIN)
    expect(socket.ended).toBeNull()
    await world.pass()
    expect(socket.ended).toEqual({ code: 4000, reason: 'Too many messages' })
    await world.pass(1000)
    expect(world.core.stats()).toMatchObject({ members: 0, lobbies: 0, sockets: 0 })
  })
})

test('an id that a member has already is not given again', async () => {
  const ids = [5, 5, 5, 6]
  const { world } = await open({}, { servers: 2, generateId: () => ids.shift() ?? 7 })
  const { lobby } = await host(world)
  const one = world.connect('json', {}, 0)
  const two = world.connect('json', {}, 1)
  // Neither server knows of the other's choice when it makes its own.
  for (const socket of [one, two]) socket.send(join(lobby))
  await world.pass(10 * LATENCY)
  const given = [one, two].map((socket) => (JSON.parse(socket.takeAll()[0] ?? '') as { id: number }).id)
  expect(given.sort()).toEqual([5, 6])
})

describe('while the broker cannot be reached', () => {
  test('joining: plain clients are closed with 1013, extended ones are told when to try again', async () => {
    const { world, broker } = await open()
    const { lobby } = await host(world)
    broker.setAvailable(false)
    const plain = world.connect('json')
    plain.send(join(lobby))
    const extended = new ExtendedClient(world.connect('extended'))
    const unavailable = expect.objectContaining({ code: 'unavailable', closing: false, retryAfter: 2000 }) as unknown
    await extended.hearOne('WELCOME')
    for (const [name, data] of [
      ['JOIN', lobby],
      ['CREATE', { mode: 'mesh' }],
      ['LIST', ''],
      ['RESUME', `${'x'.repeat(22)}.5.hall`],
    ] as const) {
      extended.say(name, 0, data)
      await world.pass()
      expect(await extended.hear(1)).toEqual([['ERROR', 0, unavailable]])
    }
    expect(plain.ended).toEqual({ code: 1013, reason: 'Try again later' })
    expect(world.core.stats().isBrokerAvailable).toBe(false)
    broker.setAvailable(true)
    extended.say('JOIN', 0, lobby)
    await world.pass(2 * LATENCY)
    expect((await extended.hear(1))[0]?.[0]).toBe('ID')
  })

  test('members of one server go on signaling each other, and one of them can come back', async () => {
    const { world, broker } = await open()
    const { socket, lobby } = await host(world)
    const client = new ExtendedClient(world.connect('extended'))
    client.say('JOIN', 0, lobby)
    await world.pass(2 * LATENCY)
    const heard = await client.hear(5)
    const id = heard[1]?.[1] ?? 0
    const { token } = heard[4]?.[2] as { token: string }
    broker.setAvailable(false)
    client.say('OFFER', 1, 'x')
    await world.pass()
    expect(socket.takeAll().at(-1)).toBe(`{"type":4,"id":${id},"data":"x"}`)
    client.raw.end(1006)
    const again = new ExtendedClient(world.connect('extended'))
    again.say('RESUME', 0, token)
    await world.pass()
    expect((await again.hear(2))[1]?.[0]).toBe('RESUME')
  })
})

describe.each([
  ['is still open', false],
  ['was lost meanwhile', true],
])('a member that comes back twice, while the first RESUME is under way and its socket %s', (_state, isLost) => {
  test.each([1, 2])('is taken up with the second, from server %i', async (server) => {
    const { world } = await open({}, { servers: 3 })
    const { socket, lobby } = await host(world)
    const client = new ExtendedClient(world.connect('extended'))
    client.say('JOIN', 0, lobby)
    await world.pass(2 * LATENCY)
    const heard = await client.hear(5)
    const { token } = heard[4]?.[2] as { token: string }
    client.raw.end(1006)
    const [first, second] = [world.connect('extended', {}, server), world.connect('extended', {}, server)]
    const [one, two] = [new ExtendedClient(first), new ExtendedClient(second)]
    one.say('RESUME', 0, token)
    await world.pass(LATENCY / 2)
    if (isLost) first.end(1006)
    two.say('RESUME', 0, token)
    await world.pass(10 * LATENCY)
    expect((await two.hear(2))[1]).toEqual(['RESUME', heard[1]?.[1], expect.objectContaining({ members: [1] })])
    expect(second.ended).toBeNull()
    if (!isLost) expect(first.ended).toEqual({ code: 4000, reason: 'Moved to another socket' })
    expect(socket.takeAll().map((text) => (JSON.parse(text) as { type: number }).type)).toEqual([2])
    expect(world.cores.map((core) => core.stats().members).reduce((sum, count) => sum + count)).toBe(2)
    expect(world.cores.map((core) => core.stats().lostMembers)).toEqual([0, 0, 0])
  })
})

test('a member that comes back while its old server is just giving its place up', async () => {
  const { world } = await open({ graceTime: 1000 }, { servers: 2 })
  const { socket, lobby } = await host(world)
  const client = new ExtendedClient(world.connect('extended'))
  client.say('JOIN', 0, lobby)
  await world.pass(2 * LATENCY)
  const { token } = (await client.hear(5))[4]?.[2] as { token: string }
  client.raw.end(1006)
  await world.pass(999)
  const again = new ExtendedClient(world.connect('extended', {}, 1))
  again.say('RESUME', 0, token)
  await world.pass(10 * LATENCY)
  // Both were on their way at once; the broker heard the leave later.
  expect((await again.hear(2))[1]?.[0]).toBe('RESUME')
  expect(socket.takeAll().map((text) => (JSON.parse(text) as { type: number }).type)).toEqual([2])
  expect(world.cores.map((core) => core.stats().members)).toEqual([1, 1])
})
