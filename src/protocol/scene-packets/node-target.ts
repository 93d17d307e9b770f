import { checkWhole } from '../../checks.ts'
import { ByteReader, invalidData } from '../variant/byte-reader.ts'
import type { ByteWriter } from '../variant/byte-writer.ts'
import { decodeStrict } from '../variant/utf8.ts'
import type { NodeByPath, NodeTarget } from './packet.ts'
import { checkObject } from './packet-checks.ts'

/** Set in a node's id: what follows is the offset of a path in the packet. */
const BY_PATH = 0x80000000

/** Ids have 31 bits. */
const MAX_NODE_ID = 0x7fffffff

/** Reads a text up to its NUL, or to the end of the packet: Godot does not miss the NUL. */
export function readPath(bytes: ByteReader): string {
  return decodeStrict(bytes.take(Math.max(0, bytes.remaining)))
}

export function writePath(bytes: ByteWriter, path: string): void {
  bytes.text(path)
  bytes.u8(0)
}

/** @throws MultiplayerError `ERR_INVALID_DATA` for an id that no call could name, since its top bit means something else there. Godot keeps such a one, for nothing. */
export function readNodeId(bytes: ByteReader): number {
  const id = bytes.u32()
  if (id > MAX_NODE_ID) throw invalidData(`${id} is no id of a node.`)
  return id
}

/** Writes the four bytes of a node's id, or room for the offset of its path. */
export function writeTarget(bytes: ByteWriter, node: NodeTarget): void {
  if (!isById(node)) {
    bytes.u32(0)
    return
  }
  checkNodeId(node.id)
  bytes.u32(node.id)
}

/** Appends the path, and writes its offset to `at`, where {@link writeTarget} wrote. Nothing for a node by its id. */
export function appendPath(bytes: ByteWriter, at: number, node: NodeTarget): void {
  if (isById(node)) return
  bytes.patchU32(at, bytes.length | BY_PATH)
  writePath(bytes, node.path)
}

/**
 * What four bytes of node id mean.
 *
 * @returns the node, and where the rest of the packet (names, arguments) ends.
 * @throws MultiplayerError `ERR_INVALID_DATA` for an offset outside the packet or before `bytes.offset`.
 */
export function resolveTarget(bytes: ByteReader, target: number): { node: NodeTarget; end: number } {
  if ((target & BY_PATH) === 0) return { node: { id: target }, end: bytes.end }
  const offset = target & MAX_NODE_ID
  if (offset >= bytes.end || offset < bytes.offset)
    throw invalidData(`The path of the node is said to be at ${offset}.`)
  const node: NodeByPath = { path: readPath(new ByteReader(bytes.bytes, offset, bytes.end)) }
  return { node, end: offset }
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for what is no node. */
export function isById(node: NodeTarget): node is Extract<NodeTarget, { id: number }> {
  checkObject('A node', node)
  return 'id' in node
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless it is from 0 to 2147483647. */
export function checkNodeId(id: number): void {
  checkWhole('The id of a node', id, 0, MAX_NODE_ID)
}
