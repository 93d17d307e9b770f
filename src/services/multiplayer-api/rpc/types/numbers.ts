import { Float } from '../../../../protocol/variant/values/float.ts'
import { VariantType } from '../../../../protocol/variant/variant-type.ts'
import type { Variant } from '../../../../protocol/variant/variant.ts'
import type { RpcType } from './rpc-type.ts'

// GDScript takes each of bool, int and float for a parameter of another of them, so these do too.

/** Godot's `bool`. */
export const bool: RpcType<boolean> = {
  name: 'bool',
  variantType: VariantType.BOOL,
  toVariant: (value) => (typeof value === 'boolean' ? value : undefined),
  fromVariant(value) {
    if (typeof value === 'boolean') return value
    return isNumber(value) ? Number(value) !== 0 : undefined
  },
}

/** Godot's `int`, as a whole number from -(2^53 - 1) to 2^53 - 1; one beyond that is refused, here and when it arrives. Fractions that arrive are cut off. See {@link int64}. */
export const int: RpcType<number> = {
  name: 'int',
  variantType: VariantType.INT,
  // -0 would be a float in Godot.
  toVariant: (value) => (Number.isSafeInteger(value) ? (value as number) + 0 : undefined),
  fromVariant(value) {
    if (typeof value === 'boolean') return value ? 1 : 0
    const whole = typeof value === 'number' ? Math.trunc(value) + 0 : undefined
    return Number.isSafeInteger(whole) ? whole : undefined
  },
}

/** Godot's `int` with all of its 64 bits, as a bigint. */
export const int64: RpcType<bigint> = {
  name: 'int',
  variantType: VariantType.INT,
  toVariant: (value) => (typeof value === 'bigint' && BigInt.asIntN(64, value) === value ? value : undefined),
  fromVariant(value) {
    if (typeof value === 'bigint') return value
    if (typeof value === 'boolean') return value ? 1n : 0n
    const whole = typeof value === 'number' ? Math.trunc(value) : NaN
    if (!Number.isFinite(whole)) return undefined
    const wide = BigInt(whole)
    return BigInt.asIntN(64, wide) === wide ? wide : undefined
  },
}

/** Godot's `float`. Whole numbers are sent as floats too. */
export const float: RpcType<number> = {
  name: 'float',
  variantType: VariantType.FLOAT,
  toVariant: (value) => (typeof value === 'number' ? new Float(value) : undefined),
  fromVariant: (value) => (isNumber(value) || typeof value === 'boolean' ? Number(value) : undefined),
}

function isNumber(value: Variant): value is number | bigint {
  return typeof value === 'number' || typeof value === 'bigint'
}
