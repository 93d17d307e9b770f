import { type MeshMode, TARGET_PEER_SERVER } from '../../machines/mesh-types.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { WebRTCPeerConnection } from '../../transport/peer-connection.ts'
import { ConnectionState } from '../../transport/states.ts'
import { checkWhole, invalid } from '../../checks.ts'
import type { PeerLink } from './peer-link.ts'
import { MAX_PEER_ID } from './unique-id.ts'

/** What `addPeer` is asked, and of which mesh. */
export interface AddPeerRequest {
  mode: MeshMode
  uniqueId: number
  refuseNewConnections: boolean
  links: ReadonlyMap<number, PeerLink>
  connection: WebRTCPeerConnection
  peerId: number
  unreliableLifetime: number
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless `min <= id <= 2147483647`. */
export function checkPeerId(id: number, min: number): void {
  checkWhole('A peer id here', id, min, MAX_PEER_ID)
}

/**
 * The checks of `addPeer`, in the order of Godot 4's `WebRTCMultiplayerPeer::add_peer`; beyond Godot's, one's own id and an id or a connection that
 * is already in the mesh are refused (the engine replaces the old peer silently).
 *
 * @throws MultiplayerError the first that applies.
 */
export function checkAddPeer(request: AddPeerRequest): void {
  const { mode, uniqueId, refuseNewConnections, links, connection, peerId, unreliableLifetime } = request
  if (mode === 'none') throw new MultiplayerError('ERR_UNCONFIGURED', 'Start this mesh first, as with createMesh().')
  if (mode === 'client' && peerId !== TARGET_PEER_SERVER) {
    throw invalid('A client only connects to the server, peer 1.', peerId)
  }
  checkPeerId(peerId, 1)
  if (peerId === uniqueId) throw invalid(`${peerId} is this peer's own id.`, peerId)
  checkWhole('unreliableLifetime, in milliseconds,', unreliableLifetime, 0, 65535)
  if (refuseNewConnections) {
    throw new MultiplayerError('ERR_UNAUTHORIZED', 'refuseNewConnections of this mesh is true.', { value: peerId })
  }
  if (!isConnection(connection)) throw invalid('connection must be a WebRTCPeerConnection.', connection)
  if (connection.connectionState !== ConnectionState.NEW) {
    throw invalid(
      'The connection must be NEW, as its channels are created here: add it before createOffer() or setRemoteDescription().',
      ConnectionState[connection.connectionState],
    )
  }
  if (links.has(peerId))
    throw alreadyInUse(`Peer ${peerId} is in the mesh already; removePeer(${peerId}) first.`, peerId)
  if ([...links.values()].some((link) => link.connection === connection)) {
    throw alreadyInUse('This connection belongs to another peer of the mesh already.', peerId)
  }
}

function isConnection(connection: unknown): connection is WebRTCPeerConnection {
  return typeof connection === 'object' && connection !== null && 'createDataChannel' in connection
}

function alreadyInUse(message: string, value: unknown): MultiplayerError {
  return new MultiplayerError('ERR_ALREADY_IN_USE', message, { value })
}
