/** This package, as a user gets it: WebRTCMultiplayerPeer with its defaults. */
import { firstValueFrom } from 'rxjs'
import { TransferMode, WebRTCMultiplayerPeer, WebRTCPeerConnection } from '../../dist/index.js'
import { BACK_PRESSURE } from '../harness/back-pressure.mjs'

export const name = 'ours'
export const modes = ['reliable', 'ordered', 'unreliable']

const MODES = {
  reliable: TransferMode.RELIABLE,
  ordered: TransferMode.UNRELIABLE_ORDERED,
  unreliable: TransferMode.UNRELIABLE,
}
const NAMES = []
for (const [name, mode] of Object.entries(MODES)) NAMES[mode] = name

const sendOptions = (to) => ({
  reliable: { to, mode: MODES.reliable },
  ordered: { to, mode: MODES.ordered },
  unreliable: { to, mode: MODES.unreliable },
})

export function createEnd({ id, peerId, sendSignal }) {
  const mesh = new WebRTCMultiplayerPeer()
  mesh.createMesh(id)
  const end = connectTo(mesh, { peerId, sendSignal })
  mesh.packets$.subscribe(({ data, mode }) => end.onPacket(data, NAMES[mode]))
  end.close = () => mesh.close({ immediate: true })
  return end
}

/** One of many peers. @param topology - `mesh`, or `star`, in which 1 is the server. */
export function createPeer({ id, topology = 'mesh' }) {
  const mesh = new WebRTCMultiplayerPeer()
  if (topology === 'mesh') mesh.createMesh(id)
  else if (id === 1) mesh.createServer()
  else mesh.createClient(id)
  const ends = new Map()
  const all = sendOptions(0)
  const peer = {
    onPacket: () => undefined,
    ends,
    connect({ peerId, sendSignal }) {
      const end = connectTo(mesh, { peerId, sendSignal })
      ends.set(peerId, end)
      return end
    },
    send: (bytes, mode, to) => ends.get(to).send(bytes, mode),
    broadcast: (bytes, mode) => mesh.send(bytes, all[mode]),
    close: () => mesh.close({ immediate: true }),
  }
  mesh.packets$.subscribe(({ data, mode, peer: from }) => peer.onPacket(data, NAMES[mode], from))
  return peer
}

function connectTo(mesh, { peerId, sendSignal }) {
  const options = sendOptions(peerId)
  const connection = new WebRTCPeerConnection({ iceServers: [] })
  mesh.addPeer(connection, peerId)
  const [reliable, ordered, unreliable] = mesh.getPeer(peerId).channels
  const channels = { reliable, ordered, unreliable }
  for (const mode of ['ordered', 'unreliable']) channels[mode].bufferedAmountLowThreshold = BACK_PRESSURE[mode].low
  connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
    connection.setLocalDescription(type, sdp)
    sendSignal({ type, sdp })
  })
  connection.iceCandidateCreated$.subscribe(({ media, name }) => sendSignal({ candidate: name, mid: media }))
  const end = {
    onPacket: () => undefined,
    opened: new Promise((resolve) => {
      const watch = mesh.peerConnected$.subscribe((id) => {
        if (id !== peerId) return
        watch.unsubscribe()
        resolve()
      })
    }),
    start: () => connection.createOffer(),
    signal: ({ type, sdp, candidate, mid }) =>
      sdp === undefined ? connection.addIceCandidate(mid, 0, candidate) : connection.setRemoteDescription(type, sdp),
    send: (bytes, mode) => mesh.send(bytes, options[mode]).sent === 1,
    buffered: (mode) => channels[mode].bufferedAmount,
    drained: (mode) => (mode === 'reliable' ? mesh.drain(peerId) : drainedTo(channels[mode], BACK_PRESSURE[mode].low)),
  }
  return end
}

/** `drain()` is for what waits reliably, up to 256 KiB of it. Whoever wants less waits for the channel. */
async function drainedTo(channel, low) {
  // An event of an earlier moment may still be on its way.
  while (channel.bufferedAmount > low) await firstValueFrom(channel.bufferedAmountLow$)
}
