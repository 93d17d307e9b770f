import { describe, expect, test } from '@jest/globals'
import { runInNewContext } from 'node:vm'
import type { GodotVersion, Variant } from '../../../src/variant.ts'
import * as v from '../../../src/variant.ts'
import { fromHex, toHex } from './vectors.ts'
import { refusal } from '../../support/refusal.ts'

const { VariantType: T } = v
const words = (...numbers: number[]): string => toHex(new Uint8Array(Int32Array.from(numbers).buffer))
const floats = (...numbers: number[]): string => toHex(new Uint8Array(Float32Array.from(numbers).buffer))
const doubles = (...numbers: number[]): string => toHex(new Uint8Array(Float64Array.from(numbers).buffer))
const v2 = (x: number, y: number): v.Vector2 => new v.Vector2(x, y)
const v3 = (x: number, y: number, z: number): v.Vector3 => new v.Vector3(x, y, z)
const v4 = (x: number, y: number, z: number, w: number): v.Vector4 => new v.Vector4(x, y, z, w)
const oneTo = (count: number): number[] => Array.from({ length: count }, (_, i) => i + 1)

/** Types made of floats: the type, a value whose components are 1, 2, 3, ... in the order of the wire, and how many there are. */
const reals: [name: string, type: v.VariantType, value: Variant, count: number][] = [
  ['Vector2', T.VECTOR2, v2(1, 2), 2],
  ['Rect2', T.RECT2, new v.Rect2(v2(1, 2), v2(3, 4)), 4],
  ['Vector3', T.VECTOR3, v3(1, 2, 3), 3],
  ['Transform2D', T.TRANSFORM2D, new v.Transform2D(v2(1, 2), v2(3, 4), v2(5, 6)), 6],
  ['Vector4', T.VECTOR4, v4(1, 2, 3, 4), 4],
  ['Plane', T.PLANE, new v.Plane(v3(1, 2, 3), 4), 4],
  ['Quaternion', T.QUATERNION, new v.Quaternion(1, 2, 3, 4), 4],
  ['AABB', T.AABB, new v.AABB(v3(1, 2, 3), v3(4, 5, 6)), 6],
  ['Basis, row by row', T.BASIS, new v.Basis(v3(1, 4, 7), v3(2, 5, 8), v3(3, 6, 9)), 9],
  [
    'Transform3D',
    T.TRANSFORM3D,
    new v.Transform3D(new v.Basis(v3(1, 4, 7), v3(2, 5, 8), v3(3, 6, 9)), v3(10, 11, 12)),
    12,
  ],
  [
    'Projection, column by column',
    T.PROJECTION,
    new v.Projection(v4(1, 2, 3, 4), v4(5, 6, 7, 8), v4(9, 10, 11, 12), v4(13, 14, 15, 16)),
    16,
  ],
]

const packedReals: [name: string, type: v.VariantType, value: Variant, count: number][] = [
  ['PackedVector2Array', T.PACKED_VECTOR2_ARRAY, new v.PackedVector2Array([v2(1, 2), v2(3, 4)]), 4],
  ['PackedVector3Array', T.PACKED_VECTOR3_ARRAY, new v.PackedVector3Array([v3(1, 2, 3), v3(4, 5, 6)]), 6],
  ['PackedVector4Array', T.PACKED_VECTOR4_ARRAY, new v.PackedVector4Array([v4(1, 2, 3, 4), v4(5, 6, 7, 8)]), 8],
]

