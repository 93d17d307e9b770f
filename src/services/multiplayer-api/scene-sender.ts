import { checkWhole } from '../../checks.ts'
import { ConnectionStatus, TARGET_PEER_SERVER } from '../../machines/mesh-types.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { SendResult, TransferMode } from '../multiplayer-peer/packet.ts'
import type { MultiplayerPeerPort } from './multiplayer-peer-port.ts'
import { relayTo } from './relay-packet.ts'

/** Where and how a packet goes: the target as Godot counts (0 everyone, an id, a negative id everyone but that one). */
export interface SceneSendOptions {
  readonly to: number
  readonly mode: TransferMode
  readonly channel: number
}

/** Whom a sender can reach. */
export interface SenderView {
  readonly peer: MultiplayerPeerPort | null
  readonly admitted: ReadonlySet<number>
  /** Whether the server passes packets on. */
  readonly relays: boolean
}

const MAX_TARGET = 0x7fffffff

/**
 * Sends packets by Godot's rules: a client of a relaying server gives it whatever is not for the server itself; everyone else sends to admitted peers, one by one.
 *
 * @throws MultiplayerError `ERR_UNCONFIGURED` unless connected; `ERR_BUG` for a peer that is not admitted (Godot's code); what the peer's `send` throws.
 */
export function sendScene(
  { peer, admitted, relays }: SenderView,
  bytes: Uint8Array,
  { to, mode, channel }: SceneSendOptions,
): SendResult {
  if (peer?.connectionStatus !== ConnectionStatus.CONNECTED) {
    throw new MultiplayerError(
      'ERR_UNCONFIGURED',
      peer === null
        ? 'There is no peer to send with; set multiplayerPeer first.'
        : 'The peer is not CONNECTED; wait for connectedToServer$ or peerConnected$ before sending.',
    )
  }
  checkWhole('A target (0, an id, or a negative id)', to, -MAX_TARGET, MAX_TARGET)
  if (relays && !peer.isServer) {
    if (!admitted.has(TARGET_PEER_SERVER)) {
      throw new MultiplayerError('ERR_UNCONFIGURED', 'The server is not there yet; wait for connectedToServer$.')
    }
    const packet = to === TARGET_PEER_SERVER ? bytes : relayTo(to, bytes)
    return peer.send(packet, { to: TARGET_PEER_SERVER, mode, channel })
  }
  if (to > 0) {
    if (!admitted.has(to)) throw notAdmitted(to)
    return peer.send(bytes, { to, mode, channel })
  }
  return sendToMany(peer, [...admitted], bytes, { to, mode, channel })
}

function sendToMany(
  peer: MultiplayerPeerPort,
  admitted: readonly number[],
  bytes: Uint8Array,
  { to, mode, channel }: SceneSendOptions,
): SendResult {
  const sum = { sent: 0, dropped: 0, skipped: 0 }
  const failures = new Map<number, unknown>()
  for (const id of admitted) {
    if (id === -to) continue
    try {
      const { sent, dropped, skipped } = peer.send(bytes, { to: id, mode, channel })
      sum.sent += sent
      sum.dropped += dropped
      sum.skipped += skipped
    } catch (error) {
      failures.set(id, error)
    }
  }
  if (failures.size > 0) throw notSent(failures, sum.sent)
  return sum
}

function notAdmitted(to: number): MultiplayerError {
  return new MultiplayerError(
    'ERR_BUG',
    `Peer ${to} is not connected, or is reached only through the server and serverRelay is off.`,
    { value: to },
  )
}

function notSent(failures: ReadonlyMap<number, unknown>, sent: number): MultiplayerError {
  const peers = [...failures.keys()]
  const [cause] = failures.values()
  const code = cause instanceof MultiplayerError ? cause.code : 'FAILED'
  const message = cause instanceof Error ? cause.message : String(cause)
  return new MultiplayerError(
    code,
    `It was sent to ${sent} peers, but not to ${peers.join(', ')}. The first one's error: ${message}`,
    { value: peers, cause },
  )
}
