import { describe, expect, test } from '@jest/globals'
import {
  DEFAULT_LOBBY_LIMITS,
  type LobbyLimits,
  resolveLobbyLimits,
} from '../../../../src/services/lobby/server/limits.ts'
import { CoreWorld } from './support/core-world.ts'
import { ExtendedClient } from './support/extended-client.ts'

const JOIN = '{"type":0,"id":0,"data":""}'

describe('limits', () => {
  test('have defaults, of which each can be changed alone', () => {
    expect(resolveLobbyLimits()).toEqual(DEFAULT_LOBBY_LIMITS)
    expect(resolveLobbyLimits({ members: 8 })).toEqual({ ...DEFAULT_LOBBY_LIMITS, members: 8 })
  })

  test.each(Object.keys(DEFAULT_LOBBY_LIMITS) as (keyof LobbyLimits)[])(
    '%s must be a whole number in its range',
    (name) => {
      for (const value of [-1, 1.5, NaN, Infinity, 2 ** 31, '5' as unknown as number]) {
        expect(() => resolveLobbyLimits({ [name]: value })).toThrow(`limits.${name} must be a whole number`)
      }
    },
  )
})

describe('sockets', () => {
  test('that have not joined are limited: plain ones get 1013, extended ones an ERROR; who joins makes room', async () => {
    const world = await CoreWorld.open({ limits: { pendingSockets: 2 } })
    const first = world.connect('json')
    world.connect('json')
    const plain = world.connect('json')
    await world.pass()
    expect(plain.ended).toEqual({ code: 1013, reason: 'Try again later' })
    const extended = new ExtendedClient(world.connect('extended'))
    const error = expect.objectContaining({ code: 'too-many-pending', closing: true, retryAfter: 1000 }) as unknown
    expect(await extended.hear(1)).toEqual([['ERROR', 0, error]])
    first.send(JOIN)
    await world.pass()
    const next = world.connect('json')
    await world.pass()
    expect(next.ended).toBeNull()
    await world.close()
  })

  test('from one address are limited in number, and in how fast they come; other addresses are not concerned', async () => {
    const world = await CoreWorld.open({
      limits: { socketsPerAddress: 3, newSocketsPerMinute: 6, joinTimeout: 1_000_000 },
    })
    const busy = { address: '192.0.2.7' }
    const open = Array.from({ length: 3 }, () => world.connect('json', busy))
    const fourth = world.connect('json', busy)
    await world.pass()
    expect(fourth.ended).toEqual({ code: 4000, reason: 'Too many peers connected' })
    for (const socket of open) socket.end()
    for (let times = 0; times < 3; times++) world.connect('json', busy).end()
    const seventh = new ExtendedClient(world.connect('extended', busy))
    await world.pass()
    const error = expect.objectContaining({ code: 'rate-limited', retryAfter: 10_000 }) as unknown
    expect(await seventh.hear(1)).toEqual([['ERROR', 0, error]])
    expect(world.core.admission('192.0.2.8')).toBeNull()
    await world.pass(10_000)
    const later = world.connect('json', busy)
    await world.pass()
    expect(later.ended).toBeNull()
    await world.close()
  })

  test('that are refused count neither for all nor for their address', async () => {
    const world = await CoreWorld.open({ limits: { sockets: 4, socketsPerAddress: 2, newSocketsPerMinute: 3 } })
    const busy = { address: '192.0.2.7', dialect: 'extended', identity: null } as const
    // A client that does not answer the close of its socket keeps it for a while.
    const closing = { send: () => undefined, close: () => undefined, bufferedAmount: 0 }
    const [first] = [world.connect('extended', busy), world.connect('extended', busy)]
    const refused = Array.from({ length: 64 }, () => {
      expect(world.core.canExplain).toBe(true)
      return world.core.accept(closing, busy)
    })
    expect([world.core.stats().sockets, world.core.canExplain]).toEqual([2, false])
    expect(world.core.admission('192.0.2.8')).toBeNull()
    for (const socket of refused) socket.closed(1006)
    expect(world.core.canExplain).toBe(true)
    first.end()
    expect(world.core.admission(busy.address)).toBeNull()
    await world.close()
  })

  test('count for their address from before it is decided whether they may come in', async () => {
    const world = await CoreWorld.open({ limits: { socketsPerAddress: 2, newSocketsPerMinute: 3 } })
    const address = '192.0.2.7'
    const client = { address, dialect: 'json', identity: null } as const
    const socket = { send: () => undefined, close: () => undefined, bufferedAmount: 0 }
    const [one, two] = [world.core.reserve(address), world.core.reserve(address)]
    if (typeof one !== 'function' || typeof two !== 'function') throw new Error('there is room for both')
    expect(world.core.reserve(address)).toMatchObject({ code: 'too-many-sockets' })
    const handler = world.core.accept(socket, client, one)
    expect(world.core.stats().sockets).toBe(1)
    two()
    two()
    const third = world.core.reserve(address)
    expect(third).toBeInstanceOf(Function)
    expect(world.core.reserve(address)).toMatchObject({ code: 'too-many-sockets' })
    handler.closed(1000)
    expect(world.core.reserve(address)).toMatchObject({ code: 'rate-limited' })
    await world.close()
  })

  test('whose client does not read are closed, and an extended one keeps its place', async () => {
    const world = await CoreWorld.open({ limits: { sendBuffer: 1000 } })
    const socket = world.connect('extended')
    socket.send(JOIN)
    await world.pass()
    const other = world.connect('json')
    const { data: lobby } = JSON.parse(socket.takeAll()[2] ?? '') as { data: string }
    socket.bufferedAmount = 1001
    other.send(JSON.stringify({ type: 0, id: 0, data: lobby }))
    await world.pass()
    expect(socket.ended).toEqual({ code: 4000, reason: 'Too slow' })
    expect(world.core.stats()).toMatchObject({ members: 2, lostMembers: 1 })
    await world.close()
  })

  test('may send bytes up to a rate', async () => {
    const world = await CoreWorld.open({ limits: { byteBurst: 10_000, byteRate: 1000 } })
    const socket = new ExtendedClient(world.connect('extended'))
    await socket.hear(1)
    for (let times = 0; times < 3; times++) socket.say('PING', 0, 'x'.repeat(3000))
    expect((await socket.hear(3)).every(([name]) => name === 'PONG')).toBe(true)
    await world.pass(3000)
    socket.say('PING', 0, 'x'.repeat(3000))
    await socket.hearOne('PONG')
    socket.say('PING', 0, 'x'.repeat(3000))
    const error = expect.objectContaining({ code: 'rate-limited', closing: true }) as unknown
    expect(await socket.hear(1)).toEqual([['ERROR', 0, error]])
    await world.close()
  })

  test('a heartbeat is anything that comes', async () => {
    const world = await CoreWorld.open({ limits: { heartbeat: 1000, extendedJoinTimeout: 100_000 } })
    const socket = world.connect('extended')
    for (let times = 0; times < 10; times++) {
      await world.pass(2900)
      socket.send('{"type":24,"id":0,"data":""}')
    }
    expect(socket.ended).toBeNull()
    await world.pass(3000)
    expect(socket.ended).toEqual({ code: 4000, reason: 'Heartbeat missed' })
    await world.close()
  })
})

