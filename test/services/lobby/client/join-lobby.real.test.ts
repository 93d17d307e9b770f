import { afterEach, describe, expect, test } from '@jest/globals'
import { memoryBroker } from '../../../../src/services/lobby/broker/memory-broker.ts'
import { joinLobby } from '../../../../src/services/lobby/client/join-lobby.ts'
import type { JoinLobbyOptions } from '../../../../src/services/lobby/client/join-options.ts'
import type { JoinedLobby } from '../../../../src/services/lobby/client/joined-lobby.ts'
import { listLobbies } from '../../../../src/services/lobby/client/list-lobbies.ts'
import { createLobbyServer } from '../../../../src/services/lobby/server/lobby-server.ts'
import { waitFor } from '../../../support/real-time.ts'
import { DemoServer } from './support/demo-server.ts'
import { isConnectedToAll } from './support/lobby-world.ts'

interface Server {
  readonly url: string
  close(): Promise<void>
}

const cleanUps: (() => Promise<unknown>)[] = []

afterEach(async () => {
  for (const cleanUp of cleanUps.splice(0).reverse()) await cleanUp()
})

async function start(kind: string): Promise<Server> {
  const server: Server =
    kind === 'ours'
      ? await createLobbyServer({ port: 0, broker: memoryBroker() })
      : await DemoServer.start(kind === 'a demo that echoes subprotocols' ? 'echoed' : 'none')
  cleanUps.push(() => server.close())
  return server
}

async function join(url: string, options: JoinLobbyOptions = {}): Promise<JoinedLobby> {
  const lobby = await joinLobby(url, { iceServers: [], ...options })
  cleanUps.push(() => lobby.leave())
  return lobby
}

async function mesh(lobbies: readonly JoinedLobby[]): Promise<void> {
  await waitFor(() => lobbies.every((lobby) => isConnectedToAll(lobby, lobbies)), 'everyone is connected')
}

describe.each(['ours', 'a demo that echoes subprotocols', 'a demo that takes up no subprotocol'])(
  'joinLobby with a real server: %s',
  (kind) => {
    test('four peers make a mesh, send packets, seal, and go on without the server', async () => {
      const server = await start(kind)
      const host = await join(server.url)
      const others = await Promise.all([1, 2, 3].map(() => join(server.url, { lobby: host.lobby })))
      const lobbies = [host, ...others]
      await mesh(lobbies)
      const heard: number[] = []
      for (const { peer } of others) peer.packets$.subscribe(({ data }) => heard.push(data[0] as number))
      host.peer.send(Uint8Array.of(42))
      await waitFor(() => heard.length === 3, 'everyone has heard it')
      expect(heard).toEqual([42, 42, 42])

      await host.seal()
      await waitFor(() => lobbies.every(({ state }) => state === 'sealed'), 'everyone knows that it is sealed')
      await expect(join(server.url, { lobby: host.lobby })).rejects.toMatchObject({ code: 'ERR_UNAUTHORIZED' })
      await server.close()
      host.peer.send(Uint8Array.of(43))
      await waitFor(() => heard.length === 6, 'everyone has heard it without a server')
      expect(lobbies.map((lobby) => lobby.stats())).toEqual(
        lobbies.map(() => expect.objectContaining({ malformedMessages: 0, refusedDescriptions: 0, unsentSignals: 0 })),
      )
    })

    test('one leaves and joins again, ten times', async () => {
      const server = await start(kind)
      const host = await join(server.url)
      for (let round = 0; round < 10; round++) {
        const guest = await join(server.url, { lobby: host.lobby })
        await mesh([host, guest])
        await guest.leave()
        await waitFor(() => host.peer.getPeers().size === 0 && host.members.length === 0, 'the host has noticed')
      }
      expect(host.stats()).toMatchObject({ malformedMessages: 0, refusedDescriptions: 0 })
    })

    test('a lobby of clients and a server', async () => {
      const server = await start(kind)
      const host = await join(server.url, { mode: 'client-server' })
      const guests = await Promise.all([1, 2].map(() => join(server.url, { lobby: host.lobby })))
      await waitFor(
        () => guests.every((guest) => isConnectedToAll(guest, [guest, host])) && host.peer.getPeers().size === 2,
        'both are connected to the host',
      )
      expect(guests.map(({ members }) => members)).toEqual([[1], [1]])
    })

    test('a lobby that does not exist, and a server that is not there', async () => {
      const server = await start(kind)
      const { url } = server
      await expect(join(url, { lobby: 'nowhere' })).rejects.toMatchObject({ code: 'ERR_DOES_NOT_EXIST' })
      await server.close()
      await expect(join(url)).rejects.toMatchObject({ code: 'ERR_CONNECTION_ERROR' })
    })
  },
)

describe('joinLobby with a real server of ours', () => {
  test('a server that goes away for good: the mesh stands, the lobby is lost', async () => {
    const server = await start('ours')
    const host = await join(server.url, { create: { listed: true, metadata: 'm' } })
    expect(await listLobbies(server.url)).toMatchObject([{ name: host.lobby, metadata: 'm', members: 1 }])
    const guest = await join(server.url, { lobby: host.lobby, reconnects: 2, backOff: { first: 50, longest: 100 } })
    await mesh([host, guest])
    await server.close()
    await waitFor(() => guest.state === 'detached', 'the guest has given the server up')
    expect(isConnectedToAll(guest, [host, guest])).toBe(true)
  })
})
