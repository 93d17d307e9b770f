import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { VariantType } from './variant-type.ts'
import type { Variant } from './variant.ts'
import type { DecodeText } from './utf8.ts'

/** Containers in containers, at most (`Variant::MAX_RECURSION_DEPTH`). */
export const MAX_DEPTH = 1024

/** Set in the header of numbers and of types made of floats that have 64 bits, and in that of objects sent as ids. */
export const FLAG_64 = 1 << 16

/** One type of Variant. What `decode` is given begins after the header. */
export interface Codec<Value extends Variant = Variant> {
  decode(source: VariantReader, header: number, depth: number): Value
  encode(target: VariantWriter, value: Value, depth: number): void
}

/** What is different between versions of Godot. */
export interface VariantFormat {
  /** Codecs by the number of the type on the wire. */
  readonly decoders: readonly (Codec | undefined)[]
  /** The type behind each number on the wire. */
  readonly types: readonly (VariantType | undefined)[]
  /** Codecs by type; undefined for types that this version does not have. */
  readonly encoders: readonly (Codec | undefined)[]
  /** Numbers on the wire, by type. */
  readonly numbers: readonly number[]
  readonly decodeText: DecodeText
  /** Types made of floats may have floats of 64 bits. */
  readonly doubles: boolean
  readonly typedArrays: boolean
  readonly typedDictionaries: boolean
  /** An RID has an id. */
  readonly ridIds: boolean
}

/** Where a Variant is read from, and how. */
export interface VariantReader {
  readonly bytes: ByteReader
  readonly format: VariantFormat
  /** Whole FLOATs become {@link Float}. */
  readonly preserveFloats: boolean
}

/** Where a Variant is written to, and how. */
export interface VariantWriter {
  readonly bytes: ByteWriter
  readonly format: VariantFormat
  /** Types made of floats are written with floats of 64 bits. */
  readonly doubles: boolean
}
