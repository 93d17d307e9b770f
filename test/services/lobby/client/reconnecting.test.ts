import { describe, expect, test } from '@jest/globals'
import { LobbyMessageType, TOKEN_SUBPROTOCOL_PREFIX } from '../../../../src/protocol/lobby/message.ts'
import { joinLobby } from '../../../../src/services/lobby/client/join-lobby.ts'
import type { JoinLobbyOptions } from '../../../../src/services/lobby/client/join-options.ts'
import { connectedTo, isConnectedToAll, LobbyWorld, URL_OF_WORLD } from './support/lobby-world.ts'
import { ScriptedServer } from './support/scripted-server.ts'

async function joinScripted(options: JoinLobbyOptions = {}, admit: Parameters<ScriptedServer['admit']>[1] = {}) {
  const world = await LobbyWorld.start()
  const server = new ScriptedServer(world.clock)
  server.admit(7, admit)
  const lobby = await world.settle(
    joinLobby(URL_OF_WORLD, { ...world.options('client'), WebSocket: server.sockets.of('client'), ...options }),
  )
  await world.run(20)
  return { world, server, lobby }
}

const types = (messages: readonly { type: number }[]): string[] =>
  messages.map(({ type }) => LobbyMessageType[type] ?? String(type))

describe('a socket that was lost', () => {
  test('is made anew: the same id, peers undisturbed, members that came and went are known', async () => {
    const world = await LobbyWorld.start()
    const [host, second, third] = await world.form(3)
    if (host === undefined || second === undefined || third === undefined) throw new Error('three have joined')
    await world.untilConnected([host, second, third])
    const { id } = second
    const connections = [...second.peer.getPeers().values()].map(({ connection }) => connection)
    const heard: string[] = []
    second.state$.subscribe((state) => heard.push(state))
    second.peer.peerDisconnected$.subscribe((peer) => heard.push(`lost ${peer}`))

    // Signals to who is away are kept by the server: a newcomer dials it meanwhile.
    world.sockets.cut('host-2')
    expect(second.state).toBe('reconnecting')
    world.sockets.isDown = true
    await world.run(3_000)
    world.sockets.isDown = false
    const [late] = await Promise.all([world.join('host-4', { lobby: host.lobby }), world.settle(third.leave())])
    await world.clock.runUntil(() => second.state === 'joined')
    expect(second.id).toBe(id)
    expect(second.members).toEqual([1, late.id])
    await world.untilConnected([host, second, late])
    expect(heard).toEqual(['joined', 'reconnecting', expect.stringMatching(/^lost|^joined/), expect.anything()])
    expect(heard.filter((what) => what.startsWith('lost'))).toEqual([`lost ${third.id}`])
    expect(second.peer.getPeer(1).connection).toBe(connections[0])
    await world.settle(Promise.all([host.leave(), second.leave(), late.leave()]))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('while everyone is away at once, and a dial is under way', async () => {
    const world = await LobbyWorld.start()
    const lobbies = await world.form(4)
    // The last one's token is still on its way.
    await world.run(1)
    world.sockets.cut()
    expect(lobbies.map(({ state }) => state)).toEqual(Array(4).fill('reconnecting'))
    await world.untilConnected(lobbies, 40_000)
    await world.clock.runUntil(() => lobbies.every(({ state }) => state === 'joined'))
    expect(lobbies.map(({ id }) => id)).toEqual([1, 2, 3, 4])
    await world.settle(Promise.all(lobbies.map((lobby) => lobby.leave())))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('on a plain server detaches: peers live on, nobody joins', async () => {
    const world = await LobbyWorld.start({ isExtended: false })
    const lobbies = await world.form(3)
    const [, second] = lobbies
    await world.untilConnected(lobbies)
    const { made } = world.sockets
    world.sockets.cut('host-2')
    await world.run(60_000)
    expect(second).toMatchObject({ state: 'detached', error: { code: 'ERR_CONNECTION_ERROR' } })
    expect(world.sockets.made).toBe(made)
    await world.settle(Promise.all(lobbies.map((lobby) => lobby.leave())))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('on a plain server, while nobody is connected: joins anew, with another id', async () => {
    const world = await LobbyWorld.start({ isExtended: false })
    const host = await world.join('host-1')
    const guest = await world.join('host-2', { lobby: host.lobby })
    const { id } = guest
    world.sockets.cut('host-2')
    await world.untilConnected([host, guest])
    expect(guest.id).not.toBe(id)
    expect(host.members).toEqual([guest.id])
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a token that is refused while nobody is connected: joins anew, with another id', async () => {
    const world = await LobbyWorld.start({ limits: { graceTime: 1_000 } })
    const host = await world.join('host-1')
    world.network.partition(['host-1'], ['host-2'])
    const guest = await world.join('host-2', { lobby: host.lobby })
    const { id } = guest
    world.sockets.isDown = true
    world.sockets.cut('host-2')
    await world.run(4_000)
    world.sockets.isDown = false
    await world.clock.runUntil(() => guest.state === 'joined')
    expect(guest.id).not.toBe(id)
    expect(guest.peer.uniqueId).toBe(guest.id)
    world.network.heal()
    await world.untilConnected([host, guest])
    await world.settle(Promise.all([host.leave(), guest.leave()]))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a token that is refused while nobody is connected, and then joining anew too: detaches, and knows no members', async () => {
    const world = await LobbyWorld.start({ limits: { graceTime: 1_000 } })
    const [host, second] = await world.form(2)
    if (host === undefined || second === undefined) throw new Error('two have joined')
    await world.untilConnected([host, second])
    const members: (readonly number[])[] = []
    second.members$.subscribe((now) => members.push(now))
    world.sockets.isDown = true
    world.sockets.cut('host-2')
    // The place is gone, and the host ends its connection.
    await world.run(2_000)
    expect(connectedTo(second)).toEqual([])
    await world.settle(host.seal())
    world.sockets.isDown = false
    await world.clock.runUntil(() => second.state === 'detached')
    expect(second.error).toMatchObject({ value: { code: 'lobby-sealed' } })
    expect(members).toEqual([[1], []])
    expect(() => {
      second.dial(1)
    }).toThrow(expect.objectContaining({ code: 'ERR_DOES_NOT_EXIST' }))
    await world.settle(Promise.all([host.leave(), second.leave()]))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a token that is refused while somebody is connected: detaches', async () => {
    const world = await LobbyWorld.start({ limits: { graceTime: 1_000 } })
    const [host, second, third] = await world.form(3)
    if (host === undefined || second === undefined || third === undefined) throw new Error('three have joined')
    await world.untilConnected([host, second, third])
    // The server reports the lost member gone, but nobody tells the other members.
    world.sockets.disturb = (text) => (text.includes('"type":3') ? [] : [world.sockets.latency])
    world.sockets.isDown = true
    world.sockets.cut('host-2')
    await world.run(4_000)
    world.sockets.isDown = false
    await world.clock.runUntil(() => second.state === 'detached')
    expect(second.error).toMatchObject({ value: { code: 'token-invalid' } })
    expect(connectedTo(second)).toEqual([1, third.id])
    await world.settle(Promise.all([host.leave(), second.leave(), third.leave()]))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('gives up after so many tries, each later than the last', async () => {
    const { world, server, lobby } = await joinScripted({ reconnects: 3 })
    const { made } = server.sockets
    server.sockets.isDown = true
    server.sockets.cut()
    await world.clock.runUntil(() => lobby.state === 'detached')
    // Each try asks for the subprotocol, then without it.
    expect(server.sockets.made - made).toBe(6)
    await world.settle(lobby.leave())
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('retryAfter is kept to, and a refusal that does not pass ends it', async () => {
    const { world, server, lobby } = await joinScripted({ random: () => 0.5 })
    server.last.say(LobbyMessageType.ERROR, 0, { code: 'draining', message: 'x', closing: true, retryAfter: 7_000 })
    server.last.socket.close(1012, '')
    await world.run(10)
    expect(lobby.state).toBe('reconnecting')
    server.onMessage = (socket) => {
      socket.say(LobbyMessageType.ERROR, 0, { code: 'moved', message: 'x', closing: true })
      socket.socket.close(4000, '')
    }
    // Everybody is asked for the same, so half of up to four seconds is added.
    await world.run(8_980)
    expect(server.opened).toHaveLength(1)
    await world.run(50)
    expect(server.opened).toHaveLength(2)
    expect(server.last.received).toEqual([{ type: LobbyMessageType.RESUME, id: 0, data: 'ticket' }])
    expect(lobby).toMatchObject({ state: 'detached', error: { value: { code: 'moved' } } })
    await world.settle(lobby.leave())
    await world.end()
  })

  test('the clients of a server that drains come back one after the other, not all at once', async () => {
    const world = await LobbyWorld.start()
    const lobbies = await world.form(20)
    await world.run(1_000)
    let { made } = world.sockets
    const first = made
    void world.core.drain()
    const perStep: number[] = []
    for (let step = 0; step < 50; step++) {
      await world.run(100)
      perStep.push(world.sockets.made - made)
      made = world.sockets.made
    }
    expect(made - first).toBeGreaterThanOrEqual(15)
    expect(Math.max(...perStep)).toBeLessThanOrEqual(5)
    await world.settle(Promise.all(lobbies.map((lobby) => lobby.leave())))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('a token that is a function is asked for each socket, and again later if it fails', async () => {
    const tokens = ['first', new Error('no'), 'a b', 'second']
    const token = (): Promise<string> => {
      const next = tokens.shift() ?? ''
      return typeof next === 'string' ? Promise.resolve(next) : Promise.reject(next)
    }
    const { world, server, lobby } = await joinScripted({ token })
    server.onMessage = (socket, { type }) => {
      if (type !== (LobbyMessageType.RESUME as number)) return
      const resume = { lobby: 'lobby', mode: 'mesh', sealed: false, host: 1, metadata: '', members: [] }
      socket.say(LobbyMessageType.RESUME, 7, resume)
    }
    server.sockets.cut()
    await world.clock.runUntil(() => lobby.state === 'joined', { what: 'the lobby is joined again' })
    expect(tokens).toEqual([])
    expect(server.asked.map(([, asked]) => asked)).toEqual(
      ['first', 'second'].map((text) => TOKEN_SUBPROTOCOL_PREFIX + text),
    )
    await world.settle(lobby.leave())
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('leave() while the token is waited for', async () => {
    let calls = 0
    const token = (): string | Promise<string> => (++calls === 1 ? 'first' : new Promise(() => undefined))
    const { world, server, lobby } = await joinScripted({ token })
    server.sockets.cut()
    await world.clock.runUntil(() => calls === 2)
    await world.settle(lobby.leave())
    await world.end()
    expect(server.sockets.made).toBe(1)
    expect(world.clock.pending).toBe(0)
  })

  test('a dead socket is found out by its heartbeat', async () => {
    const { world, server, lobby } = await joinScripted({}, { heartbeat: 1_000 })
    await world.run(10_000)
    expect(lobby.state).toBe('joined')
    expect(types(server.last.received).filter((type) => type === 'PING').length).toBeGreaterThanOrEqual(9)
    server.onMessage = () => undefined
    await world.run(2_000)
    expect(lobby.state).toBe('joined')
    await world.run(2_000)
    expect(lobby.state).toBe('reconnecting')
    await world.settle(lobby.leave())
    await world.end()
    expect(world.clock.pending).toBe(0)
  })

  test('leave() while it reconnects', async () => {
    const { world, server, lobby } = await joinScripted()
    server.sockets.cut()
    await world.settle(lobby.leave())
    expect(lobby.state).toBe('left')
    await world.end()
    expect(world.clock.pending).toBe(0)
    expect(server.sockets.open.size).toBe(0)
  })

  test('what cannot be sent meanwhile goes out afterwards', async () => {
    const { world, server, lobby } = await joinScripted({}, { members: [1] })
    server.sockets.cut()
    server.onMessage = (socket, { type }) => {
      if (type !== (LobbyMessageType.RESUME as number)) return
      const resume = { lobby: 'lobby', mode: 'mesh', sealed: false, host: 1, metadata: '', members: [1] }
      socket.say(LobbyMessageType.RESUME, 7, resume)
    }
    // The offer that nobody answered is made anew after ten seconds.
    await world.run(14_000)
    expect(lobby.state).toBe('joined')
    expect(types(server.last.received).slice(0, 2)).toEqual(['RESUME', 'OFFER'])
    await world.settle(lobby.leave())
    await world.end()
  })

  test('five seeds of sockets that break at any time: the mesh stands in the end', async () => {
    for (const seed of [1, 2, 3, 4, 5]) {
      const world = await LobbyWorld.start({ seed })
      const lobbies = await world.form(5)
      for (let step = 0; step < 10; step++) {
        world.sockets.cut(`host-${1 + world.random.below(5)}`)
        await world.run(world.random.next() * 2_000)
      }
      await world.clock.runUntil(() => lobbies.every((lobby) => isConnectedToAll(lobby, lobbies)), {
        what: `the mesh of seed ${seed}`,
      })
      await world.clock.runUntil(() => lobbies.every(({ state }) => state === 'joined'))
      await world.settle(Promise.all(lobbies.map((lobby) => lobby.leave())))
      await world.end()
      expect(world.clock.pending).toBe(0)
    }
  })
})
