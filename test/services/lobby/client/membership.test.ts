import { describe, expect, test } from '@jest/globals'
import { LobbyMessageType } from '../../../../src/protocol/lobby/message.ts'
import { joinLobby } from '../../../../src/services/lobby/client/join-lobby.ts'
import type { JoinedLobby } from '../../../../src/services/lobby/client/joined-lobby.ts'
import { ConnectionStatus } from '../../../../src/machines/mesh-types.ts'
import { connectedTo, isConnectedToAll, LobbyWorld, URL_OF_WORLD } from './support/lobby-world.ts'
import { ScriptedServer } from './support/scripted-server.ts'

type Three = [JoinedLobby, JoinedLobby, JoinedLobby]

async function three(world: LobbyWorld, options = {}): Promise<Three> {
  const lobbies = (await world.form(3, options)) as Three
  await world.untilConnected(lobbies)
  return lobbies
}

async function leaveAll(world: LobbyWorld, lobbies: readonly JoinedLobby[]): Promise<void> {
  await world.settle(Promise.all(lobbies.map((lobby) => lobby.leave())))
  await world.end()
  expect(world.sockets.open.size).toBe(0)
  expect(world.clock.pending).toBe(0)
}

describe('joining and leaving', () => {
  test('a hundred times over, in one process, leaves nothing behind', async () => {
    const world = await LobbyWorld.start()
    const host = await world.join('host-1')
    for (let round = 0; round < 100; round++) {
      const guest = await world.join('host-2', { lobby: host.lobby })
      await world.untilConnected([host, guest])
      let completed = 0
      const note = { complete: () => completed++ }
      guest.state$.subscribe(note)
      guest.members$.subscribe(note)
      guest.dials$.subscribe(note)
      guest.verdicts$.subscribe(note)
      guest.peer.packets$.subscribe(note)
      await world.settle(guest.leave())
      expect(completed).toBe(5)
    }
    await world.run(40_000)
    expect(host.peer.getPeers().size).toBe(0)
    expect(host.members).toEqual([])
    expect(world.sockets.open.size).toBe(1)
    await leaveAll(world, [host])
  })

  test('what was sent just before leaving arrives', async () => {
    const world = await LobbyWorld.start()
    const [host, second] = await three(world)
    const sizes: number[] = []
    host.peer.packets$.subscribe(({ data }) => sizes.push(data.byteLength))
    for (let count = 0; count < 50; count++) second.peer.send(new Uint8Array(10_000), { to: 1 })
    await world.settle(second.leave())
    await world.run(200)
    expect(sizes).toHaveLength(50)
    await leaveAll(world, [host])
  })

  test('methods can be taken out of the lobby', async () => {
    const world = await LobbyWorld.start()
    const { leave, seal, dial, setMetadata, stats, state$ } = await world.join('host-1')
    const states: string[] = []
    state$.subscribe((state) => states.push(state))
    expect(() => {
      dial(9)
    }).toThrow(expect.objectContaining({ code: 'ERR_DOES_NOT_EXIST' }))
    await world.settle(setMetadata('x'))
    await world.settle(seal())
    expect(stats().malformedMessages).toBe(0)
    await world.settle(leave())
    expect(states).toEqual(['joined', 'sealed', 'leaving', 'left'])
    await leaveAll(world, [])
  })

  test('leave() twice, and after the mesh was closed by the application', async () => {
    const world = await LobbyWorld.start()
    const [host, second, third] = await three(world)
    await world.settle(second.peer.close())
    await world.settle(Promise.all([second.leave(), second.leave(), second[Symbol.asyncDispose]()]))
    expect(second.state).toBe('left')
    await leaveAll(world, [host, third])
  })
})

