import { describe, expect, test } from '@jest/globals'
import {
  LOBBY_SUBPROTOCOL,
  LobbyMessageType,
  TOKEN_SUBPROTOCOL_PREFIX,
} from '../../../../src/protocol/lobby/message.ts'
import { joinLobby } from '../../../../src/services/lobby/client/join-lobby.ts'
import type { JoinLobbyOptions } from '../../../../src/services/lobby/client/join-options.ts'
import type { JoinedLobby } from '../../../../src/services/lobby/client/joined-lobby.ts'
import { listLobbies } from '../../../../src/services/lobby/client/list-lobbies.ts'
import { lobbyErrorCode } from '../../../../src/services/lobby/client/lobby-errors.ts'
import type { VirtualClock } from '../../../../src/transport/simulated/virtual-clock.ts'
import { LobbyWorld, URL_OF_WORLD } from './support/lobby-world.ts'
import { ScriptedServer } from './support/scripted-server.ts'

const WELCOME = { version: 1, heartbeat: 10_000, maxMessageSize: 65_536 }

async function scripted() {
  const world = await LobbyWorld.start()
  const server = new ScriptedServer(world.clock)
  const options = (more: JoinLobbyOptions = {}): JoinLobbyOptions => ({
    ...world.options('client'),
    WebSocket: server.sockets.of('client'),
    ...more,
  })
  const join = (more?: JoinLobbyOptions): Promise<JoinedLobby> => joinLobby(URL_OF_WORLD, options(more))
  return { world, server, options, join }
}

function fail(): never {
  throw new Error('no token today')
}

/** A demo server's answers to a JOIN. */
function answerJoins(server: ScriptedServer): void {
  server.onMessage = (socket, { type }) => {
    if (type !== (LobbyMessageType.JOIN as number)) return
    socket.say(LobbyMessageType.ID, 1, 'true')
    socket.say(LobbyMessageType.JOIN, 0, 'made-up')
  }
}

describe('which protocol is spoken', () => {
  const rows: [string, (protocols: readonly string[]) => string, boolean, number, number][] = [
    // what the server does with subprotocols, its choice, whether it says WELCOME, sockets that are made, ms until JOIN arrives
    ['takes it up and welcomes', (protocols) => protocols[0] ?? '', true, 1, 15],
    ['echoes the first one and knows nothing of it', (protocols) => protocols[0] ?? '', false, 1, 510],
    ['takes up none, so that the socket fails', () => '', false, 2, 15],
  ]
  test.each(rows)('a server that %s', async (_, choose, welcomes, made, time) => {
    const { world, server, join } = await scripted()
    server.choose = choose
    answerJoins(server)
    if (welcomes) {
      server.onOpen = (socket) => {
        socket.say(LobbyMessageType.WELCOME, 0, WELCOME)
      }
    }
    const joining = join({ token: 'a.b-c_d' })
    await world.run(time)
    expect(server.last.received).toEqual([{ type: LobbyMessageType.JOIN, id: 0, data: '' }])
    const lobby = await world.settle(joining)
    expect(server.sockets.made).toBe(made)
    expect(server.asked[0]).toEqual([LOBBY_SUBPROTOCOL, `${TOKEN_SUBPROTOCOL_PREFIX}a.b-c_d`])
    expect(lobby).toMatchObject({ id: 1, lobby: 'made-up', isHost: true, state: 'joined' })
    if (!welcomes) {
      await expect(lobby.setMetadata('x')).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    }
    await world.settle(lobby.leave())
    await world.run(10)
    expect(server.last.received.some(({ type }) => type === (LobbyMessageType.LEAVE as number))).toBe(welcomes)
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a server that echoes the subprotocol and speaks first is taken as plain at once, and what it said counts', async () => {
    const { world, server, join } = await scripted()
    answerJoins(server)
    server.onOpen = (socket) => {
      socket.say(LobbyMessageType.SEAL)
    }
    const lobby = await world.settle(join())
    expect(lobby.stats().malformedMessages).toBe(1)
    await world.settle(lobby.leave())
    await world.end()
  })
})

