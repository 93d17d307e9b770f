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
    expect(encode).toThrow('but the container holds')
  })
})

/** Jest compares the entries of a Map alone, not what it has beside them. */
const parts = (value: Variant): unknown =>
  value instanceof v.DictionaryOf ? [value.keyType, value.valueType, ...value] : value

describe('a dictionary of types that is received', () => {
  const VALUE_BUILT_IN = 1 << 18
  const dictionaryOf = (key: v.VariantType, value: v.VariantType, entry: readonly [Variant, Variant]): string =>
    words(T.DICTIONARY | BUILT_IN | VALUE_BUILT_IN, key, value, 1) +
    entry.map((part) => toHex(v.encodeVariant(part))).join('')

  test.each<[keyof typeof T, Variant, boolean]>([
    ['INT', 5, true],
    ['INT', 'a', false],
    ['INT', null, false],
    ['OBJECT', null, true],
    ['OBJECT', new v.EncodedObjectAsID(5), true],
    ['OBJECT', 5, false],
    ['NIL', 5, true],
    ['FLOAT', 1.5, true],
    ['FLOAT', 5, false],
  ])('of values of %s: Godot keeps %p; it is of that type: %p', (type, value, isOfType) => {
    const dictionary = v.decodeVariant(fromHex(dictionaryOf(T.STRING, T[type], ['a', value])))
    expect(parts(dictionary)).toStrictEqual([T.STRING, isOfType ? T[type] : T.NIL, ['a', value]])
  })

  test('one value of another type is enough', () => {
    const entries = ['a', 'x', 'b', 5].map((part) => toHex(v.encodeVariant(part))).join('')
    const hex = words(T.DICTIONARY | BUILT_IN | VALUE_BUILT_IN, T.STRING, T.INT, 2) + entries
    expect(parts(v.decodeVariant(fromHex(hex)))).toStrictEqual([T.STRING, T.NIL, ['a', 'x'], ['b', 5]])
  })

  test('a key of another type is refused, with its value', () => {
    const dictionary = v.decodeVariant(fromHex(dictionaryOf(T.STRING, T.INT, [5, 5])))
    expect(parts(dictionary)).toStrictEqual([T.STRING, T.INT])
  })

  test('versions before 4.4 take no types from it', () => {
    const hex = words(T.DICTIONARY | BUILT_IN, 1) + toHex(v.encodeVariant(1)) + toHex(v.encodeVariant(2))
    expect(v.decodeVariant(fromHex(hex), { version: '4.3' })).toStrictEqual(new Map([[1, 2]]))
  })
})

test.each(['keys', 'values'])('dictionaries that are ever deeper in their %s are refused', (where) => {
  let deep: Variant = 1
  for (let i = 0; i < 1_025; i++) deep = new Map<Variant, Variant>([where === 'keys' ? [deep, 1] : [1, deep]])
  expect(() => v.encodeVariant(deep)).toThrow(refusal('ERR_OUT_OF_MEMORY'))
})