describe('client-server mode', () => {
  test.each([true, false])('clients connect to the host alone (extended: %s)', async (isExtended) => {
    const world = await LobbyWorld.start({ isExtended })
    const [host, second, third] = (await world.form(3, { mode: 'client-server' })) as Three
    await world.clock.runUntil(() => connectedTo(host).length === 2)
    await world.run(1_000)
    expect([second, third].map(connectedTo)).toEqual([[1], [1]])
    expect([second, third].map(({ members }) => members)).toEqual([[1], [1]])
    expect(second.mode).toBe('client-server')
    expect(second.peer.connectionStatus).toBe(ConnectionStatus.CONNECTED)
    expect(host.peer.isServer).toBe(true)
    await leaveAll(world, [host, second, third])
  })

  test('a demo server that tells clients of each other: they ignore that', async () => {
    const world = await LobbyWorld.start()
    const server = new ScriptedServer(world.clock)
    server.choose = () => ''
    server.onMessage = (socket, { type }) => {
      if (type !== (LobbyMessageType.JOIN as number)) return
      socket.say(LobbyMessageType.ID, 7, '')
      socket.say(LobbyMessageType.PEER_CONNECT, 1)
      socket.say(LobbyMessageType.PEER_CONNECT, 5)
      socket.say(LobbyMessageType.JOIN, 0, 'x')
      socket.say(LobbyMessageType.PEER_DISCONNECT, 5)
    }
    const options = { ...world.options('client'), WebSocket: server.sockets.of('client'), lobby: 'x' }
    const lobby = await world.settle(joinLobby(URL_OF_WORLD, options))
    await world.run(100)
    expect(lobby.members).toEqual([1])
    expect([...lobby.peer.getPeers().keys()]).toEqual([1])
    expect(lobby.stats()).toMatchObject({ malformedMessages: 0, unknownMembers: 0 })
    await leaveAll(world, [lobby])
  })
})

describe('what the host does', () => {
  test.each([
    { isExtended: true },
    { isExtended: true, create: { onHostLeave: 'keep' } },
    { isExtended: false },
  ] as const)('seals: members stay connected without their sockets, %j', async ({ isExtended, create }) => {
    const world = await LobbyWorld.start({ isExtended })
    const lobbies = await three(world, create && { create })
    const [host, second] = lobbies
    await expect(second.seal()).rejects.toMatchObject({ code: 'ERR_UNAUTHORIZED' })
    await world.settle(host.seal())
    await world.settle(host.seal())
    await world.run(100)
    expect(lobbies.map(({ state }) => state)).toEqual(['sealed', 'sealed', 'sealed'])
    await expect(world.join('host-4', { lobby: host.lobby })).rejects.toMatchObject({ code: 'ERR_UNAUTHORIZED' })
    await world.run(15_000)
    expect(world.sockets.open.size).toBe(0)
    expect(lobbies.map(({ state }) => state)).toEqual(['sealed', 'sealed', 'sealed'])
    expect(lobbies.every((lobby) => isConnectedToAll(lobby, lobbies))).toBe(true)
    // A connection that is lost now cannot be made anew.
    const reasons: string[] = []
    second.verdicts$.subscribe(({ reason }) => reasons.push(reason))
    await world.settle(lobbies[2].leave())
    await world.run(100)
    expect(reasons).toEqual(['signaling-ended'])
    await leaveAll(world, [host, second])
  })

  test('metadata: everyone hears of it, and who joins later too', async () => {
    const world = await LobbyWorld.start()
    const lobbies = await three(world)
    const [host, second, third] = lobbies
    await expect(second.setMetadata('x')).rejects.toMatchObject({ code: 'ERR_UNAUTHORIZED' })
    await expect(host.setMetadata('x'.repeat(4_097))).rejects.toMatchObject({ code: 'ERR_INVALID_PARAMETER' })
    await world.settle(host.setMetadata('round 2'))
    await world.settle(host.setMetadata('round 2'))
    await world.run(100)
    const late = await world.join('host-4', { lobby: host.lobby })
    await world.run(100)
    expect([host, second, third, late].map(({ metadata }) => metadata)).toEqual(Array(4).fill('round 2'))
    await leaveAll(world, [host, second, third, late])
  })

  test.each([true, false])(
    'leaves: the lobby is lost, the others stay connected (extended: %s)',
    async (isExtended) => {
      const world = await LobbyWorld.start({ isExtended })
      const [host, second, third] = await three(world)
      await world.settle(host.leave())
      await world.run(5_000)
      expect([second, third].map(({ state }) => state)).toEqual(['detached', 'detached'])
      expect(second.error).toMatchObject({ code: 'ERR_CONNECTION_ERROR', value: { code: 'host-left' } })
      expect([second, third].map(connectedTo)).toEqual([[third.id], [second.id]])
      await leaveAll(world, [second, third])
    },
  )

  test('leaves a lobby that is kept: another member takes over', async () => {
    const world = await LobbyWorld.start()
    const [host, second, third] = await three(world, { create: { onHostLeave: 'keep' }, lobby: undefined })
    const hosts: number[] = []
    third.host$.subscribe((id) => hosts.push(id))
    await world.settle(host.leave())
    await world.run(100)
    expect(hosts).toEqual([1, second.id])
    expect(second.isHost).toBe(true)
    await world.settle(second.seal())
    const late = world.join('host-4', { lobby: second.lobby })
    await expect(late).rejects.toMatchObject({ code: 'ERR_UNAUTHORIZED' })
    await leaveAll(world, [second, third])
  })
})
