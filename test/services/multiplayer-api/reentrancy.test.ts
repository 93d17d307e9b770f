import { afterEach, describe, expect, test } from '@jest/globals'
import { take } from 'rxjs'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import type { MultiplayerAPIOptions } from '../../../src/services/multiplayer-api/options.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { ApiWorld, bytes, codeOf, heardBy } from './support/api-world.ts'
import { FakePeer } from './support/fake-peer.ts'

// What listeners do while they are told of something: everything may change under whoever tells them.

let world = new ApiWorld()
afterEach(async () => {
  expect(await world.end()).toBe(0)
})

/** Peers of a mesh without an API, connected to peer 1, which has sent them nothing yet. */
async function bareMesh(...ids: number[]): Promise<WebRTCMultiplayerPeer> {
  world = new ApiWorld()
  for (const id of [1, ...ids]) world.add(id, {}, 'mesh')
  const { api, mesh } = world.member(1)
  api.multiplayerPeer = null
  for (const id of ids) world.join(1, id)
  await world.run(500)
  return mesh
}

describe('an API that is made', () => {
  test('in a listener of the peer that tells of somebody admits who is told of', async () => {
    world = new ApiWorld()
    for (const id of [1, 2]) world.add(id)
    const { mesh, api } = world.member(1)
    api.multiplayerPeer = null
    let late = api
    let heard: string[] = []
    mesh.peerConnected$.pipe(take(1)).subscribe(() => {
      late = new MultiplayerAPI(mesh, { clock: world.network.clock })
      heard = heardBy(late)
    })
    world.api(2).connectedToServer$.subscribe(() => world.api(2).sendBytes(bytes(7)))
    world.join(1, 2)
    await world.run(500)
    expect(heard).toEqual(['connected 2', 'packet 2 07'])
    expect(late.stats().strangerPackets).toBe(0)
    late.multiplayerPeer = null
  })

  test('of a peer with connections and loses it at the first one says nothing of the others', async () => {
    const mesh = await bareMesh(2, 3)
    world.api(2).sendBytes(bytes(7))
    await world.run(100)
    const late = new MultiplayerAPI(mesh, { clock: world.network.clock })
    const heard = heardBy(late)
    late.peerConnected$.subscribe(() => (late.multiplayerPeer = null))
    await world.run(100)
    expect([heard, late.getPeers()]).toEqual([['connected 2'], []])
    // What waited there is still there, for whoever comes next.
    expect(late.stats().strangerPackets).toBe(0)
    expect(mesh.getAvailablePacketCount()).toBe(1)
  })

  test('and loses its peer at the first packet that waited leaves the others where they are', async () => {
    const mesh = await bareMesh(2)
    for (const byte of [7, 8, 9]) world.api(2).sendBytes(bytes(byte))
    await world.run(100)
    const late = new MultiplayerAPI(mesh, { clock: world.network.clock })
    const heard = heardBy(late)
    late.peerPacket$.subscribe(() => (late.multiplayerPeer = null))
    await world.run(100)
    expect(heard).toEqual(['connected 2', 'packet 2 07'])
    expect(late.stats().strangerPackets).toBe(0)
    expect(mesh.getAvailablePacketCount()).toBe(2)
  })
})

