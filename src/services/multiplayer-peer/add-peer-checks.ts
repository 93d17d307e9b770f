import { type MeshMode, TARGET_PEER_SERVER } from '../../machines/mesh-types.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { WebRTCPeerConnection } from '../../transport/peer-connection.ts'
import { ConnectionState } from '../../transport/states.ts'
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
  if (!Number.isInteger(id) || id < min || id > MAX_PEER_ID) {
    throw invalid(`A peer id here is a whole number from ${min} to ${MAX_PEER_ID}.`, id)
  }
}

/**
 * The checks of `addPeer`, in the order of Godot 4's `WebRTCMultiplayerPeer::add_peer`; beyond Godot's, one's own id and an id or a connection that
 * is already in the mesh are refused (the engine replaces the old peer silently).
 *
 * @throws MultiplayerError the first that applies.
 */
export function checkAddPeer(request: AddPeerRequest): void {
  const { mode, uniqueId, links, connection, peerId, unreliableLifetime } = request
  if (mode === 'none') {
    throw new MultiplayerError('ERR_UNCONFIGURED', 'Call createMesh, createServer, createClient or initialize first.')
  }
  if (mode === 'client' && peerId !== TARGET_PEER_SERVER) {
    throw invalid('A client only connects to the server, peer 1.', peerId)
  }
  if (mode === 'server' && peerId === TARGET_PEER_SERVER) {
    throw invalid('Peer 1 is this server itself.', peerId)
  }
  checkPeerId(peerId, 1)
  if (peerId === uniqueId) {
    throw invalid(`${peerId} is this peer's own id.`, peerId)
  }
  if (!Number.isInteger(unreliableLifetime) || unreliableLifetime < 0 || unreliableLifetime > 65535) {
    throw invalid('unreliableLifetime is in whole milliseconds, from 0 to 65535.', unreliableLifetime)
  }
  if (request.refuseNewConnections) {
    throw new MultiplayerError(
      'ERR_UNAUTHORIZED',
      'This mesh refuses new connections (refuseNewConnections is true).',
      {
        value: peerId,
      },
    )
  }
  if (!isConnection(connection)) {
    throw invalid('connection must be a WebRTCPeerConnection.', connection)
  }
  if (connection.connectionState !== ConnectionState.NEW) {
    throw invalid(
      'The connection must be NEW: add it before createOffer() or setRemoteDescription(), as its channels are created here.',
      ConnectionState[connection.connectionState],
    )
  }
  const taken = links.has(peerId)
    ? `Peer ${peerId} is in the mesh already; removePeer(${peerId}) first.`
    : [...links.values()].some((link) => link.connection === connection)
      ? 'This connection belongs to another peer of the mesh already.'
      : null
  if (taken !== null) throw new MultiplayerError('ERR_ALREADY_IN_USE', taken, { value: peerId })
}

function isConnection(connection: unknown): connection is WebRTCPeerConnection {
  return typeof connection === 'object' && connection !== null && 'createDataChannel' in connection
}

function invalid(message: string, value: unknown): MultiplayerError {
  return new MultiplayerError('ERR_INVALID_PARAMETER', message, { value })
}