describe('types made of floats', () => {
  test.each(reals)('%s', (_, type, value, count) => {
    expect(toHex(v.encodeVariant(value))).toBe(words(type) + floats(...oneTo(count)))
    expect(v.decodeVariant(v.encodeVariant(value))).toStrictEqual(value)
  })

  test.each(reals)('%s in double precision', (_, type, value, count) => {
    const hex = words(type | 0x10000) + doubles(...oneTo(count))
    expect(toHex(v.encodeVariant(value, { doublePrecision: true }))).toBe(hex)
    expect(v.decodeVariant(fromHex(hex))).toStrictEqual(value)
  })

  test.each(packedReals)('%s', (_, type, value, count) => {
    const hex = words(type, 2) + floats(...oneTo(count))
    expect(toHex(v.encodeVariant(value))).toBe(hex)
    expect(v.decodeVariant(fromHex(hex))).toStrictEqual(value)
    const wide = words(type | 0x10000, 2) + doubles(...oneTo(count))
    expect(toHex(v.encodeVariant(value, { doublePrecision: true }))).toBe(wide)
    expect(v.decodeVariant(fromHex(wide))).toStrictEqual(value)
  })

  test.each([...reals, ...packedReals])('%s a byte short', (_, _type, value) => {
    for (const doublePrecision of [false, true]) {
      const bytes = v.encodeVariant(value, { doublePrecision })
      expect(() => v.decodeVariant(bytes.subarray(0, -1))).toThrow(refusal('ERR_INVALID_DATA'))
    }
  })

  test('components are rounded to 32 bits, unless in double precision', () => {
    expect(v.decodeVariant(v.encodeVariant(v2(0.1, -0)))).toStrictEqual(v2(Math.fround(0.1), -0))
    expect(v.decodeVariant(v.encodeVariant(v2(0.1, -0), { doublePrecision: true }))).toStrictEqual(v2(0.1, -0))
  })

  test('colours have 32 bits always', () => {
    expect(toHex(v.encodeVariant(new v.Color(1, 2, 3), { doublePrecision: true }))).toBe(words(20) + floats(1, 2, 3, 1))
    const colors = new v.PackedColorArray([new v.Color(1, 2, 3, 4)])
    expect(toHex(v.encodeVariant(colors, { doublePrecision: true }))).toBe(words(37, 1) + floats(1, 2, 3, 4))
    expect(v.decodeVariant(v.encodeVariant(colors))).toStrictEqual(colors)
  })
})

