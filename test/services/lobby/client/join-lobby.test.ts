import { describe, expect, test } from '@jest/globals'
import { TransferMode } from '../../../../src/services/multiplayer-peer/packet.ts'
import { connectedTo, LobbyWorld } from './support/lobby-world.ts'

describe.each([true, false])('joinLobby with an extended server: %s', (isExtended) => {
  test('a host and two others form a mesh, send packets, and leave nothing behind', async () => {
    const world = await LobbyWorld.start({ isExtended })
    const lobbies = await world.form(3)
    const [host, second, third] = lobbies as [(typeof lobbies)[0], (typeof lobbies)[0], (typeof lobbies)[0]]
    expect(lobbies.map(({ id, isHost, mode, state }) => ({ id, isHost, mode, state }))).toEqual([
      { id: 1, isHost: true, mode: 'mesh', state: 'joined' },
      { id: second.id, isHost: false, mode: 'mesh', state: 'joined' },
      { id: third.id, isHost: false, mode: 'mesh', state: 'joined' },
    ])
    await world.untilConnected(lobbies)
    const heard: string[] = []
    second.peer.packets$.subscribe(({ peer, data }) => heard.push(`${peer}: ${new TextDecoder().decode(data)}`))
    third.peer.send(new TextEncoder().encode('hello'), { mode: TransferMode.RELIABLE })
    await world.run(100)
    expect(heard).toEqual([`${third.id}: hello`])

    await world.settle(second.leave())
    await world.run(100)
    expect(connectedTo(host)).toEqual([third.id])
    expect(host.members).toEqual([third.id])
    expect(second.state).toBe('left')
    await world.settle(Promise.all([third.leave(), host.leave()]))
    await world.end()
    expect(world.sockets.open.size).toBe(0)
    expect(world.clock.pending).toBe(0)
    expect(lobbies.map((lobby) => lobby.stats())).toEqual(
      lobbies.map(() => expect.objectContaining({ malformedMessages: 0, unknownMembers: 0, refusedCandidates: 0 })),
    )
  })
})

describe('peers that know nothing of what this client adds to signals, as Godot', () => {
  test('connect all the same, through an extended server', async () => {
    const world = await LobbyWorld.start()
    const { accept } = world.sockets.server
    // As if every other peer were Godot: no numbers of attempts, no names in candidates; every signal twice.
    world.sockets.server.accept = (socket, ...rest) => {
      const send = (text: string): void => {
        const plain = text.replace(/a=x-webrtc-multiplayer-attempt:\d+\\r\\n/, '').replace(/ ufrag [\w+/]+/, '')
        if (plain !== text) socket.send(plain)
        socket.send(plain)
      }
      return accept({ ...socket, send }, ...rest)
    }
    const lobbies = await world.form(4)
    await world.untilConnected(lobbies, 5_000)
    await world.run(60_000)
    expect(lobbies.map(connectedTo)).toEqual([
      [2, 3, 4],
      [1, 3, 4],
      [1, 2, 4],
      [1, 2, 3],
    ])
    expect(lobbies.reduce((sum, lobby) => sum + lobby.stats().staleDescriptions, 0)).toBeGreaterThan(0)
    await world.settle(Promise.all(lobbies.map((lobby) => lobby.leave())))
    await world.end()
    expect(world.clock.pending).toBe(0)
  })
})
