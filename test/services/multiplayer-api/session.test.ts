import { afterEach, describe, expect, test } from '@jest/globals'
import { type Observable, take } from 'rxjs'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { ApiWorld, bytes, codeOf, heardBy } from './support/api-world.ts'

const NO_MODE = JSON.parse('9') as TransferMode

let world = new ApiWorld()
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

async function star(options: MultiplayerAPIOptions = {}, ...clients: number[]): Promise<ApiWorld> {
  world = await new ApiWorld(options).star(...clients)
  return world
}

describe('when the session ends', () => {
  test('a client that loses the server hears of it, then that it is disconnected; of relayed peers nothing, as in Godot', async () => {
    await star({}, 2, 3)
    world.member(1).mesh.removePeer(3)
    await world.run(500)
    expect(world.heard(3)).toEqual(['disconnected 1', 'serverDisconnected'])
    expect(world.api(3).getPeers()).toEqual([])
  })

  test('with reportLostPeers it hears of everyone before', async () => {
    await star({ reportLostPeers: true }, 2, 3)
    world.member(1).mesh.removePeer(3)
    await world.run(500)
    expect(world.heard(3)).toEqual(['disconnected 1', 'disconnected 2', 'serverDisconnected'])
  })

  test('a closed peer says serverDisconnected, on a server too', async () => {
    await star({}, 2)
    void world.member(1).mesh.close()
    expect(world.heard(1)).toEqual(['serverDisconnected'])
    expect(world.api(1).getPeers()).toEqual([])
    await world.run(500)
    expect(world.heard(2)).toEqual(['disconnected 1', 'serverDisconnected'])
  })

  test('a client whose server was never there hears connectionFailed', () => {
    world = new ApiWorld()
    world.add(2)
    void world.member(2).mesh.close()
    expect(world.heard(2)).toEqual(['connectionFailed'])
  })

  test('the same peer can be started again', async () => {
    await star({}, 2)
    const { mesh } = world.member(2)
    void mesh.close()
    await world.run(500)
    mesh.createClient(2)
    world.join(1, 2)
    await world.run(500)
    expect(world.heard(2)).toEqual(['serverDisconnected', 'connectedToServer', 'connected 1'])
    expect(world.heard(1)).toEqual(['disconnected 2', 'connected 2'])
  })

  test('serverDisconnected$ finds nobody here any more, and may start anew at once', async () => {
    await star({}, 2)
    const { mesh, api } = world.member(2)
    const seen: number[][] = []
    api.serverDisconnected$.pipe(take(1)).subscribe(() => {
      seen.push(api.getPeers())
      mesh.createClient(2)
      world.join(1, 2)
    })
    world.member(1).mesh.removePeer(2)
    await world.run(1_000)
    expect(seen).toEqual([[]])
    expect(api.getPeers()).toEqual([1])
  })
})

describe('disconnectPeer', () => {
  test('is heard by the others, not by oneself', async () => {
    await star({}, 2, 3)
    expect(world.api(1).disconnectPeer(3)).toBe(true)
    expect(world.api(1).getPeers()).toEqual([2])
    await world.run(500)
    expect(world.heard(1)).toEqual([])
    expect(world.heard(2)).toEqual(['disconnected 3'])
    expect(world.heard(3)).toEqual(['disconnected 1', 'serverDisconnected'])
  })

  test('with report, by oneself too', async () => {
    await star({}, 2)
    world.api(1).disconnectPeer(2, { report: true })
    await world.run(500)
    expect(world.heard(1)).toEqual(['disconnected 2'])
  })

  test('brings out what was sent before', async () => {
    await star({}, 2)
    world.api(1).sendBytes(bytes(7), { to: 2 })
    world.api(1).disconnectPeer(2)
    await world.run(500)
    expect(world.heard(2)).toEqual(['packet 1 07', 'disconnected 1', 'serverDisconnected'])
  })

  test('of nobody is false; of a peer behind the server, and without a session, an error', async () => {
    await star({}, 2, 3)
    expect(world.api(2).disconnectPeer(99)).toBe(false)
    expect(codeOf(() => world.api(2).disconnectPeer(3))).toBe('ERR_INVALID_PARAMETER')
    expect(codeOf(() => new MultiplayerAPI().disconnectPeer(2))).toBe('ERR_UNCONFIGURED')
  })
})