describe('the rest', () => {
  test('the first characters that take two bytes', () => {
    for (const text of ['\x7f', '\x80', 'a\x80', '\u07ff\u0800']) {
      expect(v.decodeVariant(v.encodeVariant(text))).toBe(text)
    }
  })

  test.each([10, 1_000, 100_000])('a text of %i characters beyond ASCII', (length) => {
    const text = 'é'.repeat(length)
    expect(v.decodeVariant(v.encodeVariant(text))).toBe(text)
  })

  test.each([
    ['efbbbf61', 'a'],
    ['f48fbfbf', '\u{10ffff}'],
    ['0061', ''],
    ['efbbbe', '\ufefe'],
    ['efbcbf', '\uff3f'],
    ['eebbbf', '\ueeff'],
  ])('in Godot 3 the bytes %s are %j: a byte order mark at the start is left out', (hex, text) => {
    const bytes = fromHex(words(4, hex.length / 2) + hex.padEnd(8, '0'))
    expect(v.decodeVariant(bytes, { version: '3' })).toBe(text)
  })

  test('a bigint takes no more room than a number', () => {
    for (const value of [0, 5, -1, 2 ** 31 - 1, -(2 ** 31), 2 ** 31]) {
      expect(v.encodeVariant(BigInt(value))).toEqual(v.encodeVariant(value))
    }
  })

  test('what follows an integer or an id of 64 bits', () => {
    const values = [2 ** 40, 1, 2n ** 62n, 2, new v.EncodedObjectAsID(5), 3]
    expect(v.decodeVariant(v.encodeVariant(values))).toEqual(values)
    expect(v.decodeArguments(v.encodeArguments(values))).toEqual(values)
  })

  test.each<[string, Variant, string]>([
    ['a signal', new v.Signal('hit', 5), `${words(26, 3)}68697400${words(5, 0)}`],
    ['packed integers', Int32Array.of(1, -1), words(30, 2, 1, -1)],
    ['packed floats', Float32Array.of(1, 0.5), words(32, 2) + floats(1, 0.5)],
    ['a name', new v.StringName(''), words(21, 0)],
    [
      'a relative path',
      v.NodePath.parse('../A:x'),
      `${words(22, 0x80000002 | 0, 1, 0, 2)}2e2e0000${words(1)}41000000${words(1)}78000000`,
    ],
    ['an array in an array', [[]], words(28, 1, 28, 0)],
    [
      'an array of floats, all whole',
      new v.ArrayOf(T.FLOAT, [1, 2.5]),
      words(28 | 0x10000, 3, 2, 3) + floats(1) + words(3) + floats(2.5),
    ],
    [
      'an array of names',
      new v.ArrayOf(T.STRING_NAME, [new v.StringName('a')]),
      `${words(28 | 0x10000, 21, 1, 21, 1)}61000000`,
    ],
    [
      'an array of objects',
      new v.ArrayOf(T.OBJECT, [null]),
      `${words(28 | 0x20000, 17)}456e636f6465644f626a6563744173494400000${'0'.repeat(1)}${words(1, 0)}`,
    ],
    [
      'a dictionary of any keys to floats',
      new v.DictionaryOf(T.NIL, T.FLOAT, [['a', 1]]),
      `${words(27 | 0x40000, 3, 1, 4, 1)}61000000${words(3)}${floats(1)}`,
    ],
  ])('%s', (_, value, hex) => {
    expect(toHex(v.encodeVariant(value))).toBe(hex)
    expect(v.decodeVariant(fromHex(hex), { preserveFloats: true })).toStrictEqual(value)
  })

  test('containers of a type convert as the engine does', () => {
    const names = new v.ArrayOf<Variant>(T.STRING_NAME, ['a'])
    expect(v.decodeVariant(v.encodeVariant(names))).toStrictEqual(new v.ArrayOf(T.STRING_NAME, [new v.StringName('a')]))
    const strings = new v.ArrayOf<Variant>(T.STRING, [new v.StringName('a')])
    expect(v.decodeVariant(v.encodeVariant(strings))).toStrictEqual(new v.ArrayOf(T.STRING, ['a']))
    expect(v.decodeVariant(v.encodeVariant(new v.ArrayOf(T.INT, [-0])))).toStrictEqual(new v.ArrayOf(T.INT, [0]))
  })

  test('what a container of a type holds of another is converted or left out, values of dictionaries are kept', () => {
    const mixed = words(2, 7) + words(3) + floats(2.5) + `${words(4, 1)}61000000` + `${words(21, 1)}62000000` + words(0)
    const array = (type: number): Variant => v.decodeVariant(fromHex(words(28 | 0x10000, type, 5) + mixed))
    expect(array(T.INT)).toStrictEqual(new v.ArrayOf(T.INT, [7]))
    expect(array(T.FLOAT)).toStrictEqual(new v.ArrayOf(T.FLOAT, [7, 2.5]))
    // By way of 32 bits, as the engine converts.
    const odd = fromHex(words(28 | 0x10000, T.FLOAT, 1, 2, 16777217))
    expect(v.decodeVariant(odd)).toStrictEqual(new v.ArrayOf(T.FLOAT, [16777216]))
    expect(array(T.STRING)).toStrictEqual(new v.ArrayOf(T.STRING, ['a', 'b']))
    expect(array(T.STRING_NAME)).toStrictEqual(
      new v.ArrayOf(T.STRING_NAME, [new v.StringName('a'), new v.StringName('b')]),
    )
    expect(array(T.OBJECT)).toStrictEqual(new v.ArrayOf(T.OBJECT, [null]))
    const entries = words(2, 1, 0) + `${words(4, 1)}61000000${words(2, 2)}`
    expect(v.decodeVariant(fromHex(words(27 | 0x50000, T.STRING, T.INT, 2) + entries))).toStrictEqual(
      new v.DictionaryOf(T.STRING, T.INT, [['a', 2]]),
    )
    const text = `${words(2, 1, 4, 1)}61000000`
    expect(v.decodeVariant(fromHex(words(27 | 0x50000, T.INT, T.INT, 1) + text))).toStrictEqual(
      new v.DictionaryOf<Variant, Variant>(T.INT, T.NIL, [[1, 'a']]),
    )
  })

  test('keys that are equal are one, the last value counts', () => {
    const keys: Variant[] = [
      v2(1, 2),
      v2(1, 2),
      new v.StringName('a'),
      new v.StringName('a'),
      new v.PackedStringArray(['a']),
      new v.PackedStringArray(['a']),
    ]
    const decoded = v.decodeVariant(v.encodeVariant(new Map(keys.map((key, i) => [key, i]))))
    expect([...(decoded as Map<Variant, Variant>)]).toStrictEqual([
      [keys[0], 1],
      [keys[2], 3],
      [keys[4], 5],
    ])
  })

  test('an INT and a FLOAT of the same value are two keys only with preserveFloats', () => {
    const bytes = v.encodeVariant(
      new Map<Variant, Variant>([
        [1, 'int'],
        [new v.Float(1), 'float'],
      ]),
    )
    expect(v.decodeVariant(bytes)).toStrictEqual(new Map([[1, 'float']]))
    expect(v.decodeVariant(bytes, { preserveFloats: true })).toStrictEqual(
      new Map<Variant, Variant>([
        [1, 'int'],
        [new v.Float(1), 'float'],
      ]),
    )
  })

  test('plain objects are dictionaries, with or without a prototype', () => {
    const expected = v.encodeVariant(new Map([['a', 1]]))
    const bare = Object.assign(Object.create(null) as Record<string, number>, { a: 1 })
    expect(v.encodeVariant({ a: 1 })).toEqual(expected)
    expect(v.encodeVariant(bare)).toEqual(expected)
    expect(v.encodeVariant(runInNewContext('({ a: 1 })') as Variant)).toEqual(expected)
    expect(v.encodeVariant(runInNewContext('new Map([["a", 1]])') as Variant)).toEqual(expected)
    expect(v.encodeVariant(JSON.parse('{"__proto__": 1}') as Variant)).toEqual(
      v.encodeVariant(new Map([['__proto__', 1]])),
    )
  })

  test('arrays and typed arrays of another realm, and subclasses', () => {
    class Path extends v.PackedVector2Array {}
    expect(v.encodeVariant(runInNewContext('[1]') as Variant)).toEqual(v.encodeVariant([1]))
    expect(v.encodeVariant(Buffer.from([1]))).toEqual(v.encodeVariant(Uint8Array.of(1)))
    expect(v.encodeVariant(new Path([v2(1, 2)]))).toEqual(v.encodeVariant(new v.PackedVector2Array([v2(1, 2)])))
  })

  test('what methods of packed arrays give is a plain array', () => {
    const strings = new v.PackedStringArray(['a', 'b'])
    expect(strings.map((text) => text.length)).toStrictEqual([1, 1])
    expect(strings.slice(1)).toStrictEqual(['b'])
  })

  test('a type is told by its value', () => {
    expect(v.variantTypeOf(1)).toBe(T.INT)
    expect(v.variantTypeOf(-0)).toBe(T.FLOAT)
    expect(v.variantTypeOf(2 ** 53)).toBe(T.FLOAT)
    expect(v.variantTypeOf(2n)).toBe(T.INT)
    expect(new v.Rect2i().variantType).toBe(T.RECT2I)
  })
})

