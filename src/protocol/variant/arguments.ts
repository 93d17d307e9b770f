import { MultiplayerError } from '../../multiplayer-error.ts'
import { checkWhole, invalid } from '../../checks.ts'
import { ByteReader, invalidData } from './byte-reader.ts'
import { checkBytes } from './bytes.ts'
import type { VariantReader, VariantWriter } from './codec.ts'
import type { DecodeOptions, EncodeOptions } from './plain.ts'
import { variantReader, variantWriter } from './plain.ts'
import { toInt64 } from './numbers.ts'
import { readVariant, writeAs, writeVariant } from './read-write.ts'
import { rethrow } from './stack-overflow.ts'
import { variantTypeOf } from './type-of.ts'
import { VariantType } from './variant-type.ts'
import type { Variant } from './variant.ts'

/** The most arguments of a call: their number is one byte. */
export const MAX_ARGUMENTS = 255

// The first byte of a compressed value: six bits of type, two that say how it is encoded.
const TYPE_MASK = 0x3f
const BOOL_TRUE = 0x80
const INT_8 = 0x00
const INT_16 = 0x40
const INT_32 = 0x80
const INT_64 = 0xc0

/** The header of an OBJECT without any flag. */
const BARE_OBJECT: number = VariantType.OBJECT

/** Arguments of a remote call as they are on the wire, and what is told of them beside. */
export interface EncodedArguments {
  /** How many, from 0 to 255. */
  readonly count: number
  /** Either there are none, or there is one PackedByteArray and `bytes` are its content. Never in Godot 3. */
  readonly raw: boolean
  readonly bytes: Uint8Array
}

/**
 * Encodes arguments as Godot does for a remote call: since 4.0 BOOL and INT take as few bytes as they need, and a single PackedByteArray none besides its own.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for more than 255 arguments, and as {@link encodeVariant} does.
 *
 * @example
 * ```ts
 * import { decodeArguments, encodeArguments } from 'webrtc-multiplayer/variant'
 *
 * const encoded = encodeArguments([7, true, 'hit'])
 * const [player, alive, what] = decodeArguments(encoded)
 * ```
 */
export function encodeArguments(values: readonly Variant[], options: EncodeOptions = {}): EncodedArguments {
  checkArray(values)
  const count = values.length
  checkWhole('The number of arguments', count, 0, MAX_ARGUMENTS)
  const target = variantWriter(options)
  const compressed = options.version !== '3'
  if (compressed && count === 0) return { count, raw: true, bytes: target.bytes.finish() }
  const [first] = values
  if (compressed && count === 1 && first !== undefined && variantTypeOf(first) === VariantType.PACKED_BYTE_ARRAY) {
    checkBytes(first as Uint8Array)
    return { count, raw: true, bytes: new Uint8Array(first as Uint8Array) }
  }
  try {
    for (let i = 0; i < count; i++) {
      if (compressed) writeCompressed(target, values[i] as Variant)
      else writeVariant(target, values[i] as Variant, 0)
    }
  } catch (error) {
    rethrow(error)
  }
  return { count, raw: false, bytes: target.bytes.finish() }
}

/**
 * Decodes what {@link encodeArguments} has made. Bytes after the last argument are ignored, as in Godot.
 *
 * @throws MultiplayerError `ERR_INVALID_DATA` if there are fewer than `count`, and as {@link decodeVariant} does. (Godot calls the method all the same, with null for the
 * arguments from the wrong one on.)
 */
export function decodeArguments({ count, raw, bytes }: EncodedArguments, options: DecodeOptions = {}): Variant[] {
  checkWhole('The number of arguments', count, 0, MAX_ARGUMENTS)
  const reader = new ByteReader(bytes)
  const source = variantReader(reader, options)
  if (raw && count === 0) return []
  if (raw) {
    if (count !== 1) throw invalidData(`Bytes alone are one argument, not ${count}.`)
    return [reader.bytes.slice()]
  }
  const values: Variant[] = []
  const objects = { missing: false }
  try {
    for (let i = 0; i < count; i++) {
      values.push(options.version === '3' ? readVariant(source, 0) : readCompressed(source, objects))
    }
  } catch (error) {
    rethrow(error)
  }
  if (objects.missing && reader.remaining > 0) throw unauthorized()
  return values
}

function checkArray(values: unknown): void {
  if (!Array.isArray(values)) throw invalid('Arguments are given as an array.', values)
}

function writeCompressed(target: VariantWriter, value: Variant): void {
  const { bytes } = target
  const type = variantTypeOf(value)
  if (type === VariantType.BOOL) {
    bytes.u8(type | (value === true ? BOOL_TRUE : 0))
  } else if (type === VariantType.INT) {
    writeCompressedInt(target, value as number | bigint)
  } else {
    writeAs(target, type, value, 0)
  }
}

function writeCompressedInt({ bytes }: VariantWriter, value: number | bigint): void {
  const narrow = Number(value)
  if ((narrow | 0) !== narrow) {
    bytes.u8(VariantType.INT | INT_64)
    bytes.i64(toInt64(value))
  } else if (narrow >= -0x80 && narrow < 0x80) {
    bytes.u8(VariantType.INT | INT_8)
    bytes.u8(narrow)
  } else if (narrow >= -0x8000 && narrow < 0x8000) {
    bytes.u8(VariantType.INT | INT_16)
    bytes.u16(narrow)
  } else {
    bytes.u8(VariantType.INT | INT_32)
    bytes.u32(narrow)
  }
}

/** @param objects - told when an OBJECT of nothing was read. */
function readCompressed(source: VariantReader, objects: { missing: boolean }): Variant {
  const { bytes } = source
  bytes.need(1)
  const first = bytes.bytes[bytes.offset] ?? 0
  switch (source.format.types[first & TYPE_MASK]) {
    case VariantType.BOOL:
      bytes.offset++
      return (first & BOOL_TRUE) !== 0
    case VariantType.INT:
      bytes.offset++
      return readCompressedInt(source, first & ~TYPE_MASK)
    case VariantType.OBJECT:
      return readCompressedObject(source, objects)
    default:
      return readVariant(source, 0)
  }
}

function readCompressedInt({ bytes }: VariantReader, mode: number): number | bigint {
  switch (mode) {
    case INT_8:
      bytes.need(1)
      return bytes.i8()
    case INT_16:
      bytes.need(2)
      return bytes.i16()
    case INT_32:
      bytes.need(4)
      return bytes.i32()
    default:
      bytes.need(8)
      return bytes.integer()
  }
}

/**
 * For a parameter that is typed as an object, Godot sends null as `18 00 00 00`, an OBJECT whose content is missing; it cannot read that itself. The method gets null there,
 * so it is null here; unless bytes are left over at the end, for then it may have been a whole object.
 */
function readCompressedObject(source: VariantReader, objects: { missing: boolean }): Variant {
  const { bytes } = source
  bytes.need(4)
  const header = bytes.u32()
  if (header === BARE_OBJECT) {
    objects.missing = true
    return null
  }
  bytes.offset -= 4
  return readVariant(source, 0)
}

function unauthorized(): MultiplayerError {
  return new MultiplayerError(
    'ERR_UNAUTHORIZED',
    'An encoded object was received; the sender must send its data instead.',
  )
}