describe('a peer', () => {
  test('that is closed by a listener before the API hears of somebody leaves no ghost', async () => {
    world = new ApiWorld()
    world.add(2)
    const mesh = new WebRTCMultiplayerPeer({ clock: world.network.clock })
    mesh.createMesh(1)
    mesh.peerConnected$.subscribe(() => void mesh.close())
    const api = new MultiplayerAPI(mesh, { clock: world.network.clock })
    world.members.set(1, { mesh, api, heard: heardBy(api) })
    world.join(1, 2)
    await world.run(500)
    expect([world.heard(1), api.getPeers()]).toEqual([['serverDisconnected'], []])
  })

  test('that loses an authenticating one and gets it back at once keeps the new one', async () => {
    world = new ApiWorld({ authCallback: () => undefined, authTimeout: 0 })
    world.add(2)
    const mesh = new WebRTCMultiplayerPeer({ clock: world.network.clock })
    mesh.createServer()
    let isBack = false
    mesh.peerRemoved$.pipe(take(1)).subscribe(() => {
      isBack = true
      world.join(1, 2)
    })
    const api = new MultiplayerAPI(mesh, { clock: world.network.clock, authCallback: () => undefined, authTimeout: 0 })
    world.members.set(1, { mesh, api, heard: heardBy(api) })
    world.join(1, 2)
    await world.run(500)
    world.member(2).mesh.removePeer(1)
    await world.run(1_000)
    expect(isBack).toBe(true)
    expect(world.heard(1)).toEqual([
      'authenticating 2',
      'failure 2 connection-lost',
      'authenticationFailed 2',
      'authenticating 2',
    ])
    expect(api.getAuthenticatingPeers()).toEqual([2])
  })

  test.each<[string, MultiplayerAPIOptions, (peer: FakePeer) => void, string[]]>([
    ['removed', {}, (peer) => peer.disconnectPeer(1), []],
    [
      'lost',
      { reportLostPeers: true },
      (peer) => peer.connectionStatus$.next(ConnectionStatus.DISCONNECTED),
      ['serverDisconnected'],
    ],
  ])(
    'of which connectedToServer$ tells and that is %s by a listener is not said to be gone, as it was never named',
    (...[, options, goes, heard]) => {
      const peer = new FakePeer(2)
      const api = new MultiplayerAPI(peer, options)
      const all = heardBy(api)
      api.connectedToServer$.subscribe(() => goes(peer))
      peer.connect(1)
      expect([all, api.getPeers()]).toEqual([['connectedToServer', ...heard], []])
    },
  )

  test('that is replaced while another is being set: the last one that was asked for stays alone', () => {
    const [first, second, third] = [new FakePeer(1), new FakePeer(1), new FakePeer(1)]
    const api = new MultiplayerAPI(first, {
      authTimeout: 0,
      authenticate: (_, channel) => {
        channel.signal.addEventListener('abort', () => (api.multiplayerPeer = third))
        return new Promise(() => undefined)
      },
    })
    first.connect(2)
    api.multiplayerPeer = second
    const observed = [first, second, third].map(({ peerConnected$ }) => peerConnected$.observed)
    expect(observed.filter(Boolean)).toHaveLength(1)
    expect([first, second, third].find(({ peerConnected$ }) => peerConnected$.observed)).toBe(api.multiplayerPeer)
    api[Symbol.dispose]()
  })

  test('that an authentication which ends with its session takes away: of that session nothing more is said', () => {
    const peer = new FakePeer(2)
    const api = new MultiplayerAPI(peer, {
      authTimeout: 0,
      authenticate: (_, channel) => {
        channel.signal.addEventListener('abort', () => (api.multiplayerPeer = null))
        return new Promise(() => undefined)
      },
    })
    const heard = heardBy(api)
    peer.connect(1)
    peer.connectionStatus$.next(ConnectionStatus.DISCONNECTED)
    expect(heard).toEqual(['authenticating 1'])
  })

  test('that a listener of disconnectPeer replaces: the old one is disconnected, not its namesake in the new one', () => {
    const [old, other] = [new FakePeer(1), new FakePeer(1)]
    const api = new MultiplayerAPI(old)
    old.connect(2)
    other.connect(2)
    api.peerDisconnected$.subscribe(() => (api.multiplayerPeer = other))
    expect(api.disconnectPeer(2, { report: true })).toBe(true)
    expect([old.hasPeer(2), other.hasPeer(2)]).toEqual([false, true])
    api[Symbol.dispose]()
  })

  test('that a listener of a lost session replaces: of the old one nothing more is said', () => {
    const peer = new FakePeer(2)
    const api = new MultiplayerAPI(peer, { reportLostPeers: true })
    peer.connect(1)
    for (const id of [3, 4]) peer.receive(1, bytes(7, 1, id, 0, 0, 0))
    expect(api.getPeers()).toEqual([1, 3, 4])
    const heard = heardBy(api)
    api.peerDisconnected$.subscribe(() => (api.multiplayerPeer = null))
    peer.connectionStatus$.next(ConnectionStatus.DISCONNECTED)
    expect(heard).toEqual(['disconnected 1'])
  })
})

describe('close', () => {
  test('while a listener starts the peer anew: it stays closed', () => {
    world = new ApiWorld()
    const { mesh, api } = world.add(2)
    api.connectionFailed$.subscribe(() => mesh.createClient(2))
    void api.close()
    expect(mesh.connectionStatus).toBe(ConnectionStatus.DISCONNECTED)
  })

  test('a second time, when the peer has been started for somebody else, leaves it alone', async () => {
    world = await new ApiWorld().star(2)
    const { mesh, api } = world.member(2)
    const closed = api.close()
    await world.run(3_000)
    await closed
    mesh.createClient(3)
    const next = new MultiplayerAPI(mesh, { clock: world.network.clock })
    world.members.set(3, { mesh, api: next, heard: heardBy(next) })
    world.join(1, 3)
    await world.run(500)
    void api.close()
    void api.close({ immediate: true })
    expect(mesh.connectionStatus).toBe(ConnectionStatus.CONNECTED)
    expect(next.getPeers()).toEqual([1])
  })

  test('a second time, immediately, does not wait for the first', async () => {
    world = await new ApiWorld().star(2)
    const { api } = world.member(2)
    let isClosed = false
    const closed = api.close()
    void closed.then(() => (isClosed = true))
    await world.run(0)
    expect(isClosed).toBe(false)
    void api.close({ immediate: true })
    await world.run(0)
    expect(isClosed).toBe(true)
  })
})

describe('two APIs', () => {
  test('cannot share one peer, where each would relay what the other relays', async () => {
    world = await new ApiWorld().star(2, 3)
    const { mesh, api } = world.member(1)
    expect(codeOf(() => new MultiplayerAPI(mesh))).toBe('ERR_ALREADY_IN_USE')
    const other = new MultiplayerAPI()
    expect(codeOf(() => (other.multiplayerPeer = mesh))).toBe('ERR_ALREADY_IN_USE')
    world.api(2).sendBytes(bytes(7), { to: 3 })
    await world.run(100)
    expect(world.heard(3)).toEqual(['packet 2 07'])
    api.multiplayerPeer = null
    other.multiplayerPeer = mesh
    expect(other.multiplayerPeer).toBe(mesh)
    other.multiplayerPeer = null
  })

  test('may have one after the other: a closed one gives its peer back', async () => {
    world = await new ApiWorld().star(2)
    const { mesh, api } = world.member(2)
    void api.close()
    mesh[Symbol.dispose]()
    expect(codeOf(() => new MultiplayerAPI(mesh).multiplayerPeer === mesh)).toBe(true)
  })
})

describe('authenticate', () => {
  const secret: MultiplayerAPIOptions = { authenticate: () => undefined }

  test('may complete by itself what it then returns from', async () => {
    world = new ApiWorld()
    world.add(1, secret)
    const { api } = world.add(2, { authenticate: (peer) => api.completeAuth(peer) })
    world.join(1, 2)
    await world.run(500)
    expect(world.heard(2)).toEqual(['authenticating 1', 'connectedToServer', 'connected 1'])
  })
})
