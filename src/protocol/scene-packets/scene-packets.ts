import { invalid } from '../../checks.ts'
import { ByteReader, invalidData } from '../variant/byte-reader.ts'
import { ByteWriter } from '../variant/byte-writer.ts'
import { DEFAULT_GODOT_VERSION, type GodotVersion } from '../variant/godot-version.ts'
import { COMMANDS, COMMAND_MASK, FLAG_DELTA } from './commands.ts'
import { decodeScenePacket3, encodeScenePacket3 } from './godot3.ts'
import type { ReplicationPacket, ScenePacket } from './packet.ts'
import { decodeConfirmById, decodeConfirmByPath, decodeSimplifyPath } from './path-cache.ts'
import { encodeConfirmPath, encodeSimplifyPath } from './path-cache.ts'
import { decodeRpc, encodeRpc } from './remote-call.ts'
import { decodeSystem, encodeSystem } from './system.ts'

// Sizes that the engine asks for before it looks at a packet, in bytes (`on_spawn_receive`, `on_sync_receive`; a despawn is read as its one id).
const SPAWN_MIN = 18
const DESPAWN_MIN = 5
const SYNC_MIN = 11

/** Versions that tell a confirmed path by its id. */
const CONFIRM_BY_ID: ReadonlySet<GodotVersion> = new Set<GodotVersion>(['4.2.2', '4.3', '4.4'])

/** First bytes of replication packets. */
const REPLICATION: Readonly<Record<ReplicationPacket['kind'], number>> = {
  spawn: COMMANDS.SPAWN,
  despawn: COMMANDS.DESPAWN,
  sync: COMMANDS.SYNC,
  delta: COMMANDS.SYNC | FLAG_DELTA,
}

/**
 * Reads a packet of Godot's multiplayer API. What it says is not judged: whether the sender may, whether the node is there.
 *
 * @param version - the Godot that all peers of the session speak.
 * @throws MultiplayerError `ERR_INVALID_DATA` for packets that Godot drops as malformed.
 */
export function decodeScenePacket(packet: Uint8Array, version: GodotVersion = DEFAULT_GODOT_VERSION): ScenePacket {
  const bytes = new ByteReader(packet)
  bytes.need(1)
  if (version === '3') return decodeScenePacket3(bytes)
  const first = bytes.bytes[0] ?? 0
  const command = first & COMMAND_MASK
  switch (command) {
    case COMMANDS.REMOTE_CALL:
      return decodeRpc(bytes)
    case COMMANDS.SIMPLIFY_PATH:
      return decodeSimplifyPath(bytes)
    case COMMANDS.CONFIRM_PATH:
      return CONFIRM_BY_ID.has(version) ? decodeConfirmById(bytes) : decodeConfirmByPath(bytes)
    case COMMANDS.RAW:
      return { kind: 'raw', bytes: after(bytes, 2) }
    case COMMANDS.SPAWN:
      return { kind: 'spawn', bytes: after(bytes, SPAWN_MIN) }
    case COMMANDS.DESPAWN:
      return { kind: 'despawn', bytes: after(bytes, DESPAWN_MIN) }
    case COMMANDS.SYNC:
      return { kind: (first & FLAG_DELTA) === 0 ? 'sync' : 'delta', bytes: after(bytes, SYNC_MIN) }
    default:
      // SYS: it is all that is left of three bits.
      return decodeSystem(bytes)
  }
}

/**
 * Reads the packet inside a relayed one. System packets are refused there, as in Godot: a client cannot speak as the server.
 *
 * @throws MultiplayerError as {@link decodeScenePacket} does.
 */
export function decodeRelayed(packet: Uint8Array, version: GodotVersion = DEFAULT_GODOT_VERSION): ScenePacket {
  if (((packet[0] ?? 0) & COMMAND_MASK) === COMMANDS.SYS) {
    throw invalidData('A relayed packet is a system packet, which only the server may send.')
  }
  return decodeScenePacket(packet, version)
}

/**
 * Writes a packet of Godot's multiplayer API, byte for byte as Godot does.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a packet that the version does not have, and for ids out of range.
 */
export function encodeScenePacket(
  packet: ScenePacket,
  version: GodotVersion = DEFAULT_GODOT_VERSION,
): Uint8Array<ArrayBuffer> {
  const bytes = new ByteWriter()
  if (version === '3') encodeScenePacket3(bytes, packet)
  else encodeScenePacket4(bytes, packet, version)
  return bytes.finish()
}

function encodeScenePacket4(bytes: ByteWriter, packet: ScenePacket, version: GodotVersion): void {
  switch (packet.kind) {
    case 'rpc':
      encodeRpc(bytes, packet)
      return
    case 'simplify-path':
      encodeSimplifyPath(bytes, packet)
      return
    case 'confirm-path':
      encodeConfirmPath(bytes, packet, CONFIRM_BY_ID.has(version))
      return
    case 'raw':
      if (packet.bytes.byteLength === 0) throw invalid('A raw packet is not empty.', packet.bytes)
      bytes.u8(COMMANDS.RAW)
      bytes.raw(packet.bytes)
      return
    case 'spawn':
    case 'despawn':
    case 'sync':
    case 'delta':
      bytes.u8(REPLICATION[packet.kind])
      bytes.raw(packet.bytes)
      return
    case 'auth':
    case 'add-peer':
    case 'del-peer':
    case 'relay':
      encodeSystem(bytes, packet)
      return
    default:
      throw invalid(`Godot 4 has no packet "${packet.kind}".`, packet)
  }
}

/** All but the first byte of a packet that has this many at least. */
function after(bytes: ByteReader, min: number): Uint8Array {
  bytes.need(min)
  bytes.offset++
  return bytes.take(bytes.remaining)
}