describe('multiplayerPeer', () => {
  test('null and another peer: nothing is said of the old one, which stays open', async () => {
    await star({}, 2, 3)
    const { api, mesh } = world.member(2)
    api.multiplayerPeer = null
    expect([api.getPeers(), api.uniqueId, api.connectionStatus]).toEqual([[], 0, ConnectionStatus.DISCONNECTED])
    expect(codeOf(() => api.sendBytes(bytes(1)))).toBe('ERR_UNCONFIGURED')
    api.multiplayerPeer = mesh
    expect([api.uniqueId, api.connectionStatus]).toEqual([2, ConnectionStatus.CONNECTED])
    await world.run(500)
    // The server is there still; of whom it has told before, it does not tell again.
    expect(world.heard(2)).toEqual(['connectedToServer', 'connected 1'])
    expect(world.heard(1)).toEqual([])
  })

  test('one that is DISCONNECTED is refused, and nothing changes', async () => {
    await star({}, 2)
    const { api, mesh } = world.member(2)
    const other = new WebRTCMultiplayerPeer()
    expect(codeOf(() => (api.multiplayerPeer = other))).toBe('ERR_INVALID_PARAMETER')
    expect(api.multiplayerPeer).toBe(mesh)
    expect(api.getPeers()).toEqual([1])
    other[Symbol.dispose]()
  })

  test('an API made of a peer that is connected already misses nobody and nothing', async () => {
    world = new ApiWorld()
    world.add(1)
    const { mesh, api } = world.add(2)
    api.multiplayerPeer = null
    world.join(1, 2)
    await world.run(500)
    world.api(1).sendBytes(bytes(7))
    await world.run(500)

    const late = new MultiplayerAPI(mesh, { clock: world.network.clock })
    const heard = heardBy(late)
    expect(late.getPeers()).toEqual([])
    await world.run(0)
    expect(heard).toEqual(['connectedToServer', 'connected 1', 'packet 1 07'])
    late.multiplayerPeer = null
  })

  test('one that is taken away again at once says nothing', async () => {
    await star({}, 2)
    const { api, mesh } = world.member(2)
    api.multiplayerPeer = null
    const late = new MultiplayerAPI(mesh)
    const heard = heardBy(late)
    late.multiplayerPeer = null
    await world.run(100)
    expect(heard).toEqual([])
  })

  test('may be started after the API was made', async () => {
    world = await new ApiWorld().star()
    const mesh = new WebRTCMultiplayerPeer({ clock: world.network.clock })
    const api = new MultiplayerAPI(mesh, { clock: world.network.clock })
    const heard = heardBy(api)
    mesh.createClient(5)
    world.members.set(5, { mesh, api, heard })
    world.join(1, 5)
    await world.run(500)
    expect(heard).toEqual(['connectedToServer', 'connected 1'])
  })

  test('has its own refuseNewConnections', async () => {
    await star({}, 2)
    const { api, mesh } = world.member(1)
    api.refuseNewConnections = true
    expect([mesh.refuseNewConnections, api.refuseNewConnections]).toEqual([true, true])
    expect(codeOf(() => (new MultiplayerAPI().refuseNewConnections = true))).toBe('ERR_UNCONFIGURED')
  })
})

describe('close and dispose', () => {
  test('close the peer, complete the streams and leave no timer', async () => {
    await star({ authTimeout: 60_000 }, 2)
    const { api, mesh } = world.member(2)
    world.api(1).authCallback = () => undefined
    const streams: Observable<unknown>[] = [
      api.peerConnected$,
      api.peerDisconnected$,
      api.connectedToServer$,
      api.connectionFailed$,
      api.serverDisconnected$,
      api.peerAuthenticating$,
      api.peerAuthenticationFailed$,
      api.authenticationFailures$,
      api.peerPacket$,
      api.replication$,
    ]
    let completed = 0
    for (const stream of streams) stream.subscribe({ complete: () => completed++ })
    const closed = api.close()
    expect(completed).toBe(streams.length)
    expect(mesh.connectionStatus).toBe(ConnectionStatus.DISCONNECTED)
    expect(world.heard(2)).toEqual(['serverDisconnected'])
    await world.run(5_000)
    await closed
    expect(codeOf(() => (api.multiplayerPeer = world.member(1).mesh))).toBe('ERR_UNAVAILABLE')
    expect(codeOf(() => api.node('/root/Main', {}))).toBe('ERR_UNAVAILABLE')
    await api.close()
    api.poll()
  })

  test('from within a listener', async () => {
    await star({}, 2)
    const { api } = world.member(1)
    api.peerPacket$.subscribe(() => api[Symbol.dispose]())
    world.api(2).sendBytes(bytes(1))
    world.api(2).sendBytes(bytes(2))
    await world.run(1_000)
    expect(world.heard(1)).toEqual(['packet 2 01', 'serverDisconnected'])
    expect(world.heard(2)).toEqual(['disconnected 1', 'serverDisconnected'])
  })
})

