import { WebRTCMultiplayerPeer } from '../../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { TransferMode } from '../../../../src/services/multiplayer-peer/packet.ts'
import { reportTo } from '../../../../src/services/inspector/report/report-to.ts'
import { WebSocket } from '../../../../src/platform/websocket-node.ts'
import { NodePeerConnection } from '../../../../src/transport/node/node-peer-connection.ts'
import type { FromMember, Signal, ToMember } from '../member-messages.ts'

// A process with one peer of a mesh that reports to an inspector: its arguments are the inspector's address, the group, its id, and `godot-3` if the mesh waits for its server, peer 1, before it admits anybody.
const [url = '', group = '', id = '', kind = ''] = process.argv.slice(2)

/** Milliseconds between two packets to everyone. */
const SEND_INTERVAL = 50

const tell = (message: FromMember): void => {
  process.send?.(message)
}

// What was told waits some milliseconds for its frame. Who stood still between would send it when going on, long after its time; so it does at once after a frame.
let standsStillAfterReport = false
class ReportingSocket extends WebSocket {
  override send(data: string): void {
    super.send(data)
    if (!standsStillAfterReport) return
    standsStillAfterReport = false
    process.nextTick(() => process.kill(process.pid, 'SIGSTOP'))
  }
}

const mesh = new WebRTCMultiplayerPeer()
mesh.initialize(Number(id), kind === 'godot-3')
const reporter = reportTo(url, { name: `${group} ${id}`, WebSocket: ReportingSocket })
reporter.watch(mesh, { group })
reporter.state$.subscribe((state) => {
  if (state === 'reporting') tell({ is: 'reporting' })
})
mesh.peerConnected$.subscribe((peer) => {
  tell({ is: 'connected', peer, at: Date.now() })
})
mesh.peerDisconnected$.subscribe((peer) => {
  tell({ is: 'disconnected', peer, at: Date.now() })
})
setInterval(() => {
  for (const [peer, { connected }] of mesh.getPeers()) {
    // Only to those that were announced: others may not hear anything yet.
    if (connected && mesh.peer(peer).state === 'connected')
      mesh.send(new Uint8Array(20 * Number(id) * peer), { to: peer, mode: TransferMode.UNRELIABLE })
  }
}, SEND_INTERVAL)

const connections = new Map<number, NodePeerConnection>()

function add(peer: number, offers: boolean): void {
  const connection = new NodePeerConnection()
  connections.set(peer, connection)
  const signal = (signal: Signal): void => {
    tell({ is: 'signal', peer, signal })
  }
  connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
    connection.setLocalDescription(type, sdp)
    signal({ is: 'description', type, sdp })
  })
  connection.iceCandidateCreated$.subscribe(({ media, index, name }) => {
    signal({ is: 'candidate', media, index, name })
  })
  mesh.addPeer(connection, peer)
  mesh.peer(peer).state$.subscribe((state) => {
    if (state === 'channelsOpen') tell({ is: 'open', peer, at: Date.now() })
  })
  if (offers) connection.createOffer()
}

process.on('message', (message: ToMember) => {
  if (message.is === 'add') {
    add(message.peer, message.offers)
    return
  }
  if (message.is === 'stand-still') {
    standsStillAfterReport = true
    return
  }
  const { peer, signal } = message
  const connection = connections.get(peer)
  if (signal.is === 'description') connection?.setRemoteDescription(signal.type, signal.sdp)
  else connection?.addIceCandidate(signal.media, signal.index, signal.name)
})
process.on('disconnect', () => process.exit())
