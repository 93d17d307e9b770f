import { ByteReader } from './byte-reader.ts'
import { ByteWriter } from './byte-writer.ts'
import type { VariantReader, VariantWriter } from './codec.ts'
import { FORMATS } from './format.ts'
import type { GodotVersion } from './godot-version.ts'
import { checkGodotVersion, DEFAULT_GODOT_VERSION } from './godot-version.ts'
import { readVariant, writeVariant } from './read-write.ts'
import { rethrow } from './stack-overflow.ts'
import type { Variant } from './variant.ts'

/** How to write Variants. */
export interface EncodeOptions {
  /** The Godot that will read it. Default `'4.4'`. */
  readonly version?: GodotVersion
  /** It is a build of Godot with double precision: vectors and the like have floats of 64 bits. Every Godot 4 reads both. Default false. */
  readonly doublePrecision?: boolean
}

/** How to read Variants. */
export interface DecodeOptions {
  /** The Godot that has written it. Default `'4.4'`. */
  readonly version?: GodotVersion
  /** FLOATs that are whole numbers, and -0 as a key, become a {@link Float} instead of a number, so that what is encoded again has the same bytes. Default false. */
  readonly preserveFloats?: boolean
}

/**
 * Encodes a value as Godot's `var_to_bytes` (`var2bytes` in Godot 3) does.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for a value that Godot, or the version that is written for, has no type for, and for a version that does not exist;
 * `ERR_OUT_OF_MEMORY` for more than 1024 levels of arrays and dictionaries (fewer where the stack is nearly full), and for more than 2 GiB. What a getter of the value throws is passed on.
 *
 * @example
 * ```ts
 * import { decodeVariant, encodeVariant, Vector2 } from 'webrtc-multiplayer/variant'
 *
 * const bytes = encodeVariant({ name: 'crate', position: new Vector2(3, 4), hits: [1, 2.5] })
 * const value = decodeVariant(bytes) // a Map
 * ```
 */
export function encodeVariant(value: Variant, options: EncodeOptions = {}): Uint8Array<ArrayBuffer> {
  const target = variantWriter(options)
  try {
    writeVariant(target, value, 0)
  } catch (error) {
    rethrow(error)
  }
  return target.bytes.finish()
}

/**
 * Decodes a value as Godot's `bytes_to_var` (`bytes2var` in Godot 3) does; objects are not created, and bytes after the value are ignored.
 *
 * @throws MultiplayerError with the error that Godot has for these bytes: `ERR_INVALID_DATA`, `ERR_FILE_EOF` (a text longer than the data), `ERR_UNAUTHORIZED` (an encoded
 * object), `ERR_OUT_OF_MEMORY` (more than 1024 levels of arrays and dictionaries; fewer where the stack is nearly full). `ERR_INVALID_PARAMETER` for what is not a Uint8Array, and for a
 * version that does not exist.
 */
export function decodeVariant(bytes: Uint8Array, options: DecodeOptions = {}): Variant {
  const source = variantReader(new ByteReader(bytes), options)
  try {
    return readVariant(source, 0)
  } catch (error) {
    rethrow(error)
  }
}

/** For the functions that read more than one value. */
export function variantReader(bytes: ByteReader, options: DecodeOptions): VariantReader {
  return { bytes, format: formatOf(options.version), preserveFloats: options.preserveFloats ?? false }
}

/** For the functions that write more than one value. */
export function variantWriter(options: EncodeOptions, bytes = new ByteWriter()): VariantWriter {
  const format = formatOf(options.version)
  return { bytes, format, doubles: format.doubles && (options.doublePrecision ?? false) }
}

function formatOf(version: GodotVersion = DEFAULT_GODOT_VERSION): VariantWriter['format'] {
  checkGodotVersion(version)
  return FORMATS[version]
}