describe('node paths', () => {
  test.each<[string, string[], string[], boolean]>([
    ['', [], [], false],
    ['/', [], [], true],
    ['/root', ['root'], [], true],
    ['a//b/', ['a', 'b'], [], false],
    [':x', [], ['x'], false],
    ['a:x:y', ['a'], ['x', 'y'], false],
    ['a:x:', ['a'], ['x'], false],
    ['a:x:y:', ['a'], ['x', 'y'], false],
    ['a:', ['a'], [], false],
  ])('%j', (text, names, subnames, absolute) => {
    expect(v.NodePath.parse(text)).toStrictEqual(new v.NodePath(names, subnames, absolute))
  })

  test('are written as they are read', () => {
    for (const text of ['', '/', '/root/Main:a:b', '../x', ':y']) expect(String(v.NodePath.parse(text))).toBe(text)
    expect(() => v.NodePath.parse('a::b')).toThrow(refusal('ERR_INVALID_PARAMETER'))
  })
})

describe('what Godot has no type for is refused', () => {
  const cyclic: Variant[] = []
  cyclic.push(cyclic)
  test.each<[string, unknown, string]>([
    ['undefined', undefined, 'ERR_INVALID_PARAMETER'],
    ['undefined within', { a: [undefined] }, 'ERR_INVALID_PARAMETER'],
    ['a hole', [1, , 2], 'ERR_INVALID_PARAMETER'],
    ['a function', () => 1, 'ERR_INVALID_PARAMETER'],
    ['a symbol', Symbol('a'), 'ERR_INVALID_PARAMETER'],
    ['a date', new Date(), 'ERR_INVALID_PARAMETER'],
    ['a set', new Set(), 'ERR_INVALID_PARAMETER'],
    ['16-bit integers', new Uint16Array(1), 'ERR_INVALID_PARAMETER'],
    ['an ArrayBuffer', new ArrayBuffer(1), 'ERR_INVALID_PARAMETER'],
    ['an object of a class', new URL('http://localhost'), 'ERR_INVALID_PARAMETER'],
    ['an integer of 65 bits', 2n ** 63n, 'ERR_INVALID_PARAMETER'],
    ['a negative integer of 65 bits', -(2n ** 63n) - 1n, 'ERR_INVALID_PARAMETER'],
    ['half a surrogate pair', 'a\ud800', 'ERR_INVALID_PARAMETER'],
    ['a NUL', 'a\0b', 'ERR_INVALID_PARAMETER'],
    ['nothing but a NUL', '\0', 'ERR_INVALID_PARAMETER'],
    ['an integer vector of a fraction', new v.Vector2i(0.5, 0), 'ERR_INVALID_PARAMETER'],
    ['an integer vector of 33 bits', new v.Vector3i(2 ** 31, 0, 0), 'ERR_INVALID_PARAMETER'],
    ['a vector without a number', new v.Vector2('1' as unknown as number, 0), 'ERR_INVALID_PARAMETER'],
    ['a packed array of something else', new v.PackedStringArray([1 as unknown as string]), 'ERR_INVALID_PARAMETER'],
    ['an array of integers with a text', new v.ArrayOf<Variant>(T.INT, ['a']), 'ERR_INVALID_PARAMETER'],
    ['an array of floats with a bigint', new v.ArrayOf<Variant>(T.FLOAT, [1n]), 'ERR_INVALID_PARAMETER'],
    [
      'a dictionary with a key of another type',
      new v.DictionaryOf<Variant, Variant>(T.INT, T.NIL, [['a', 1]]),
      'ERR_INVALID_PARAMETER',
    ],
    ['an array in itself', cyclic, 'ERR_OUT_OF_MEMORY'],
  ])('%s', (_, value, code) => {
    expect(() => v.encodeVariant(value as Variant)).toThrow(refusal(code))
  })

  test('ids are whole', () => {
    expect(() => new v.RID(0.5)).toThrow(refusal('ERR_INVALID_PARAMETER'))
    expect(new v.EncodedObjectAsID(2n ** 64n - 1n).id).toBe(-1n)
  })

  test('bytes are bytes, and versions are known', () => {
    expect(() => v.decodeVariant('00000000' as unknown as Uint8Array)).toThrow(refusal('ERR_INVALID_PARAMETER'))
    expect(() => v.decodeVariant(new Uint8Array(4), { version: '5' as GodotVersion })).toThrow("'3', '4.0'")
  })
})

