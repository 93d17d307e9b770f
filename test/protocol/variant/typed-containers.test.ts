import { describe, expect, test } from '@jest/globals'
import type { Variant } from '../../../src/variant.ts'
import * as v from '../../../src/variant.ts'
import { refusal } from '../../support/refusal.ts'
import { fromHex, toHex } from './vectors.ts'

const { VariantType: T } = v
const words = (...numbers: number[]): string => toHex(new Uint8Array(Int32Array.from(numbers).buffer))

/** In the header of an array: its elements are of a type that is built in. */
const BUILT_IN = 1 << 16
const arrayOf = (type: v.VariantType, count: number): string => words(T.ARRAY | BUILT_IN, type, count)

const name = new v.StringName('a')
const TYPES = ['BOOL', 'INT', 'FLOAT', 'STRING', 'STRING_NAME', 'OBJECT', 'VECTOR2'] as const
const VALUES: readonly Variant[] = [true, 0, 5, 2n ** 62n, 1.5, 'a', name, null, new v.Vector2(1, 2)]
const PAIRS = TYPES.flatMap((type) => VALUES.map((value) => [type, value] as const))

/** What a container of a type makes of a value of another, in Godot; all else it refuses. Integers become floats by way of 32 bits. */
const CONVERTED: readonly (readonly [(typeof TYPES)[number], Variant, Variant])[] = [
  ['FLOAT', 0, 0],
  ['FLOAT', 5, 5],
  ['FLOAT', 2n ** 62n, 2 ** 62],
  ['STRING', name, 'a'],
  ['STRING_NAME', 'a', name],
  ['OBJECT', null, null],
]

function kept(type: (typeof TYPES)[number], value: Variant): Variant[] {
  if (v.variantTypeOf(value) === T[type]) return [value]
  return CONVERTED.filter(([to, from]) => to === type && from === value).map(([, , into]) => into)
}

describe('an array of a type that is received', () => {
  test.each(PAIRS)('of %s with %p in it', (type, value) => {
    const items = v.decodeVariant(fromHex(arrayOf(T[type], 1) + toHex(v.encodeVariant(value))))
    expect(items).toStrictEqual(new v.ArrayOf(T[type], kept(type, value)))
  })

  test('ever deeper ones are refused', () => {
    const deep = arrayOf(T.ARRAY, 1).repeat(1_025)
    expect(() => v.decodeVariant(fromHex(deep + words(T.NIL)))).toThrow(refusal('ERR_OUT_OF_MEMORY'))
  })
})

describe('an array of a type that is sent', () => {
  // Only what JavaScript cannot tell apart, or Godot converts without loss.
  const sent = ([type, value]: (typeof PAIRS)[number]): boolean =>
    kept(type, value).length > 0 && typeof value !== 'bigint'

  test.each(PAIRS.filter(sent))('of %s takes %p', (type, value) => {
    const items = new v.ArrayOf(T[type], [value])
    expect(v.decodeVariant(v.encodeVariant(items))).toStrictEqual(new v.ArrayOf(T[type], kept(type, value)))
  })

  test('of INT takes -0, which JavaScript makes of 0', () => {
    const items = v.decodeVariant(v.encodeVariant(new v.ArrayOf(T.INT, [-0])))
    expect(items).toStrictEqual(new v.ArrayOf(T.INT, [0]))
  })

  test.each(PAIRS.filter((pair) => kept(...pair).length === 0))('of %s refuses %p', (type, value) => {
    const encode = (): unknown => v.encodeVariant(new v.ArrayOf(T[type], [value]))
    expect(encode).toThrow(refusal('ERR_INVALID_PARAMETER'))
    expect(encode).toThrow(expect.objectContaining({ value }))
  })
})
