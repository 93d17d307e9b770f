import type { PeerCloseReason } from '../../../src/machines/peer-state.ts'
import { ConnectionStatus } from '../../../src/machines/mesh-types.ts'
import type { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { MeshModelEmitted } from '../../../src/testing/models/mesh-model-types.ts'

/** Whether a transport tells of its channels or of itself first, when it is lost, is its own business. */
const reasonOf = (reason: PeerCloseReason): string =>
  reason === 'connection-failed' || reason === 'channel-closed' ? 'lost' : reason

/** What the specification says is heard, as {@link listen} notes it. */
export function heardOf(said: MeshModelEmitted): string {
  switch (said.type) {
    case 'status':
      return `status ${said.status}`
    case 'peerRemoved':
      return `peerRemoved(${said.id}, ${reasonOf(said.reason)}${said.announced ? ', announced' : ''})`
    case 'peerConnected':
    case 'peerDisconnected':
      return `${said.type}(${said.id})`
    default:
      return said.type
  }
}

/** Notes everything that a mesh says, in one order. */
export function listen(mesh: WebRTCMultiplayerPeer, heard: string[]): void {
  mesh.connectionStatus$.subscribe((status) => heard.push(`status ${ConnectionStatus[status]}`))
  mesh.peerConnected$.subscribe((id) => heard.push(`peerConnected(${id})`))
  mesh.peerRemoved$.subscribe(({ peer, reason, announced }) =>
    heard.push(`peerRemoved(${peer}, ${reasonOf(reason)}${announced ? ', announced' : ''})`),
  )
  mesh.peerDisconnected$.subscribe((id) => heard.push(`peerDisconnected(${id})`))
  mesh.connectionSucceeded$.subscribe(() => heard.push('connectionSucceeded'))
  mesh.connectionFailed$.subscribe(() => heard.push('connectionFailed'))
  mesh.serverDisconnected$.subscribe(() => heard.push('serverDisconnected'))
}
