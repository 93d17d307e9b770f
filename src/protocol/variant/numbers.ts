import { MultiplayerError } from '../../multiplayer-error.ts'
import type { Codec } from './codec.ts'
import { FLAG_64 } from './codec.ts'
import { writeHeader } from './read-write.ts'
import { Float } from './values/float.ts'
import { VariantType } from './variant-type.ts'

export const nil: Codec<null> = {
  decode() {
    return null
  },
  encode(target) {
    writeHeader(target, VariantType.NIL)
  },
}

export const bool: Codec<boolean> = {
  decode({ bytes }) {
    bytes.need(4)
    return bytes.u32() !== 0
  },
  encode(target, value) {
    writeHeader(target, VariantType.BOOL)
    target.bytes.u32(value ? 1 : 0)
  },
}

export const int: Codec<number | bigint> = {
  decode({ bytes }, header) {
    if ((header & FLAG_64) === 0) {
      bytes.need(4)
      return bytes.i32()
    }
    bytes.need(8)
    return bytes.integer()
  },
  encode(target, value) {
    if (typeof value === 'number' && (value | 0) === value) {
      writeHeader(target, VariantType.INT)
      target.bytes.u32(value)
      return
    }
    const wide = toInt64(value)
    if (BigInt.asIntN(32, wide) === wide) {
      writeHeader(target, VariantType.INT)
      target.bytes.u32(Number(wide))
    } else {
      writeHeader(target, VariantType.INT, FLAG_64)
      target.bytes.i64(wide)
    }
  },
}

export const float: Codec<number | Float> = {
  decode({ bytes, preserveFloats }, header) {
    const wide = (header & FLAG_64) !== 0
    bytes.need(wide ? 8 : 4)
    const value = bytes.real(wide)
    // Others cannot be mistaken for an INT.
    return preserveFloats && Number.isSafeInteger(value) && !Object.is(value, -0) ? new Float(value) : value
  },
  encode(target, given) {
    const value = typeof given === 'number' ? given : given.value
    // NaN is not equal to itself, so it takes 64 bits, as in Godot.
    const narrow = typeof value === 'number' && Math.fround(value) === value
    writeHeader(target, VariantType.FLOAT, narrow ? 0 : FLAG_64)
    if (narrow) target.bytes.f32(value)
    else target.bytes.f64(value)
  },
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` if it has more than 64 bits. */
export function toInt64(value: number | bigint): bigint {
  const wide = BigInt(value)
  if (BigInt.asIntN(64, wide) !== wide) {
    throw new MultiplayerError('ERR_INVALID_PARAMETER', 'INT has 64 bits: from -2^63 to 2^63 - 1.', { value })
  }
  return wide
}
