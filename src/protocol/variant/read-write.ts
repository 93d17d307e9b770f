import { MultiplayerError } from '../../multiplayer-error.ts'
import { invalidData } from './byte-reader.ts'
import type { VariantReader, VariantWriter } from './codec.ts'
import { MAX_DEPTH } from './codec.ts'
import { variantTypeOf } from './type-of.ts'
import { VariantType } from './variant-type.ts'
import type { Variant } from './variant.ts'

/** Reads one Variant in the plain form. */
export function readVariant(source: VariantReader, depth: number): Variant {
  checkDepth(depth)
  source.bytes.need(4)
  const header = source.bytes.u32()
  // Bits 8 to 15 are unused, and so are flags that the type does not know.
  const codec = source.format.decoders[header & 0xff]
  if (codec === undefined) throw invalidData(`There is no Variant type ${header & 0xff}.`)
  return codec.decode(source, header, depth)
}

/** Writes one Variant in the plain form. */
export function writeVariant(target: VariantWriter, value: Variant, depth: number): void {
  writeAs(target, variantTypeOf(value), value, depth)
}

/** Writes a value that is known to be of the type. */
export function writeAs(target: VariantWriter, type: VariantType, value: Variant, depth: number): void {
  checkDepth(depth)
  const codec = target.format.encoders[type]
  if (codec === undefined) {
    throw new MultiplayerError(
      'ERR_INVALID_PARAMETER',
      `The version of Godot that is written for has no ${VariantType[type]}; send another type.`,
      { value },
    )
  }
  codec.encode(target, value, depth)
}

/** Writes the number of the type, with flags. */
export function writeHeader(target: VariantWriter, type: VariantType, flags = 0): void {
  target.bytes.u32((target.format.numbers[type] ?? 0) | flags)
}

function checkDepth(depth: number): void {
  if (depth > MAX_DEPTH) {
    throw new MultiplayerError(
      'ERR_OUT_OF_MEMORY',
      `Arrays and dictionaries are nested deeper than ${MAX_DEPTH}, or contain themselves.`,
    )
  }
}
