import { ConnectionStatus } from '../machines/mesh-types.ts'
import type { WebRTCMultiplayerPeer } from '../services/multiplayer-peer/multiplayer-peer.ts'

/** What a component sees of its mesh. The same object as long as nothing in it has changed. */
export interface MeshState {
  /** Null until it was joined, and when joining failed. */
  readonly mesh: WebRTCMultiplayerPeer | null
  /** This peer's id; 0 while there is no mesh. */
  readonly id: number
  /** DISCONNECTED while there is no mesh. */
  readonly status: ConnectionStatus
  /** The other peers that were announced, in ascending order. */
  readonly peers: readonly number[]
  /** Why there is no mesh: what joining threw. */
  readonly error: Error | null
}

/** Before a mesh was joined, after it was left, and on a server that renders the page. */
export const NO_MESH: MeshState = { mesh: null, id: 0, status: ConnectionStatus.DISCONNECTED, peers: [], error: null }

/** The state of a mesh now; the previous one, or its list of peers, where that has not changed. */
export function stateOf(mesh: WebRTCMultiplayerPeer, previous: MeshState): MeshState {
  const { uniqueId: id, connectionStatus: status } = mesh
  const announced = announcedPeers(mesh)
  const peers = isSameList(announced, previous.peers) ? previous.peers : announced
  const isSame = mesh === previous.mesh && id === previous.id && status === previous.status && peers === previous.peers
  return isSame ? previous : { mesh, id, status, peers, error: null }
}

function announcedPeers(mesh: WebRTCMultiplayerPeer): number[] {
  const { peers } = mesh.actor.getSnapshot().context
  // The actor may still have to carry out what a listener asked for; the mesh knows already.
  const announced = [...peers].filter(([id, peer]) => peer.announced && mesh.hasPeer(id))
  return announced.map(([id]) => id).sort((a, b) => a - b)
}

function isSameList(a: readonly number[], b: readonly number[]): boolean {
  return a.length === b.length && a.every((id, index) => id === b[index])
}