describe('versions', () => {
  test.each<[string, Variant]>([
    ['a name', new v.StringName('a')],
    ['an integer vector', new v.Vector2i()],
    ['integers of 64 bits', BigInt64Array.of(1n)],
    ['floats of 64 bits', Float64Array.of(1)],
    ['a projection', new v.Projection()],
    ['a callable', new v.Callable()],
  ])('Godot 3 has no %s', (_, value) => {
    expect(() => v.encodeVariant(value, { version: '3' })).toThrow(refusal('ERR_INVALID_PARAMETER'))
  })

  test('Godot 3 has floats of 32 bits in vectors, and sends no ids of resources', () => {
    expect(toHex(v.encodeVariant(v2(1, 2), { version: '3', doublePrecision: true }))).toBe(words(5) + floats(1, 2))
    expect(v.decodeVariant(fromHex(words(5 | 0x10000) + floats(1, 2)), { version: '3' })).toStrictEqual(v2(1, 2))
    expect(toHex(v.encodeVariant(new v.RID(5), { version: '3' }))).toBe(words(16))
    expect(v.decodeVariant(fromHex(words(16)), { version: '3' })).toStrictEqual(new v.RID())
  })

  test('PackedVector4Array is there since 4.3', () => {
    const value = new v.PackedVector4Array()
    expect(v.decodeVariant(v.encodeVariant(value, { version: '4.3' }), { version: '4.3' })).toStrictEqual(value)
    expect(() => v.encodeVariant(value, { version: '4.2.2' })).toThrow(refusal('ERR_INVALID_PARAMETER'))
    expect(() => v.decodeVariant(fromHex(words(38, 0)), { version: '4.0' })).toThrow(refusal('ERR_INVALID_DATA'))
  })

  test.each<[GodotVersion, Variant, Variant]>([
    ['3', [1], new Map([['a', 1]])],
    ['4.0', [1], new Map([['a', 1]])],
    ['4.2.2', [1], new Map([['a', 1]])],
    ['4.3', new v.ArrayOf(T.INT, [1]), new Map([['a', 1]])],
    ['4.4', new v.ArrayOf(T.INT, [1]), new v.DictionaryOf(T.STRING, T.INT, [['a', 1]])],
  ])('in %s containers have the types that it knows', (version, array, dictionary) => {
    const typed: [Variant, Variant][] = [
      [new v.ArrayOf(T.INT, [1]), array],
      [new v.DictionaryOf(T.STRING, T.INT, [['a', 1]]), dictionary],
    ]
    for (const [value, expected] of typed) {
      const bytes = v.encodeVariant(value, { version })
      expect(v.decodeVariant(bytes, { version })).toStrictEqual(expected)
    }
  })
})
