/** A mesh whose eight peers are all open, and whose transport has been taken away from under it: what is sent goes nowhere, and what arrives is handed in. */
import { TransferMode, WebRTCMultiplayerPeer } from '../../dist/index.js'
import { SimulatedNetwork, connectPair } from '../../dist/testing/index.js'

const PEERS = 8

/** @returns `mesh`, and `deliver(bytes)`: a reliable packet of peer 2 arrives. */
export async function openMesh() {
  const network = new SimulatedNetwork({ seed: 1 })
  const meshOn = (id) => {
    const mesh = new WebRTCMultiplayerPeer({ clock: network.clock })
    mesh.createMesh(id)
    return { mesh, PeerConnection: network.host(`peer ${id}`).PeerConnection }
  }
  const { mesh, PeerConnection } = meshOn(1)
  const receivers = []
  let open = 0
  mesh.peerConnected$.subscribe(() => open++)
  for (let id = 2; id < 2 + PEERS; id++) {
    const other = meshOn(id)
    const ends = [watched(new PeerConnection(), receivers), new other.PeerConnection()]
    mesh.addPeer(ends[0], id)
    other.mesh.addPeer(ends[1], 1)
    connectPair(...ends)
  }
  await network.clock.runUntil(() => open === PEERS)
  for (let id = 2; id < 2 + PEERS; id++) for (const channel of mesh.getPeer(id).channels) channel.send = () => true
  return { mesh, TransferMode, deliver: (bytes) => receivers[0](bytes, false) }
}

/** Keeps what the channels of a connection are told to hand their messages to, in the order of the channels. */
function watched(connection, receivers) {
  const create = connection.createDataChannel.bind(connection)
  connection.createDataChannel = (...args) => {
    const channel = create(...args)
    const setReceiver = channel.setReceiver.bind(channel)
    channel.setReceiver = (receiver) => {
      receivers.push(receiver)
      setReceiver(receiver)
    }
    return channel
  }
  return connection
}
