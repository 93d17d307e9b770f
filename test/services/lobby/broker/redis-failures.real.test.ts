import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { Redis } from 'ioredis'
import { redisBroker } from '../../../../src/services/lobby/broker/redis-broker.ts'
import { accepted, refusalOf, TestServer } from '../../../../src/testing/broker-acceptance/test-server.ts'
import { wait, waitFor } from '../../../support/real-time.ts'
import { HAS_REDIS } from '../../../support/redis-server.ts'
import type { News } from './children/broker-process.ts'
import { LEASE, order, RedisWorld, sessionsOf } from './support.ts'

const suite = HAS_REDIS ? describe : describe.skip

/** Milliseconds in which a server that died is to be given up: its lease, a sweep, and what a busy machine adds. */
const GIVEN_UP = LEASE + 2000

let world: RedisWorld
let sequence = 0

/** Sends a signal and waits until it is there. */
async function signalArrives(lobby: string, from: number, to: number): Promise<void> {
  const { server } = world.at(from - 1)
  const session = server.lobbies.get(lobby)?.members.get(from)?.session ?? ''
  const data = `signal ${++sequence}`
  server.node.signal({ lobby, from, session, stay: 1, sequence, to, type: 4, data })
  await waitFor(
    () =>
      world
        .at(to - 1)
        .server.signals$(lobby, to)
        .includes(data),
    `${data} arrives`,
  )
}

suite('connecting', () => {
  const clients: Redis[] = []

  afterEach(async () => {
    for (const client of clients.splice(0)) client.disconnect()
    await world.dispose()
  })

  test('fails where there is no Redis, or one that says nothing, and leaves nothing open', async () => {
    world = await RedisWorld.open()
    await world.redis.kill()
    const begun = performance.now()
    await expect(world.connect()).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    expect(performance.now() - begun).toBeLessThan(1000)
    await world.redis.restart()
    world.redis.freeze()
    await expect(world.connect({ commandTimeout: 300 })).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    world.redis.thaw()
    await world.connect()
    await waitFor(() => world.at(0).node.stats().servers === 1, 'it is the only one')
    expect(await world.at(0).node.isAlone?.()).toBe(true)
    await world.connect()
    expect(await world.at(0).node.isAlone?.()).toBe(false)
  })

  test('with a client of the application, whose settings are used and which is left alone', async () => {
    world = await RedisWorld.open()
    const client = new Redis({ port: world.redis.port, db: 3, keyPrefix: 'app:' })
    const plain = new Redis({ port: world.redis.port, db: 3 })
    clients.push(client, plain)
    const broker = redisBroker(client, { prefix: 'mine:' })
    const servers = [await TestServer.connect(broker), await TestServer.connect(broker)] as const
    accepted(await servers[0].create('castle'))
    expect(accepted(await servers[1].join('castle', 2)).members.size).toBe(2)
    expect(await plain.keys('*')).toContain('mine:lobby:castle')
    await Promise.all(servers.map(({ node }) => node.close()))
    // Only what counts on, and expires, is left.
    expect(await plain.keys('*')).toEqual(['mine:revision'])
    expect(await plain.pttl('mine:revision')).toBeGreaterThan(0)
    expect(client.status).toBe('ready')
  })
})

