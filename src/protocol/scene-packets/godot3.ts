import { invalid } from '../../checks.ts'
import type { ByteReader } from '../variant/byte-reader.ts'
import { invalidData } from '../variant/byte-reader.ts'
import type { ByteWriter } from '../variant/byte-writer.ts'
import { decodeStrict } from '../variant/utf8.ts'
import { COMMANDS_3 } from './commands.ts'
import {
  appendPath,
  checkNodeId,
  isById,
  readNodeId,
  readPath,
  resolveTarget,
  writePath,
  writeTarget,
} from './node-target.ts'
import type { RpcByNamePacket, RsetPacket, ScenePacket } from './packet.ts'
import { checkObject, unknownKind, writeContent } from './packet-checks.ts'
import { readArguments, writeArguments } from './remote-call.ts'

/** The command, four bytes of node, and the NUL of a name. */
const CALL_MIN = 6

/** @throws MultiplayerError `ERR_INVALID_DATA`, also for commands that Godot 3 ignores without a word. */
export function decodeScenePacket3(bytes: ByteReader): ScenePacket {
  const command = bytes.u8()
  switch (command) {
    case COMMANDS_3.REMOTE_CALL:
    case COMMANDS_3.REMOTE_SET:
      return decodeCall(bytes, command)
    case COMMANDS_3.SIMPLIFY_PATH: {
      bytes.need(4)
      const id = readNodeId(bytes)
      return { kind: 'simplify-path', id, path: readPath(bytes) }
    }
    case COMMANDS_3.CONFIRM_PATH:
      bytes.need(1)
      return { kind: 'confirm-path', valid: true, node: { path: readPath(bytes) } }
    case COMMANDS_3.RAW:
      bytes.need(1)
      return { kind: 'raw', bytes: bytes.take(bytes.remaining) }
    default:
      throw invalidData(`Godot 3 has no command ${command}.`)
  }
}

export function encodeScenePacket3(bytes: ByteWriter, packet: ScenePacket): void {
  switch (packet.kind) {
    case 'rpc-by-name':
    case 'rset':
      encodeCall(bytes, packet)
      return
    case 'simplify-path':
      checkNodeId(packet.id)
      bytes.u8(COMMANDS_3.SIMPLIFY_PATH)
      bytes.u32(packet.id)
      writePath(bytes, packet.path)
      return
    case 'confirm-path':
      if (isById(packet.node)) throw invalid('Godot 3 confirms a path by its text.', packet.node)
      bytes.u8(COMMANDS_3.CONFIRM_PATH)
      writePath(bytes, packet.node.path)
      return
    case 'raw':
      bytes.u8(COMMANDS_3.RAW)
      writeContent(bytes, packet.kind, packet.bytes, 1)
      return
    default:
      throw unknownKind('Godot 3', packet.kind)
  }
}

function decodeCall(bytes: ByteReader, command: number): ScenePacket {
  bytes.need(CALL_MIN - 1)
  const target = bytes.u32()
  const name = readName(bytes)
  const { node, end } = resolveTarget(bytes, target)
  if (command === COMMANDS_3.REMOTE_CALL) {
    return { kind: 'rpc-by-name', node, method: name, arguments: readArguments(bytes, end, false) }
  }
  if (bytes.offset >= end) throw invalidData('The value of a property is missing.')
  return {
    kind: 'rset',
    node,
    property: name,
    arguments: { count: 1, raw: false, bytes: bytes.take(end - bytes.offset) },
  }
}

function readName(bytes: ByteReader): string {
  const end = bytes.bytes.indexOf(0, bytes.offset)
  if (end < 0) throw invalidData('The name of a method or property does not end.')
  const name = decodeStrict(bytes.take(end - bytes.offset))
  bytes.offset++
  return name
}

function encodeCall(bytes: ByteWriter, packet: RpcByNamePacket | RsetPacket): void {
  const args = packet.arguments
  checkObject('What encodeArguments makes', args)
  if (args.raw) throw invalid("Arguments for Godot 3 are never raw; use encodeArguments with version '3'.", args)
  if (packet.kind === 'rset' && args.count !== 1) throw invalid('A property is set to one value.', args.count)
  const isCall = packet.kind === 'rpc-by-name'
  bytes.u8(isCall ? COMMANDS_3.REMOTE_CALL : COMMANDS_3.REMOTE_SET)
  const at = bytes.length
  writeTarget(bytes, packet.node)
  writePath(bytes, isCall ? packet.method : packet.property)
  if (isCall) writeArguments(bytes, args)
  else bytes.raw(args.bytes)
  appendPath(bytes, at, packet.node)
}