describe('sendBytes', () => {
  test.each([
    ['nothing', bytes(), {}, 'ERR_INVALID_DATA'],
    ['what is no bytes', 'text' as unknown as Uint8Array, {}, 'ERR_INVALID_PARAMETER'],
    ['to half a peer', bytes(1), { to: 1.5 }, 'ERR_INVALID_PARAMETER'],
    ['beyond the ids', bytes(1), { to: 2 ** 31 }, 'ERR_INVALID_PARAMETER'],
    ['on a channel that there is not', bytes(1), { channel: 9 }, 'ERR_INVALID_PARAMETER'],
    ['in a mode that there is not', bytes(1), { mode: NO_MODE }, 'ERR_INVALID_PARAMETER'],
    ['more than a packet holds', new Uint8Array(262_140), {}, 'ERR_INVALID_PARAMETER'],
  ])('%s: %#', async (_, data, options, code) => {
    await star({}, 2, 3)
    expect(codeOf(() => world.api(2).sendBytes(data, options))).toBe(code)
  })

  test('to several goes to those who take it, and says who does not', async () => {
    await star({}, 2, 3)
    const { mesh } = world.member(1)
    const send = mesh.send.bind(mesh)
    mesh.send = (data, options) => {
      if (options?.to === 2) throw new Error('planted')
      return send(data, options)
    }
    expect(() => world.api(1).sendBytes(bytes(7))).toThrow(/sent to 1 peers, but not to 2\. .*planted/)
    await world.run()
    expect([world.heard(2), world.heard(3)]).toEqual([[], ['packet 1 07']])
  })

  test('before there is a session: ERR_UNCONFIGURED', () => {
    expect(codeOf(() => new MultiplayerAPI().sendBytes(bytes(1)))).toBe('ERR_UNCONFIGURED')
  })
})

describe('serverRelay', () => {
  test('cannot be changed while there are peers', async () => {
    await star({}, 2)
    expect(codeOf(() => (world.api(1).serverRelay = false))).toBe('ERR_ALREADY_IN_USE')
    world.api(1).serverRelay = true
    void world.member(1).mesh.close()
    world.api(1).serverRelay = false
    expect(world.api(1).serverRelay).toBe(false)
  })
})

describe('a client that cannot be told who is there', () => {
  test('is disconnected, as it would believe in peers that are gone', async () => {
    await star({}, 2, 3)
    const { mesh } = world.member(1)
    const send = mesh.send.bind(mesh)
    mesh.send = (data, options) => {
      if (options?.to === 2) throw new Error('16 MiB wait')
      return send(data, options)
    }
    world.add(4)
    world.join(1, 4)
    await world.run(1_000)
    expect(world.heard(1)).toEqual(['connected 4', 'disconnected 2'])
    expect(world.heard(3)).toEqual(['connected 4', 'disconnected 2'])
    expect(world.heard(4)).toEqual(['connectedToServer', 'connected 1', 'connected 2', 'connected 3', 'disconnected 2'])
  })
})

describe('Godot 3', () => {
  test('knows nothing of system packets, and its signals are those of the peer', async () => {
    world = new ApiWorld({ version: '3' })
    for (const id of [1, 2]) world.add(id)
    const sent: string[] = []
    world.member(2).mesh.packets$.subscribe(({ data }) => sent.push(Buffer.from(data).toString('hex')))
    world.join(1, 2)
    await world.run(500)
    world.add(3)
    world.join(1, 3)
    await world.run(500)
    world.api(1).sendBytes(bytes(1, 2), { to: 2 })
    await world.run(500)
    expect(sent).toEqual(['040102'])
    expect(world.heard(1)).toEqual(['connected 2', 'connected 3'])
    expect(world.heard(2)).toEqual(['connected 1', 'connectedToServer', 'packet 1 0102'])
    void world.member(1).mesh.close()
    await world.run(500)
    expect(world.heard(1)).toEqual([])
    expect(world.heard(2)).toEqual(['disconnected 1', 'serverDisconnected'])
  })

  test('a session with server compatibility that comes back to life has its peers again', async () => {
    world = new ApiWorld({ version: '3' })
    for (const id of [1, 2, 3]) world.add(id)
    for (const id of [1, 2, 3]) {
      const { mesh } = world.member(id)
      void mesh.close()
      mesh.initialize(id, true)
    }
    await world.run(100)
    for (const id of [1, 2, 3]) world.heard(id)
    world.join(1, 2)
    world.join(1, 3)
    world.join(2, 3)
    await world.run(500)
    expect(world.heard(2)).toEqual(['connected 1', 'connectedToServer', 'connected 3'])
    world.member(1).mesh.removePeer(2)
    await world.run(500)
    expect(world.heard(2)).toEqual(['disconnected 1', 'serverDisconnected'])
    expect(world.api(2).getPeers()).toEqual([3])
  })
})
