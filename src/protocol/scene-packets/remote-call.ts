import { checkWhole, invalid } from '../../checks.ts'
import { MAX_ARGUMENTS, type EncodedArguments } from '../variant/arguments.ts'
import type { ByteReader } from '../variant/byte-reader.ts'
import { invalidData } from '../variant/byte-reader.ts'
import type { ByteWriter } from '../variant/byte-writer.ts'
import { COMMANDS } from './commands.ts'
import { appendPath, checkNodeId, isById, resolveTarget, writeTarget } from './node-target.ts'
import type { NodeById, NodeTarget, RpcPacket } from './packet.ts'
import { checkObject } from './packet-checks.ts'

// Flags in the first byte.
const NODE_SIZE_SHIFT = 4
const NODE_SIZE_MASK = 3
const WIDE_METHOD = 1 << 6
/** Nothing, or the bytes of a single PackedByteArray, follow the method; else their number and the arguments. */
const RAW_ARGUMENTS = 1 << 7

const MAX_METHOD = 0xffff

/** Bytes of the node's id by the two bits that tell of it. */
const NODE_SIZES = [1, 2, 4] as const
type NodeSize = (typeof NODE_SIZES)[number]

export function decodeRpc(bytes: ByteReader): RpcPacket {
  const first = bytes.u8()
  const size = NODE_SIZES[(first >> NODE_SIZE_SHIFT) & NODE_SIZE_MASK]
  if (size === undefined) throw invalidData('A remote call has a node id of unknown size.')
  const methodSize = (first & WIDE_METHOD) === 0 ? 1 : 2
  bytes.need(size + methodSize)
  const target = readSized(bytes, size)
  const method = readSized(bytes, methodSize)
  const { node, end } = resolveTarget(bytes, target)
  return {
    kind: 'rpc',
    node: isById(node) ? withSize(node, size) : node,
    method,
    ...(methodSize === 2 && method <= 0xff ? { methodSize } : {}),
    arguments: readArguments(bytes, end, (first & RAW_ARGUMENTS) !== 0),
  }
}

export function encodeRpc(bytes: ByteWriter, { node, method, methodSize, arguments: args }: RpcPacket): void {
  checkWhole('The number of a method', method, 0, MAX_METHOD)
  checkObject('What encodeArguments makes', args)
  const size = sizeOf(node)
  const wide = method > 0xff || methodSize === 2
  bytes.u8(
    COMMANDS.REMOTE_CALL |
      (NODE_SIZES.indexOf(size) << NODE_SIZE_SHIFT) |
      (wide ? WIDE_METHOD : 0) |
      (args.raw ? RAW_ARGUMENTS : 0),
  )
  const at = bytes.length
  if (size === 4) writeTarget(bytes, node)
  else writeSized(bytes, size, (node as NodeById).id)
  writeSized(bytes, wide ? 2 : 1, method)
  writeArguments(bytes, args)
  appendPath(bytes, at, node)
}

/** Writes the number of arguments (unless they are raw) and the arguments. */
export function writeArguments(bytes: ByteWriter, args: EncodedArguments): void {
  checkWhole('The number of arguments', args.count, 0, MAX_ARGUMENTS)
  if (!args.raw) bytes.u8(args.count)
  bytes.raw(args.bytes)
  if (args.raw && (args.count > 1 || (args.count === 0 && args.bytes.byteLength > 0))) {
    throw invalid('Raw arguments are none, or the bytes of one; use encodeArguments.', args.count)
  }
}

/** Reads what {@link writeArguments} writes, up to `end`. One empty array of bytes cannot be told from none. */
export function readArguments(bytes: ByteReader, end: number, raw: boolean): EncodedArguments {
  if (!raw && bytes.offset >= end) throw invalidData('The number of arguments of a remote call is missing.')
  const count = raw ? Math.min(1, end - bytes.offset) : bytes.u8()
  return { count, raw, bytes: bytes.take(end - bytes.offset) }
}

function withSize({ id }: NodeById, size: NodeSize): NodeById {
  return size === 1 || size === smallest(id) ? { id } : { id, size }
}

function sizeOf(node: NodeTarget): NodeSize {
  if (!isById(node)) return 4
  const { id, size } = node
  checkNodeId(id)
  if (size === undefined) return smallest(id)
  if (!NODE_SIZES.includes(size)) throw invalid('The id of a node takes 1, 2 or 4 bytes.', size)
  return Math.max(smallest(id), size) as NodeSize
}

function smallest(id: number): NodeSize {
  if (id <= 0xff) return 1
  return id <= 0xffff ? 2 : 4
}

function readSized(bytes: ByteReader, size: NodeSize): number {
  switch (size) {
    case 1:
      return bytes.u8()
    case 2:
      return bytes.u16()
    case 4:
      return bytes.u32()
  }
}

function writeSized(bytes: ByteWriter, size: NodeSize, value: number): void {
  if (size === 1) bytes.u8(value)
  else if (size === 2) bytes.u16(value)
  else bytes.u32(value)
}