suite('a Redis that goes and comes', () => {
  beforeEach(async () => {
    world = await RedisWorld.open(3)
  })
  afterEach(async () => {
    const violations = world.violations()
    await world.dispose()
    expect(violations).toEqual([])
  })

  test('is killed and back after 2 s, empty: nobody is lost, nobody appears, signals flow', async () => {
    const before = await world.lobby('castle', 6, 'close')
    await world.at(0).server.setMetadata('castle', 1, 'described')
    await world.at(0).server.seal('castle', 1)
    await world.lobby('tower', 3)
    await world.at(0).server.leave('tower', 1)
    await world.redis.kill()
    await world.allAvailable(false)
    await wait(2000)
    await world.redis.restart()
    await world.allAvailable()
    await wait(3 * LEASE)
    for (const { server } of world.servers) {
      const castle = server.lobbies.get('castle')
      expect(sessionsOf(castle)).toEqual(sessionsOf(before))
      expect(castle).toMatchObject({ host: 1, sealed: true, metadata: 'described', onHostLeave: 'close' })
      expect(server.heard.filter((what) => what.startsWith('closed'))).toEqual([])
    }
    expect(world.at(1).server.lobbies.get('tower')?.host).toBe(2)
    await signalArrives('castle', 1, 2)
    await signalArrives('castle', 6, 1)
    expect(await world.at(0).node.countLobbies()).toBe(2)
    expect(refusalOf(await world.at(1).server.join('castle', 77))).toBe('lobby-sealed')
    expect(accepted(await world.at(1).server.join('tower', 77)).members.size).toBe(3)
  })

  test('at no moment does anybody seem to be gone, whichever server is back first', async () => {
    await world.lobby('castle', 6)
    const counts: number[] = []
    for (const { server } of world.servers) {
      const { changed } = server
      Object.assign(server, {
        changed: (lobby: Parameters<typeof changed>[0]) => {
          counts.push(lobby.members.size)
          changed.call(server, lobby)
        },
      })
    }
    for (const first of [0, 1, 2]) {
      for (const { gate } of world.servers) gate.cut()
      await world.redis.kill()
      await world.redis.restart()
      world.at(first).gate.mend()
      await waitFor(() => world.at(first).node.isAvailable, 'the first one is back')
      await wait(LEASE / 4)
      world.at(first + 1).gate.mend()
      world.at(first + 2).gate.mend()
      await world.allAvailable()
      await wait(2 * LEASE)
    }
    expect(new Set(counts)).toEqual(new Set([6]))
  })

  test('who leaves while it is away is gone when it is back', async () => {
    await world.lobby('castle', 6)
    await world.lobby('tower', 1)
    await world.redis.kill()
    await world.allAvailable(false)
    await world.at(1).server.leave('castle', 2)
    await world.at(0).server.leave('castle', 1)
    await world.at(0).server.leave('tower', 1)
    await world.redis.restart()
    await world.allAvailable()
    await waitFor(() => world.at(2).server.lobbies.get('castle')?.members.size === 4, 'two are gone')
    await wait(2 * LEASE)
    await world.agree('castle')
    expect(sessionsOf(world.known('castle')).map(([id]) => id)).toEqual([3, 4, 5, 6])
    expect(world.known('castle').host).toBe(3)
    expect(await world.at(0).node.countLobbies()).toBe(1)
  })

  test('while it is away operations are refused at once, and signals wait', async () => {
    await world.lobby('castle', 3)
    await world.redis.kill()
    await world.allAvailable(false)
    const { server, node } = world.at(0)
    const begun = performance.now()
    for (const operation of [
      () => server.create('tower'),
      () => server.join('castle', 9),
      () => server.resume('castle', 2),
      () => server.seal('castle', 1),
      () => server.setMetadata('castle', 1, 'x'),
      () => node.list(10),
      () => node.countLobbies(),
    ]) {
      await expect(operation()).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    }
    expect(performance.now() - begun).toBeLessThan(500)
    const signal = { lobby: 'castle', from: 1, session: 'session-castle-1', stay: 1, to: 2, type: 4 }
    for (let number = 0; number < 200; number++) node.signal({ ...signal, sequence: number, data: String(number) })
    await world.redis.restart()
    await world.allAvailable()
    const { server: receiver } = world.at(1)
    await waitFor(() => receiver.signals$('castle', 2).length === 200, 'all signals arrive')
    expect(receiver.signals$('castle', 2)).toEqual(Array.from({ length: 200 }, (_, number) => String(number)))
  })

  test('while its data are brought back, what is not there yet is not denied', async () => {
    await world.lobby('castle', 3)
    world.at(1).gate.cut()
    world.at(2).gate.cut()
    await world.at(0).server.leave('castle', 1)
    await world.redis.kill()
    await world.redis.restart()
    await waitFor(() => world.at(0).node.isAvailable, 'the first one is back')
    for (const operation of [
      () => world.at(0).server.join('castle', 9),
      () => world.at(0).server.create('castle'),
      () => world.at(0).server.resume('castle', 2),
    ]) {
      await expect(operation()).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    }
    world.at(1).gate.mend()
    world.at(2).gate.mend()
    await world.allAvailable()
    await waitFor(() => world.at(2).server.lobbies.get('castle')?.host === 2, 'who left is gone')
    await wait(2 * LEASE)
    accepted(await world.at(0).server.join('castle', 9))
    accepted(await world.at(0).server.create('tower'))
  })

  test('hangs for longer than a lease, then goes on: nobody is lost', async () => {
    const before = await world.lobby('castle', 6)
    world.redis.freeze()
    await world.allAvailable(false)
    await wait(2 * LEASE)
    world.redis.thaw()
    await world.allAvailable()
    await wait(3 * LEASE)
    await world.agree('castle')
    expect(sessionsOf(world.known('castle'))).toEqual(sessionsOf(before))
    await signalArrives('castle', 2, 3)
  })

  test('an operation that hangs with it counts for nothing', async () => {
    await world.lobby('castle', 3)
    world.redis.freeze()
    const joining = world.at(0).server.join('castle', 50)
    await expect(joining).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    world.redis.thaw()
    await world.allAvailable()
    await wait(2 * LEASE)
    expect(sessionsOf(world.known('castle')).map(([id]) => id)).toEqual([1, 2, 3])
    expect(accepted(await world.at(0).server.join('castle', 50)).members.size).toBe(4)
  })

  test('cuts all connections: nothing changes, and signals that were under way arrive once', async () => {
    const before = await world.lobby('castle', 6)
    const { node } = world.at(0)
    const signal = { lobby: 'castle', from: 1, session: 'session-castle-1', stay: 1, to: 2, type: 4 }
    for (let round = 0; round < 10; round++) {
      for (let number = 0; number < 100; number++) {
        const sequence = round * 100 + number
        node.signal({ ...signal, sequence, data: String(sequence) })
        if (number === 50) await world.redis.command('CLIENT KILL TYPE normal', ':')
      }
      await waitFor(() => node.isAvailable, 'it is back')
    }
    const { server: receiver } = world.at(1)
    await waitFor(() => receiver.signals$('castle', 2).at(-1) === '999', 'the last signal arrives')
    expect(receiver.signals$('castle', 2)).toEqual(Array.from({ length: 1000 }, (_, number) => String(number)))
    await world.agree('castle')
    expect(sessionsOf(world.known('castle'))).toEqual(sessionsOf(before))
    expect(node.stats()).toMatchObject({ lobbies: 1, servers: 3, droppedOutgoing: 0, droppedIncoming: 0 })
    expect(node.stats().restored).toBeGreaterThan(0)
  })

  test('with members who want to move while it breaks: they are where they were, or where they wanted to be', async () => {
    await world.lobby('castle', 3)
    for (let round = 0; round < 10; round++) {
      const { server, node, gate } = world.at(round)
      const moving = server.resume('castle', 3).then(
        () => undefined,
        () => undefined,
      )
      await wait(round % 3)
      gate.cut()
      await moving
      await waitFor(() => !node.isAvailable, 'it notices')
      gate.mend()
      await world.allAvailable()
      accepted(await server.resume('castle', 3))
    }
    await world.agree('castle')
    expect(sessionsOf(world.known('castle')).map(([id]) => id)).toEqual([1, 2, 3])
  })
})

