import { afterEach, describe, expect, test } from '@jest/globals'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { type Packet, TransferMode } from '../../../src/services/multiplayer-peer/packet.ts'
import { connectPair } from '../../../src/testing/index.ts'
import { NodePeerConnection } from '../../../src/transport/node/node-peer-connection.ts'
import { record } from '../../support/mesh-world.ts'
import { waitFor } from '../../support/real-time.ts'

const meshes: WebRTCMultiplayerPeer[] = []
async function form(ids: number[], channels: TransferMode[] = []) {
  const peers = ids.map((id) => {
    const mesh = new WebRTCMultiplayerPeer()
    mesh.createMesh(id, channels)
    meshes.push(mesh)
    return mesh
  })
  for (const a of peers) {
    for (const b of peers) {
      if (a.uniqueId >= b.uniqueId) continue
      const [left, right] = [new NodePeerConnection(), new NodePeerConnection()]
      a.addPeer(left, b.uniqueId)
      b.addPeer(right, a.uniqueId)
      connectPair(left, right)
    }
  }
  await waitFor(
    () => peers.every((peer) => [...peer.getPeers().values()].every(({ connected }) => connected)),
    'everyone is connected',
  )
  return peers
}

describe('a real mesh', () => {
  afterEach(async () => {
    await Promise.all(meshes.splice(0).map((mesh) => mesh[Symbol.asyncDispose]()))
  })

  test('of four, with extra channels: every packet on every channel and target, then a graceful close', async () => {
    const channels = [TransferMode.RELIABLE, TransferMode.UNRELIABLE]
    const peers = await form([1, 2, 3, 4], channels)
    const received = new Map(peers.map((peer) => [peer.uniqueId, [] as Packet[]]))
    for (const peer of peers) peer.packets$.subscribe((packet) => received.get(peer.uniqueId)?.push(packet))
    const [first] = peers
    const routes = [
      { mode: TransferMode.RELIABLE, channel: 0 },
      { mode: TransferMode.UNRELIABLE_ORDERED, channel: 0 },
      { mode: TransferMode.UNRELIABLE, channel: 0 },
      { mode: TransferMode.RELIABLE, channel: 1 },
      { mode: TransferMode.UNRELIABLE, channel: 2 },
    ]
    for (const route of routes) {
      for (const to of [0, 3, -3]) {
        expect(first?.send(Uint8Array.of(9), { ...route, to }).sent).toBe(to === 0 ? 3 : to === 3 ? 1 : 2)
      }
    }
    await waitFor(() => [2, 3, 4].every((id) => received.get(id)?.length === 2 * routes.length), 'all packets arrived')
    for (const id of [2, 3, 4]) {
      const seen = received.get(id)?.map(({ peer, mode, channel, data }) => [peer, mode, channel, data])
      const expected = routes.flatMap(({ mode, channel }) => [0, 1].map(() => [1, mode, channel, Uint8Array.of(9)]))
      expect(seen).toHaveLength(expected.length)
      expect(seen).toEqual(expect.arrayContaining(expected))
    }

    // Plain bytes as in browsers, not Node's Buffer, whose slice() shares memory.
    const prototypes = [...received.values()].flat().map(({ data }) => Object.getPrototypeOf(data) as unknown)
    expect(new Set(prototypes)).toEqual(new Set([Uint8Array.prototype]))

    const heard = peers.slice(1).map(record)
    await first?.close()
    await waitFor(() => heard.every((entries) => entries.length > 0), 'everyone heard')
    expect(heard).toEqual(Array.from({ length: 3 }, () => ['peerDisconnected(1) CONNECTED']))
  })

  test('what was sent just before removePeer arrives, on every reliable channel', async () => {
    const [a, b] = await form([1, 2], [TransferMode.RELIABLE])
    const received: number[] = [0, 0]
    const order: string[] = []
    b?.packets$.subscribe(({ channel }) => {
      received[channel] = (received[channel] ?? 0) + 1
      order.push('packet')
    })
    b?.peerDisconnected$.subscribe(() => order.push('gone'))
    const kilobyte = new Uint8Array(1_000)
    for (let i = 0; i < 1_000; i++) {
      a?.send(kilobyte, { to: 2 })
      a?.send(kilobyte, { to: 2, channel: 1 })
    }
    a?.removePeer(2)
    await waitFor(() => order.at(-1) === 'gone', 'the peer is gone')
    expect(received).toEqual([1_000, 1_000])
  })

  test('everyone closes gracefully at the same time: nobody waits for the other', async () => {
    const peers = await form([1, 2, 3, 4])
    for (const peer of peers) peer.send(new Uint8Array(1_000))
    const start = performance.now()
    await Promise.all(peers.map((peer) => peer.close()))
    // 0.1 s for what was sent, and some milliseconds; closeTimeout would be 2 s.
    expect(performance.now() - start).toBeLessThan(1_000)
  })

  test('a peer that is removed at once sees the other gone at once', async () => {
    const [a, b] = await form([1, 2])
    const gone = new Promise<number>((resolve) => b?.peerDisconnected$.subscribe(() => resolve(performance.now())))
    const start = performance.now()
    a?.disconnectPeer(2, true)
    // Measured 1 to 15 ms; without channels and connection being closed it would take 12.8 s and more.
    expect((await gone) - start).toBeLessThan(1_000)
  })
})
