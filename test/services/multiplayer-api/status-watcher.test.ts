import { describe, expect, test } from '@jest/globals'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import { MultiplayerAPI } from '../../../src/services/multiplayer-api/multiplayer-api.ts'
import { codeOf, heardBy } from './support/api-world.ts'
import { FakePeer } from './support/fake-peer.ts'

// Godot's watcher of the peer's status, and who is told of server 1, row by row.

const { DISCONNECTED, CONNECTING, CONNECTED } = ConnectionStatus

/** An API of a peer that has these statuses one after the other, the first one when it is set. */
function watch(statuses: readonly ConnectionStatus[], version: '3' | '4.4' = '4.4') {
  const peer = new FakePeer(2)
  const [first = DISCONNECTED, ...rest] = statuses
  peer.connectionStatus$.next(first)
  const api = new MultiplayerAPI(peer, { version })
  const heard = heardBy(api)
  for (const status of rest) peer.connectionStatus$.next(status)
  return { peer, api, heard }
}

describe('the status', () => {
  test.each<[before: ConnectionStatus, after: ConnectionStatus, heard: string[]]>([
    [DISCONNECTED, DISCONNECTED, []],
    [DISCONNECTED, CONNECTING, []],
    [DISCONNECTED, CONNECTED, []],
    [CONNECTING, DISCONNECTED, ['connectionFailed']],
    [CONNECTING, CONNECTING, []],
    [CONNECTING, CONNECTED, []],
    [CONNECTED, DISCONNECTED, ['serverDisconnected']],
    [CONNECTED, CONNECTING, []],
    [CONNECTED, CONNECTED, []],
  ])('%i, then %i: %j', (before, after, expected) => {
    expect(watch([before, after]).heard).toEqual(expected)
    // In Godot 3 these are the signals of the peer instead.
    expect(watch([before, after], '3').heard).toEqual([])
  })

  test.each<[statuses: ConnectionStatus[], heard: string[]]>([
    [[DISCONNECTED, CONNECTING, CONNECTED, DISCONNECTED], ['serverDisconnected']],
    [
      [DISCONNECTED, CONNECTING, DISCONNECTED, CONNECTING, DISCONNECTED],
      ['connectionFailed', 'connectionFailed'],
    ],
    // What counts is the last one, not whether it ever was connected.
    [[CONNECTED, CONNECTING, DISCONNECTED], ['connectionFailed']],
    [[CONNECTED, DISCONNECTED, DISCONNECTED, CONNECTED], ['serverDisconnected']],
  ])('%j: %j', (statuses, expected) => {
    expect(watch(statuses).heard).toEqual(expected)
  })

  test.each([
    ['peerConnected$', (peer: FakePeer) => peer.peerConnected$],
    ['peerRemoved$', (peer: FakePeer) => peer.peerRemoved$],
    ['connectionStatus$', (peer: FakePeer) => peer.connectionStatus$],
    ['packets$', (peer: FakePeer) => peer.packets$],
  ])('of a peer that was replaced is not watched any more, nor its %s', (_, stream) => {
    const { peer, api, heard } = watch([CONNECTED])
    peer.connect(1)
    expect(stream(peer).observed).toBe(true)
    api.multiplayerPeer = new FakePeer(2)
    expect(stream(peer).observed).toBe(false)
    peer.connectionStatus$.next(DISCONNECTED)
    expect(heard).toEqual(['connectedToServer', 'connected 1'])
    api.multiplayerPeer = null
  })
})

describe('multiplayerPeer', () => {
  test.each([
    ['a DISCONNECTED one', () => watch([DISCONNECTED]).peer, 'ERR_INVALID_PARAMETER'],
    ['one of another API', () => watch([CONNECTED]).peer, 'ERR_ALREADY_IN_USE'],
  ])('%s is refused, and nothing is changed', (_, other, code) => {
    const { peer, api, heard } = watch([CONNECTED])
    peer.connect(1)
    expect(codeOf(() => (api.multiplayerPeer = other()))).toBe(code)
    expect([api.multiplayerPeer === peer, api.getPeers()]).toEqual([true, [1]])
    // The same again is nothing new.
    api.multiplayerPeer = peer
    expect([api.getPeers(), heard]).toEqual([[1], ['connectedToServer', 'connected 1']])
  })

  test.each<[string, ConnectionStatus | null]>([
    ['null', null],
    ['one that is CONNECTING', CONNECTING],
    ['one that is CONNECTED', CONNECTED],
  ])('%s is taken, and of the old one nothing is said', (_, status) => {
    const { peer, api, heard } = watch([CONNECTED])
    peer.connect(1)
    const other = status === null ? null : new FakePeer(3)
    if (status !== null) other?.connectionStatus$.next(status)
    heard.length = 0
    api.multiplayerPeer = other
    expect([heard, api.getPeers(), api.uniqueId, api.connectionStatus]).toEqual([
      [],
      [],
      other === null ? 0 : 3,
      status ?? DISCONNECTED,
    ])
  })
})

describe('connectedToServer$ tells of peer 1', () => {
  test.each<[what: string, own: number, mode: 'star' | 'mesh', peers: number[], heard: string[]]>([
    ['a client', 2, 'star', [1], ['connectedToServer', 'connected 1']],
    ['one of a mesh', 3, 'mesh', [2, 1], ['connected 2', 'connectedToServer', 'connected 1']],
    ['one of a mesh without it', 3, 'mesh', [2], ['connected 2']],
    ['the first of a mesh', 1, 'mesh', [2], ['connected 2']],
    ['a server', 1, 'star', [2], ['connected 2']],
  ])('%s: %i in a %s, peers %j: %j', (_, own, mode, peers, expected) => {
    const peer = new FakePeer(own, mode)
    const heard = heardBy(new MultiplayerAPI(peer))
    for (const id of peers) peer.connect(id)
    expect(heard).toEqual(expected)
  })

  test.each<[what: string, happens: (peer: FakePeer) => void, heard: string[]]>([
    ['connection_succeeded', (peer) => peer.connectionSucceeded$.next(), ['connectedToServer']],
    ['connection_failed', (peer) => peer.connectionFailed$.next(), ['connectionFailed']],
    ['server_disconnected', (peer) => peer.serverDisconnected$.next(), ['serverDisconnected']],
    ['peer_connected of 1', (peer) => peer.connect(1), ['connected 1']],
  ])("in Godot 3 all three are the peer's own: %s", (_, happens, expected) => {
    const { peer, heard } = watch([CONNECTED], '3')
    happens(peer)
    expect(heard).toEqual(expected)
  })
})