/** A server whose WELCOME takes so long; it answers JOIN and CREATE. */
function welcomeAfter(server: ScriptedServer, clock: VirtualClock, milliseconds: number): void {
  server.onOpen = (socket) => {
    clock.setTimeout(() => {
      socket.say(LobbyMessageType.WELCOME, 0, { ...WELCOME, heartbeat: 1_000 })
    }, milliseconds)
  }
  server.onMessage = (socket, { type, data }) => {
    if (type === (LobbyMessageType.PING as number)) socket.say(LobbyMessageType.PONG, 0, data)
    if (type === (LobbyMessageType.LIST as number)) socket.say(LobbyMessageType.LIST, 0, [])
    if (type !== (LobbyMessageType.JOIN as number) && type !== (LobbyMessageType.CREATE as number)) return
    socket.say(LobbyMessageType.ID, 1, 'true')
    socket.say(LobbyMessageType.JOIN, 0, 'made-up')
    socket.say(LobbyMessageType.TOKEN, 0, { token: 'ticket', graceTime: 15_000 })
  }
}

describe('a WELCOME that comes late', () => {
  test('is taken up when it comes: heartbeats, the place is kept, LEAVE', async () => {
    const { world, server, join } = await scripted()
    welcomeAfter(server, world.clock, 800)
    const lobby = await world.settle(join())
    expect(world.clock.now()).toBeLessThan(600)
    await world.run(1_000)
    expect(server.last.received.map(({ type }) => type)).toEqual([LobbyMessageType.JOIN])
    await world.run(3_000)
    expect(server.last.received.filter(({ type }) => type === (LobbyMessageType.PING as number)).length).toBe(3)
    expect(lobby).toMatchObject({ state: 'joined' })
    expect(lobby.stats().malformedMessages).toBe(0)
    server.sockets.cut()
    await world.run(3_000)
    expect(server.last.received[0]).toEqual({ type: LobbyMessageType.RESUME, id: 0, data: 'ticket' })
    await world.settle(lobby.leave())
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('is waited for where nothing can be done without it', async () => {
    const { world, server, options, join } = await scripted()
    welcomeAfter(server, world.clock, 1_900)
    const lobby = await world.settle(join({ lobby: 'x', create: { listed: true } }))
    expect(server.last.received[0]).toMatchObject({ type: LobbyMessageType.CREATE })
    await expect(world.settle(listLobbies(URL_OF_WORLD, options()))).resolves.toEqual([])
    await world.settle(lobby.leave())
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('never comes from a demo server that echoes the subprotocol, and has had enough after a second', async () => {
    const { world, server, join } = await scripted()
    server.onOpen = ({ socket }) => {
      world.clock.setTimeout(() => {
        socket.close(4000, 'Have not joined lobby yet')
      }, 1_000)
    }
    await expect(world.settle(join({ lobby: 'x', create: true }))).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('means nothing where no subprotocol was agreed on', async () => {
    const { world, server, join } = await scripted()
    server.choose = () => ''
    welcomeAfter(server, world.clock, 0)
    const lobby = await world.settle(join())
    await world.run(3_000)
    expect(server.last.received.map(({ type }) => type)).toEqual([LobbyMessageType.JOIN])
    await world.settle(lobby.leave())
    await world.end()
  })
})

describe('a token that is a function', () => {
  test.each<[string, () => string | Promise<string>]>([
    ['throws', () => fail()],
    ['rejects', () => Promise.reject(new Error('no token today'))],
    ['gives what is no token', () => 'a b'],
    ['gives nothing', () => undefined as never],
    ['never answers', () => new Promise(() => undefined)],
  ])('and %s: joining rejects, and no socket was made', async (_, token) => {
    const { world, server, join } = await scripted()
    await expect(world.settle(join({ token }))).rejects.toMatchObject({
      code: 'ERR_CONNECTION_ERROR',
      message: expect.stringContaining('token()'),
      cause: expect.any(Error),
    })
    expect(server.sockets.made).toBe(0)
    await world.run(10)
    expect(world.clock.pending).toBe(0)
  })

  test('abort while it is waited for', async () => {
    const { world, server, join } = await scripted()
    const controller = new AbortController()
    const joining = join({ signal: controller.signal, token: () => new Promise(() => undefined) })
    const outcome = joining.catch((error: unknown) => error)
    await world.run(100)
    controller.abort(new Error('enough'))
    await world.run(0)
    await expect(outcome).resolves.toThrow('enough')
    expect(server.sockets.made).toBe(0)
    expect(world.clock.pending).toBe(0)
  })
})

describe('what cannot be joined', () => {
  const refusals: [string, object, string, string][] = [
    ['lobby-not-found', {}, 'ERR_DOES_NOT_EXIST', 'join'],
    ['lobby-sealed', {}, 'ERR_UNAUTHORIZED', 'join'],
    ['lobby-full', {}, 'ERR_UNAVAILABLE', 'join'],
    ['unauthorized', { closing: true }, 'ERR_UNAUTHORIZED', 'welcome'],
    ['draining', { closing: true, retryAfter: 1_000 }, 'ERR_UNAVAILABLE', 'welcome'],
    ['too-many-sockets', { closing: true, retryAfter: 1_000 }, 'ERR_UNAVAILABLE', 'welcome'],
  ]
  test.each(refusals)('%s %j: %s', async (code, details, expected, when) => {
    const { world, server, join } = await scripted()
    const refusal = { code, message: 'No', closing: false, ...details }
    server.onOpen = (socket) => {
      if (when === 'welcome') socket.say(LobbyMessageType.ERROR, 0, refusal)
      else socket.say(LobbyMessageType.WELCOME, 0, WELCOME)
    }
    server.onMessage = (socket) => {
      socket.say(LobbyMessageType.ERROR, 0, refusal)
    }
    const error: unknown = await world.settle(join({ lobby: 'x' }).catch((caught: unknown) => caught))
    expect(error).toMatchObject({ code: expected })
    expect(lobbyErrorCode(error)).toBe(code)
    await world.end()
    expect(server.sockets.open.size).toBe(0)
    expect(world.clock.pending).toBe(0)
  })

  test.each([
    ['Lobby does not exists', 'ERR_DOES_NOT_EXIST', 'lobby-not-found'],
    ['Lobby is sealed', 'ERR_UNAUTHORIZED', 'lobby-sealed'],
    ['Too many lobbies open, disconnecting', 'ERR_UNAVAILABLE', 'too-many-lobbies'],
    ['Have not joined lobby yet', 'ERR_TIMEOUT', 'join-timeout'],
    ['Anything else', 'ERR_CONNECTION_ERROR', null],
  ])(`a demo server's close '%s': %s`, async (reason, expected, code) => {
    const { world, server, join } = await scripted()
    server.choose = () => ''
    server.onMessage = ({ socket }) => {
      socket.close(4000, reason)
    }
    const error: unknown = await world.settle(join({ lobby: 'x' }).catch((caught: unknown) => caught))
    expect(error).toMatchObject({ code: expected })
    expect(lobbyErrorCode(error)).toBe(code)
    await world.end()
  })

  test('a server that is not there', async () => {
    const { world, server, join } = await scripted()
    server.sockets.isDown = true
    await expect(world.settle(join())).rejects.toMatchObject({ code: 'ERR_CONNECTION_ERROR' })
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a server that says nothing', async () => {
    const { world, join } = await scripted()
    await expect(world.settle(join({ timeout: 3_000 }))).rejects.toMatchObject({ code: 'ERR_TIMEOUT' })
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a named lobby cannot be created on a plain server', async () => {
    const { world, server, join } = await scripted()
    server.choose = () => ''
    await expect(world.settle(join({ lobby: 'x', create: true }))).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
    await world.end()
  })

  test('what may pass is tried again, after the time that the server asks for', async () => {
    const { world, server, join } = await scripted()
    const refusal = { code: 'draining', message: 'No', closing: true, retryAfter: 20_000 }
    server.onOpen = (socket) => {
      socket.say(LobbyMessageType.ERROR, 0, refusal)
      server.admit(1)
    }
    const joining = join({ retries: 1 })
    await world.run(19_000)
    expect(server.opened).toHaveLength(1)
    const lobby = await world.settle(joining)
    expect(world.clock.now()).toBeGreaterThanOrEqual(20_000)
    await world.settle(lobby.leave())
    await world.end()
  })

  test.each<[string, string, JoinLobbyOptions]>([
    ['the address', 'nonsense', {}],
    ['the address', 'ftp://x', {}],
    ['the lobby', URL_OF_WORLD, { lobby: '' }],
    ['the token', URL_OF_WORLD, { token: 'a b' }],
    ['attempts', URL_OF_WORLD, { attempts: 0 }],
    ['ICE servers', URL_OF_WORLD, { iceServers: [null as never] }],
    ['a time', URL_OF_WORLD, { times: { ice: 0 } }],
    ['the mode', URL_OF_WORLD, { mode: 'star' as never }],
    ['metadata', URL_OF_WORLD, { create: { metadata: 'x'.repeat(4_097) } }],
    ['metadata as JSON', URL_OF_WORLD, { create: { metadata: '\u0001'.repeat(2_000) } }],
  ])('%s is checked: %s', async (_, url, bad) => {
    await expect(joinLobby(url, bad)).rejects.toMatchObject({ code: 'ERR_INVALID_PARAMETER' })
  })
})

describe('abort', () => {
  // Each step takes 5 ms: the socket opens, WELCOME, JOIN to the server, its answers.
  test.each([0, 1, 5, 7, 10, 12, 15, 17])(
    'after %i ms: rejects with the reason, leaves nothing behind',
    async (time) => {
      const { world, server, join } = await scripted()
      server.admit(7, { members: [1] })
      const controller = new AbortController()
      const joining = join({ signal: controller.signal })
      const outcome = joining.catch((error: unknown) => error)
      await world.run(time)
      controller.abort(new Error('enough'))
      await expect(world.settle(outcome)).resolves.toThrow('enough')
      await world.end()
      expect(server.sockets.open.size).toBe(0)
      expect(world.clock.pending).toBe(0)
    },
  )

  test('while the ICE servers are waited for', async () => {
    const { world, server, join } = await scripted()
    const controller = new AbortController()
    const joining = join({ signal: controller.signal, iceServers: () => new Promise(() => undefined) })
    const outcome = joining.catch((error: unknown) => error)
    await world.run(100)
    controller.abort(new Error('enough'))
    await world.run(0)
    await expect(outcome).resolves.toThrow('enough')
    expect(server.sockets.made).toBe(0)
    expect(world.clock.pending).toBe(0)
  })

  test('before the call', async () => {
    const { server, join } = await scripted()
    await expect(join({ signal: AbortSignal.abort(new Error('enough')) })).rejects.toThrow('enough')
    expect(server.sockets.made).toBe(0)
  })

  test('after it has joined: leaves', async () => {
    const world = await LobbyWorld.start()
    const controller = new AbortController()
    const lobby = await world.join('client', { signal: controller.signal })
    const states: string[] = []
    lobby.state$.subscribe({ next: (state) => states.push(state), complete: () => states.push('complete') })
    controller.abort()
    await world.run(100)
    expect(states).toEqual(['joined', 'leaving', 'left', 'complete'])
    await world.end()
    expect(world.clock.pending).toBe(0)
  })
})

describe('listLobbies', () => {
  test('gives what is listed, from an extended server', async () => {
    const world = await LobbyWorld.start()
    const host = await world.join('host-1', { lobby: 'arena', create: { listed: true, maxMembers: 4, metadata: 'm' } })
    await world.join('host-2', { create: true })
    const lobbies = await world.settle(listLobbies(URL_OF_WORLD, world.options('client')))
    expect(lobbies).toEqual([{ name: 'arena', mode: 'mesh', members: 1, maxMembers: 4, metadata: 'm' }])
    await world.settle(host.leave())
    await world.end()
  })

  test('a plain server has none', async () => {
    const world = await LobbyWorld.start({ isExtended: false })
    await expect(world.settle(listLobbies(URL_OF_WORLD, world.options('client')))).rejects.toMatchObject({
      code: 'ERR_UNAVAILABLE',
    })
    await world.end()
    expect(world.clock.pending).toBe(0)
  })
})