suite('servers that die, or seem to', () => {
  beforeEach(async () => {
    world = await RedisWorld.open(2)
  })
  afterEach(async () => {
    const violations = world.violations()
    await world.dispose()
    expect(violations).toEqual([])
  })

  test('are given up within their lease; lobbies go on without their members, or end with their host', async () => {
    const child = await world.spawn()
    await order(child, { create: 'kept', onHostLeave: 'keep' })
    await order(child, { create: 'ended', onHostLeave: 'close' })
    for (const [index, { server }] of world.servers.entries()) {
      for (const name of ['kept', 'ended']) accepted(await server.join(name, 10 + index))
    }
    await world.joinInChild(child, 'kept', 50)
    const killed = performance.now()
    await child.kill()
    await waitFor(() => world.at(0).server.lobbies.get('kept')?.host === 10, 'another is host')
    await waitFor(() => !world.at(1).server.lobbies.has('ended'), 'the other lobby is closed')
    expect(performance.now() - killed).toBeLessThan(GIVEN_UP)
    await world.agree('kept')
    expect(sessionsOf(world.known('kept')).map(([id]) => id)).toEqual([10, 11])
    expect(world.at(0).server.heard.filter((what) => what.startsWith('closed'))).toEqual(['closed ended'])
  })

  test('that die while Redis is away are gone after it, and nobody else', async () => {
    const child = await world.spawn()
    await world.lobby('castle', 2)
    await world.joinInChild(child, 'castle', 50)
    await world.lobby('tower', 2)
    await order(child, { create: 'ended', onHostLeave: 'close' })
    accepted(await world.at(0).server.join('ended', 2))
    await world.redis.kill()
    await world.allAvailable(false)
    await child.kill()
    await wait(1000)
    await world.redis.restart()
    await world.allAvailable()
    const back = performance.now()
    await waitFor(() => world.known('castle').members.size === 2, 'its member is gone')
    await waitFor(() => !world.at(0).server.lobbies.has('ended'), 'the lobby of its host is closed')
    expect(performance.now() - back).toBeLessThan(GIVEN_UP)
    await world.agree('castle')
    expect(sessionsOf(world.known('castle')).map(([id]) => id)).toEqual([1, 2])
    await world.agree('tower')
    expect(sessionsOf(world.known('tower')).map(([id]) => id)).toEqual([1, 2])
  })

  test('that stand still for longer than their lease come back with new sessions, and know it', async () => {
    const child = await world.spawn()
    await world.lobby('castle', 2)
    await world.joinInChild(child, 'castle', 50)
    await order(child, { create: 'tower', onHostLeave: 'close' })
    child.signal('SIGSTOP')
    await waitFor(() => world.known('castle').members.size === 2, 'its member was given up')
    child.signal('SIGCONT')
    await waitFor(() => world.known('castle').members.has(50), 'its member is back')
    const session = world.known('castle').members.get(50)?.session ?? ''
    expect(session).not.toBe('session-castle-50')
    const told = (lobby: string): News | undefined =>
      child.news.findLast((news) => 'lobby' in news && news.lobby === lobby)
    await waitFor(() => JSON.stringify(told('castle')).includes(session), 'it knows the new session')
    await waitFor(() => !JSON.stringify(told('tower')).includes('session-tower-1'), 'a lobby of its own is back too')
    await wait(2 * LEASE)
    expect(world.known('castle').members.get(50)?.session).toBe(session)
    expect(child.news.filter((news) => 'closed' in news)).toEqual([])
    expect(await world.at(0).node.countLobbies()).toBe(2)
  })

  test('that are cut off for less than their lease are not missed', async () => {
    const before = await world.lobby('castle', 4)
    const { length } = world.at(1).server.heard
    world.at(0).gate.cut()
    await waitFor(() => !world.at(0).node.isAvailable, 'it is cut off')
    await wait(LEASE / 4)
    world.at(0).gate.mend()
    await world.allAvailable()
    await wait(2 * LEASE)
    expect(sessionsOf(world.known('castle'))).toEqual(sessionsOf(before))
    expect(world.at(1).server.heard.slice(length)).toEqual([])
  })

  test('that are cut off for longer come back with new sessions; lobbies that ended meanwhile end there too', async () => {
    await world.lobby('castle', 4)
    await world.lobby('ended', 2, 'close')
    await world.at(1).server.create('mine', { onHostLeave: 'close' })
    accepted(await world.at(0).server.join('mine', 2))
    const { gate, server } = world.at(1)
    gate.cut()
    await waitFor(() => world.known('castle').members.size === 2, 'its members were given up')
    await waitFor(() => !world.at(0).server.lobbies.has('mine'), 'the lobby of its host was closed')
    await world.at(0).server.leave('ended', 1)
    gate.mend()
    await waitFor(() => world.known('castle').members.size === 4, 'its members are back')
    await waitFor(() => !server.lobbies.has('ended'), 'it hears of the end')
    await world.agree('castle')
    const [, second, , fourth] = sessionsOf(server.lobbies.get('castle'))
    expect([second?.[1], fourth?.[1]]).not.toContain('session-castle-2')
    // Its own lobby it makes again; nobody else is in it.
    expect(server.lobbies.get('mine')?.members.size).toBe(1)
    expect(await world.at(0).node.countLobbies()).toBe(2)
    await server.leave('mine', 1, server.lobbies.get('mine')?.members.get(1)?.session)
    expect(await world.at(0).node.countLobbies()).toBe(1)
  })

  test('whose packets are swallowed notice, and operations end', async () => {
    await world.lobby('castle', 4)
    const { gate, node, server } = world.at(1)
    gate.mute()
    await expect(server.setMetadata('castle', 1, 'x')).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    await waitFor(() => !node.isAvailable, 'it notices')
    gate.cut()
    gate.mend()
    await waitFor(() => node.isAvailable, 'it is back')
    await waitFor(() => world.known('castle').members.size === 4, 'all are there')
  })

  test('whose name is taken by another lobby meanwhile do not come back into that', async () => {
    await world.lobby('castle', 2)
    const { gate, server } = world.at(1)
    gate.cut()
    await waitFor(() => world.known('castle').members.size === 1, 'its member was given up')
    await world.at(0).server.leave('castle', 1)
    accepted(await world.at(0).server.create('castle', { session: 'another', tokenHash: 'another' }))
    gate.mend()
    await waitFor(() => server.heard.includes('closed castle'), 'its lobby is gone')
    expect(sessionsOf(world.known('castle'))).toEqual([[1, 'another']])
  })

  test('a member that moved away from a server that was cut off, and left, is not brought back by it', async () => {
    await world.lobby('castle', 4)
    const { gate, server } = world.at(1)
    gate.cut()
    accepted(await world.at(0).server.resume('castle', 2))
    await world.at(0).server.leave('castle', 2)
    gate.mend()
    await world.allAvailable()
    await world.agree('castle')
    expect(sessionsOf(server.lobbies.get('castle')).map(([id]) => id)).toEqual([1, 3, 4])
  })

  test('close leaves nothing in Redis, and nothing that keeps the process alive', async () => {
    const child = await world.spawn()
    await order(child, { create: 'castle', onHostLeave: 'close' })
    await order(child, { join: 'castle', id: 2 })
    child.tell({ close: true })
    expect(await child.ended()).toBe(0)
    const { node } = world.at(0)
    expect(await node.countLobbies()).toBe(0)
    await waitFor(() => node.stats().servers === 2, 'the others know that it is gone')
  })
})

