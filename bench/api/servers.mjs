/**
 * The servers that are compared. Each passes packets on between its clients:
 * `native` over node-datachannel, `peer` over WebRTCMultiplayerPeer, both in a loop that reads the target, writes the source over it and sends the same bytes on; `api` is MultiplayerAPI's relay.
 *
 *   server.add(id)             expects a client; resolves when it is connected
 *   server.signal(id, signal)  takes what the client sent
 *   server.close()
 */
import { WebRTCMultiplayerPeer, WebRTCPeerConnection } from '../../dist/index.js'
import { MultiplayerAPI } from '../../dist/multiplayer-api.js'
import { rawEnd } from '../contestants/raw.mjs'
import { readPeer, writePeer } from './header.mjs'
import { signalled } from './signals.mjs'

/** @param sendSignal - called with the client's id and the signal. */
export const SERVERS = {
  native(sendSignal) {
    const ends = new Map()
    return {
      add(id) {
        const end = rawEnd({ sendSignal: (signal) => sendSignal(id, signal) })
        ends.set(id, end)
        end.onPacket = (packet, mode) => {
          const target = readPeer(packet)
          writePeer(packet, id)
          if (target !== 0) ends.get(target).send(packet, mode)
          else for (const [other, { send }] of ends) if (other !== id) send(packet, mode)
        }
        return end.opened
      },
      signal: (id, signal) => ends.get(id).signal(signal),
      close: () => Promise.all(Array.from(ends.values(), (end) => end.close())),
    }
  },

  peer(sendSignal) {
    const { mesh, ...server } = meshServer(sendSignal)
    mesh.packets$.subscribe(({ peer, data, mode }) => {
      const target = readPeer(data)
      writePeer(data, peer)
      mesh.send(data, { to: target === 0 ? -peer : target, mode })
    })
    return { ...server, close: () => mesh.close({ immediate: true }) }
  },

  api(sendSignal) {
    const { mesh, ...server } = meshServer(sendSignal)
    const api = new MultiplayerAPI(mesh)
    return { ...server, close: () => api.close({ immediate: true }) }
  },
}

function meshServer(sendSignal) {
  const mesh = new WebRTCMultiplayerPeer()
  mesh.createServer()
  const signals = new Map()
  return {
    mesh,
    add(id) {
      const connection = new WebRTCPeerConnection({ iceServers: [] })
      mesh.addPeer(connection, id)
      signals.set(
        id,
        signalled(connection, (signal) => sendSignal(id, signal)),
      )
      return new Promise((resolve) => mesh.peerConnected$.subscribe((peer) => peer === id && resolve()))
    },
    signal: (id, signal) => signals.get(id)(signal),
  }
}
