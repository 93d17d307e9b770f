/**
 * A client of each of the servers in servers.mjs.
 *
 *   client.offer(), client.signal(value)   connect it
 *   client.ready(others)                   resolves when it is connected, and knows of so many other clients if it is told of them
 *   client.send(payload, to, index)        to another client, or to everyone (0); index 0 reliable, 2 unreliable
 *   client.onPacket = (source, payload) => ...
 *   client.close()
 */
import { TransferMode, WebRTCMultiplayerPeer, WebRTCPeerConnection } from '../../dist/index.js'
import { MultiplayerAPI } from '../../dist/multiplayer-api.js'
import { rawEnd } from '../contestants/raw.mjs'
import { payloadOf, readPeer, withHeader } from './header.mjs'
import { signalled } from './signals.mjs'

const SERVER = 1
const RAW_MODES = ['reliable', 'ordered', 'unreliable']
const MODES = [TransferMode.RELIABLE, TransferMode.UNRELIABLE_ORDERED, TransferMode.UNRELIABLE]

export const CLIENTS = {
  native(_id, sendSignal) {
    const client = { onPacket: () => undefined }
    const end = rawEnd({ sendSignal, held: true })
    end.onPacket = (packet) => client.onPacket(readPeer(packet), payloadOf(packet))
    return Object.assign(client, {
      offer: end.start,
      signal: end.signal,
      ready: () => end.opened,
      send: (payload, to, index) => end.send(withHeader(to, payload), RAW_MODES[index]),
      close: end.close,
    })
  },

  peer(id, sendSignal) {
    const client = { onPacket: () => undefined }
    const { mesh, ...connecting } = meshClient(id, sendSignal)
    const opened = new Promise((resolve) => mesh.peerConnected$.subscribe(resolve))
    mesh.packets$.subscribe(({ data }) => client.onPacket(readPeer(data), payloadOf(data)))
    return Object.assign(client, connecting, {
      ready: () => opened,
      send: (payload, to, index) => mesh.send(withHeader(to, payload), { to: SERVER, mode: MODES[index] }),
      close: () => mesh.close({ immediate: true }),
    })
  },

  api(id, sendSignal) {
    const client = { onPacket: () => undefined }
    const { mesh, ...connecting } = meshClient(id, sendSignal)
    const api = new MultiplayerAPI(mesh)
    api.peerPacket$.subscribe(({ peer, data }) => client.onPacket(peer, data))
    return Object.assign(client, connecting, {
      ready: (others) =>
        new Promise((resolve) => {
          const look = () => api.getPeers().length === 1 + others && resolve()
          api.peerConnected$.subscribe(look)
          look()
        }),
      send: (payload, to, index) => api.sendBytes(payload, { to, mode: MODES[index] }),
      close: () => api.close({ immediate: true }),
    })
  },
}

function meshClient(id, sendSignal) {
  const mesh = new WebRTCMultiplayerPeer()
  mesh.createClient(id)
  const connection = new WebRTCPeerConnection({ iceServers: [] })
  mesh.addPeer(connection, SERVER)
  return { mesh, offer: () => connection.createOffer(), signal: signalled(connection, sendSignal) }
}
