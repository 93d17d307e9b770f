import { ConnectionStatus, TransferMode, type WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
import { encode, type Message } from './wire.ts'

/** Sends a message to everyone, or to one: a cursor unreliably, since only the newest place matters, all else reliably. */
export function send(mesh: WebRTCMultiplayerPeer, message: Message, to = 0): void {
  // A timer may fire once more after the mesh was closed.
  if (mesh.connectionStatus !== ConnectionStatus.CONNECTED) return
  const mode = message.is === 'cursor' ? TransferMode.UNRELIABLE_ORDERED : TransferMode.RELIABLE
  mesh.send(encode(message), { to, mode })
}
