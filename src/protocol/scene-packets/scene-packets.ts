import { ByteReader, invalidData } from '../variant/byte-reader.ts'
import { ByteWriter } from '../variant/byte-writer.ts'
import { checkGodotVersion, DEFAULT_GODOT_VERSION, type GodotVersion } from '../variant/godot-version.ts'
import { COMMANDS, COMMAND_MASK, FLAG_DELTA } from './commands.ts'
import { decodeScenePacket3, encodeScenePacket3 } from './godot3.ts'
import type { ReplicationPacket, ScenePacket } from './packet.ts'
import { checkObject, unknownKind, writeContent } from './packet-checks.ts'
import { decodeConfirmById, decodeConfirmByPath, decodeSimplifyPath } from './path-cache.ts'
import { encodeConfirmPath, encodeSimplifyPath } from './path-cache.ts'
import { decodeRpc, encodeRpc } from './remote-call.ts'
import { decodeSystem, encodeSystem } from './system.ts'

/** Sizes that the engine asks for before it looks at a packet, in bytes (`on_spawn_receive`, `on_sync_receive`; a despawn is read as its one id). */
const MIN_SIZES = { raw: 2, spawn: 18, despawn: 5, sync: 11, delta: 11 } as const

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
 * Reads a packet of Godot's multiplayer API, as one `send` or data channel message carries it. What it says is not judged: whether the sender may, whether the node is there.
 *
 * Bytes in the result (`bytes`, `packet`, `arguments.bytes`) share their memory with the packet; copy what is kept while the packet's memory is used again.
 *
 * @param version - the Godot that all peers of the session speak. Default `'4.4'`.
 * @throws MultiplayerError `ERR_INVALID_DATA` for packets that Godot drops as malformed; `ERR_INVALID_PARAMETER` for what is not a Uint8Array, and for a version that does not exist.
 *
 * @example What passes between the peers of a running game:
 * ```ts
 * import { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
 * import { decodeScenePacket } from 'webrtc-multiplayer/multiplayer-api'
 * import { decodeArguments } from 'webrtc-multiplayer/variant'
 *
 * const mesh = new WebRTCMultiplayerPeer()
 * mesh.packets$.subscribe(({ peer, data }) => {
 *   const packet = decodeScenePacket(data)
 *   if (packet.kind === 'rpc') console.log(peer, packet.node, packet.method, decodeArguments(packet.arguments))
 *   else console.log(peer, packet.kind)
 * })
 * ```
 */
export function decodeScenePacket(packet: Uint8Array, version: GodotVersion = DEFAULT_GODOT_VERSION): ScenePacket {
  checkGodotVersion(version)
  return decode(new ByteReader(packet), version)
}

/**
 * Reads the packet inside a relayed one ({@link RelayPacket}). System packets are refused there, as in Godot: a client cannot speak as the server.
 *
 * @throws MultiplayerError `ERR_INVALID_DATA` for a system packet, and else as {@link decodeScenePacket} does.
 *
 * @example Who has really sent a packet:
 * ```ts
 * import { decodeRelayed, decodeScenePacket } from 'webrtc-multiplayer/multiplayer-api'
 *
 * function fromServer(data: Uint8Array) {
 *   const packet = decodeScenePacket(data)
 *   if (packet.kind !== 'relay') return { source: 1, packet }
 *   return { source: packet.peer, packet: decodeRelayed(packet.packet) }
 * }
 * ```
 */
export function decodeRelayed(packet: Uint8Array, version: GodotVersion = DEFAULT_GODOT_VERSION): ScenePacket {
  checkGodotVersion(version)
  const bytes = new ByteReader(packet)
  if (((bytes.bytes[0] ?? 0) & COMMAND_MASK) === COMMANDS.SYS) {
    throw invalidData('A relayed packet is a system packet, which only the server may send.')
  }
  return decode(bytes, version)
}

/**
 * Writes a packet of Godot's multiplayer API, byte for byte as Godot does.
 *
 * @param version - the Godot that all peers of the session speak. Default `'4.4'`.
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a packet that the version does not have or that receivers would drop as malformed, for ids out of range, for what are no bytes
 * (an array of numbers, an ArrayBuffer), and for a version that does not exist.
 *
 * @example
 * ```ts
 * import { WebRTCMultiplayerPeer } from 'webrtc-multiplayer'
 * import { encodeScenePacket } from 'webrtc-multiplayer/multiplayer-api'
 * import { encodeArguments } from 'webrtc-multiplayer/variant'
 *
 * const mesh = new WebRTCMultiplayerPeer()
 * const node = { path: 'Main/Player' }
 * mesh.send(encodeScenePacket({ kind: 'rpc', node, method: 0, arguments: encodeArguments([5, 'hi']) }))
 * ```
 */
export function encodeScenePacket(
  packet: ScenePacket,
  version: GodotVersion = DEFAULT_GODOT_VERSION,
): Uint8Array<ArrayBuffer> {
  checkGodotVersion(version)
  checkObject('A packet', packet)
  const bytes = new ByteWriter()
  if (version === '3') encodeScenePacket3(bytes, packet)
  else encodeScenePacket4(bytes, packet, version)
  return bytes.finish()
}

function decode(bytes: ByteReader, version: GodotVersion): ScenePacket {
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
      return { kind: 'raw', bytes: after(bytes, MIN_SIZES.raw) }
    case COMMANDS.SPAWN:
      return { kind: 'spawn', bytes: after(bytes, MIN_SIZES.spawn) }
    case COMMANDS.DESPAWN:
      return { kind: 'despawn', bytes: after(bytes, MIN_SIZES.despawn) }
    case COMMANDS.SYNC:
      return { kind: (first & FLAG_DELTA) === 0 ? 'sync' : 'delta', bytes: after(bytes, MIN_SIZES.sync) }
    default:
      // SYS: it is all that is left of three bits.
      return decodeSystem(bytes)
  }
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
      bytes.u8(COMMANDS.RAW)
      writeContent(bytes, packet.kind, packet.bytes, MIN_SIZES.raw - 1)
      return
    case 'spawn':
    case 'despawn':
    case 'sync':
    case 'delta':
      bytes.u8(REPLICATION[packet.kind])
      writeContent(bytes, packet.kind, packet.bytes, MIN_SIZES[packet.kind] - 1)
      return
    case 'auth':
    case 'add-peer':
    case 'del-peer':
    case 'relay':
      encodeSystem(bytes, packet)
      return
    default:
      throw unknownKind('Godot 4', packet.kind)
  }
}

/** All but the first byte of a packet that has this many at least. */
function after(bytes: ByteReader, min: number): Uint8Array {
  bytes.need(min)
  bytes.offset++
  return bytes.take(bytes.remaining)
}