test('to one that left more than ten seconds ago: Invalid destination', async () => {
  const world = await CoreWorld.open()
  const host = world.connect('json')
  host.send(JOIN)
  await world.pass()
  const { data: lobby } = JSON.parse(host.takeAll()[1] ?? '') as { data: string }
  const guest = world.connect('json')
  guest.send(JSON.stringify({ type: 0, id: 0, data: lobby }))
  await world.pass()
  const { id } = JSON.parse(guest.takeAll()[0] ?? '') as { id: number }
  guest.end()
  await world.pass(9_999)
  host.send(JSON.stringify({ type: 4, id, data: '' }))
  await world.pass()
  expect([host.ended, world.core.stats().drops]).toEqual([null, { 'receiver-left': 1 }])
  await world.pass(1)
  host.send(JSON.stringify({ type: 4, id, data: '' }))
  await world.pass()
  expect(host.ended).toEqual({ code: 4000, reason: 'Invalid destination' })
  await world.close()
})

describe('counters', () => {
  test('and the observer agree on what happened', async () => {
    const told: string[] = []
    const world = await CoreWorld.open({
      observer: {
        socketOpened: (dialect) => told.push(`opened ${dialect}`),
        socketClosed: (dialect, code) => told.push(`closed ${dialect} ${code}`),
        lobbyCreated: () => told.push('created'),
        memberJoined: (dialect) => told.push(`joined ${dialect}`),
        memberLeft: () => told.push('left'),
        memberResumed: (moved) => told.push(`resumed ${moved}`),
        signalRelayed: (type, milliseconds) => told.push(`signal ${type} ${milliseconds}`),
        refused: (code) => told.push(`refused ${code}`),
        dropped: (reason) => told.push(`dropped ${reason}`),
      },
    })
    const host = world.connect('json')
    host.send(JOIN)
    await world.pass()
    const { data: lobby } = JSON.parse(host.takeAll()[1] ?? '') as { data: string }
    const guest = new ExtendedClient(world.connect('extended'))
    guest.say('JOIN', 0, lobby)
    await world.pass()
    const { token } = (await guest.hear(5))[4]?.[2] as { token: string }
    guest.raw.end(1006)
    const again = new ExtendedClient(world.connect('extended'))
    again.say('RESUME', 0, token)
    again.say('OFFER', 1, 'x')
    again.say('OFFER', 77, 'x')
    await world.pass()
    host.end()
    host.send('after the end')
    await world.pass()
    expect(told).toEqual([
      ...['opened json', 'joined json', 'created', 'opened extended', 'joined extended', 'closed extended 1006'],
      ...['opened extended', 'resumed false', 'signal 4 0', 'refused invalid-destination'],
      ...['closed json 1000', 'left', 'left', 'refused host-left', 'closed extended 4000'],
    ])
    expect(world.core.stats()).toMatchObject({
      ...{ joins: 2, leaves: 2, resumes: 1, lobbiesCreated: 1, signals: 1 },
      ...{ refusals: { 'invalid-destination': 1, 'host-left': 1 }, closes: { 1000: 1, 1006: 1, 4000: 1 } },
    })
    await world.close()
  })

  test('an observer that throws disturbs nothing', async () => {
    const errors: string[] = []
    const nothing = (): void => undefined
    const world = await CoreWorld.open({
      observer: {
        memberJoined: () => {
          throw new Error('broken')
        },
      },
      logger: { debug: nothing, info: nothing, warn: nothing, error: (_details, message) => errors.push(message) },
    })
    const host = world.connect('json')
    host.send(JOIN)
    await world.pass()
    expect([host.rest.length, errors]).toEqual([2, ['the observer threw']])
    await world.close()
  })
})
