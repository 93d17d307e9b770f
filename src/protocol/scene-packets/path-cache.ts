import { invalid } from '../../checks.ts'
import type { ByteReader } from '../variant/byte-reader.ts'
import { invalidData } from '../variant/byte-reader.ts'
import type { ByteWriter } from '../variant/byte-writer.ts'
import { COMMANDS } from './commands.ts'
import { checkNodeId, isById, readNodeId, readPath, writePath } from './node-target.ts'
import type { ConfirmPathPacket, SimplifyPathPacket } from './packet.ts'

const MD5_DIGITS = 32

/** The command, the digits and their NUL, and the id. */
const SIMPLIFY_MIN = 1 + MD5_DIGITS + 1 + 4

export function decodeSimplifyPath(bytes: ByteReader): SimplifyPathPacket {
  bytes.need(SIMPLIFY_MIN)
  bytes.u8()
  // Whatever is there: what is no MD5 is equal to none.
  const md5 = String.fromCharCode(...bytes.take(MD5_DIGITS))
  bytes.u8()
  const id = readNodeId(bytes)
  return { kind: 'simplify-path', id, path: readPath(bytes), md5 }
}

export function encodeSimplifyPath(bytes: ByteWriter, { id, path, md5 }: SimplifyPathPacket): void {
  if (md5 === undefined || !/^[\x01-\x7f]{32}$/.test(md5)) {
    throw invalid('Godot 4 wants the MD5 of the names of the methods as 32 hexadecimal digits.', md5)
  }
  checkNodeId(id)
  bytes.u8(COMMANDS.SIMPLIFY_PATH)
  writePath(bytes, md5)
  bytes.u32(id)
  writePath(bytes, path)
}

/** Since Godot 4.3, and in 4.2.2. */
export function decodeConfirmById(bytes: ByteReader): ConfirmPathPacket {
  if (bytes.remaining !== 6) throw invalidData(`A confirmed path is told in 6 bytes, not in ${bytes.remaining}.`)
  bytes.u8()
  const valid = bytes.u8() !== 0
  return { kind: 'confirm-path', valid, node: { id: readNodeId(bytes) } }
}

/** In Godot 4.0 to 4.2. */
export function decodeConfirmByPath(bytes: ByteReader): ConfirmPathPacket {
  bytes.need(3)
  bytes.u8()
  const valid = bytes.u8() !== 0
  return { kind: 'confirm-path', valid, node: { path: readPath(bytes) } }
}

export function encodeConfirmPath(bytes: ByteWriter, { valid, node }: ConfirmPathPacket, byId: boolean): void {
  if (isById(node) !== byId) {
    throw invalid(`This version of Godot confirms a path by its ${byId ? 'id' : 'text'}.`, node)
  }
  bytes.u8(COMMANDS.CONFIRM_PATH)
  bytes.u8(valid ? 1 : 0)
  if (isById(node)) {
    checkNodeId(node.id)
    bytes.u32(node.id)
  } else {
    writePath(bytes, node.path)
  }
}