suite('a Redis that comes back as it was some time ago', () => {
  let directory: string

  beforeEach(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'redis-'))
    world = await RedisWorld.open(2, { directory })
  })
  afterEach(async () => {
    const violations = world.violations()
    await world.dispose()
    await rm(directory, { recursive: true, force: true })
    expect(violations).toEqual([])
  })

  test('is brought to what the servers know now', async () => {
    const child = await world.spawn()
    await world.lobby('castle', 4)
    await world.lobby('past', 2)
    await world.joinInChild(child, 'castle', 50)
    await world.redis.command('SAVE')
    await child.kill()
    await waitFor(() => !world.known('castle').members.has(50), 'the dead server was given up')
    await world.at(0).server.leave('castle', 1)
    accepted(await world.at(1).server.join('castle', 9))
    await world.at(1).server.setMetadata('castle', 2, 'new')
    await Promise.all([world.at(0).server.leave('past', 1), world.at(1).server.leave('past', 2)])
    await world.lobby('present', 2)
    await world.agree('castle')
    const before = world.known('castle')
    await world.redis.kill()
    await world.allAvailable(false)
    await world.redis.restart()
    await world.allAvailable()
    await wait(4 * LEASE)
    await world.agree('castle')
    expect(sessionsOf(world.known('castle'))).toEqual(sessionsOf(before))
    expect(world.known('castle')).toMatchObject({ host: 2, metadata: 'new' })
    expect(await world.at(0).node.countLobbies()).toBe(2)
    expect((await world.at(1).node.list(10)).map(({ name }) => name).sort()).toEqual(['castle', 'present'])
  })
})
