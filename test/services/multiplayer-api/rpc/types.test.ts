import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import * as t from '../../../../src/services/multiplayer-api/rpc/index.ts'
import * as v from '../../../../src/variant.ts'

const seed = Math.floor(Math.random() * 2 ** 31)
const runs = { seed, numRuns: 200 }

const text = fc
  .string({ unit: 'binary', maxLength: 12 })
  .filter((value) => !value.includes('\0') && !value.startsWith('\ufeff'))
const real = fc.float()
const i32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const safe = fc.maxSafeInteger().map((value) => value + 0)
const vec2 = fc.tuple(real, real).map(([x, y]) => new v.Vector2(x, y))
const vec2i = fc.tuple(i32, i32).map(([x, y]) => new v.Vector2i(x, y))
const vec3 = fc.tuple(real, real, real).map(([x, y, z]) => new v.Vector3(x, y, z))
const vec4 = fc.tuple(real, real, real, real).map((xyzw) => new v.Vector4(...xyzw))
const basis = fc.tuple(vec3, vec3, vec3).map((axes) => new v.Basis(...axes))
const color = fc.tuple(real, real, real, real).map((rgba) => new v.Color(...rgba))
const list = <Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> => fc.array(item, { maxLength: 4 })

/** Every type with values of it. */
const TYPES: readonly [name: string, type: t.RpcType<unknown>, values: fc.Arbitrary<unknown>][] = [
  ['bool', t.bool, fc.boolean()],
  ['int', t.int, safe],
  ['int64', t.int64, fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })],
  ['float', t.float, fc.double()],
  ['string', t.string, text],
  ['stringName', t.stringName, text],
  ['nodePath', t.nodePath, fc.tuple(list(text), list(text), fc.boolean()).map((parts) => new v.NodePath(...parts))],
  ['vector2', t.vector2, vec2],
  ['vector2i', t.vector2i, vec2i],
  ['vector3', t.vector3, vec3],
  ['vector3i', t.vector3i, fc.tuple(i32, i32, i32).map((xyz) => new v.Vector3i(...xyz))],
  ['vector4', t.vector4, vec4],
  ['vector4i', t.vector4i, fc.tuple(i32, i32, i32, i32).map((xyzw) => new v.Vector4i(...xyzw))],
  ['rect2', t.rect2, fc.tuple(vec2, vec2).map((parts) => new v.Rect2(...parts))],
  ['rect2i', t.rect2i, fc.tuple(vec2i, vec2i).map((parts) => new v.Rect2i(...parts))],
  ['aabb', t.aabb, fc.tuple(vec3, vec3).map((parts) => new v.AABB(...parts))],
  ['plane', t.plane, fc.tuple(vec3, real).map((parts) => new v.Plane(...parts))],
  ['quaternion', t.quaternion, fc.tuple(real, real, real, real).map((xyzw) => new v.Quaternion(...xyzw))],
  ['basis', t.basis, basis],
  ['transform2d', t.transform2d, fc.tuple(vec2, vec2, vec2).map((parts) => new v.Transform2D(...parts))],
  ['transform3d', t.transform3d, fc.tuple(basis, vec3).map((parts) => new v.Transform3D(...parts))],
  ['projection', t.projection, fc.tuple(vec4, vec4, vec4, vec4).map((parts) => new v.Projection(...parts))],
  ['color', t.color, color],
  ['packedByteArray', t.packedByteArray, fc.uint8Array({ maxLength: 9 })],
  ['packedInt32Array', t.packedInt32Array, fc.int32Array({ maxLength: 4 })],
  ['packedInt64Array', t.packedInt64Array, fc.bigInt64Array({ maxLength: 4 })],
  ['packedFloat32Array', t.packedFloat32Array, fc.float32Array({ maxLength: 4 })],
  ['packedFloat64Array', t.packedFloat64Array, fc.float64Array({ maxLength: 4 })],
  ['packedStringArray', t.packedStringArray, list(text)],
  ['packedVector2Array', t.packedVector2Array, list(vec2)],
  ['packedVector3Array', t.packedVector3Array, list(vec3)],
  ['packedVector4Array', t.packedVector4Array, list(vec4)],
  ['packedColorArray', t.packedColorArray, list(color)],
  ['array', t.array, list(fc.oneof(safe, text, fc.boolean(), fc.constant(null)))],
  ['dictionary', t.dictionary, fc.array(fc.tuple(text, safe), { maxLength: 4 }).map((entries) => new Map(entries))],
  ['arrayOf(int)', t.arrayOf(t.int), list(safe)],
  ['arrayOf(float)', t.arrayOf(t.float), list(fc.float())],
  ['arrayOf(arrayOf(string))', t.arrayOf(t.arrayOf(t.string)), list(list(text))],
  ['arrayOf(nullable(vector2))', t.arrayOf(t.nullable(t.vector2)), list(fc.option(vec2))],
  [
    'dictionaryOf(string, int)',
    t.dictionaryOf(t.string, t.int),
    fc.array(fc.tuple(text, safe), { maxLength: 4 }).map((entries) => new Map(entries)),
  ],
  [
    'struct',
    t.struct({ name: t.stringName, hp: t.int, at: t.nullable(t.vector3) }),
    fc.record({ name: text, hp: safe, at: fc.option(vec3) }),
  ],
  ['nullable', t.nullable(t.int), fc.option(safe)],
  ['variant', t.variant, fc.oneof(safe, text, fc.boolean(), fc.constant(null), vec2)],
]

/** Over the wire and back, compared in Godot's form, since some arrays are of a class there and not here. */
function throughTheWire(type: t.RpcType<unknown>, value: unknown): { before: string; after: unknown } {
  const variant = type.toVariant(value)
  if (variant === undefined) return { before: '', after: 'refused' }
  const arrived = v.decodeArguments(v.encodeArguments([variant]))[0] ?? null
  return { before: hex(variant), after: type.fromVariant(arrived) }
}

function hex(variant: v.Variant | undefined): string {
  return variant === undefined ? 'refused' : Buffer.from(v.encodeVariant(variant)).toString('hex')
}

describe(`values arrive as they were (seed ${seed})`, () => {
  test.each(TYPES)('%s', (_, type, values) => {
    fc.assert(
      fc.property(values, (value) => {
        const { before, after } = throughTheWire(type, value)
        expect(hex(type.toVariant(after))).toBe(before)
        if (!(Array.isArray(value) || typeof value === 'object') || value === null) expect(after).toEqual(value)
      }),
      runs,
    )
  })

  test('a value of one type is taken by another only if Godot takes it too', () => {
    const all = TYPES.filter(([name]) => name !== 'variant')
    fc.assert(
      fc.property(fc.nat(all.length - 1), fc.nat(all.length - 1), fc.nat(), (i, j, sampleSeed) => {
        const [, from, values] = all[i] as (typeof all)[number]
        const [, to] = all[j] as (typeof all)[number]
        const [value] = fc.sample(values, { seed: sampleSeed, numRuns: 1 })
        const arrived = v.decodeArguments(v.encodeArguments([from.toVariant(value) as v.Variant]))[0] ?? null
        const taken = to.fromVariant(arrived)
        // What is taken is of the type: it can be sent on as such.
        if (taken !== undefined) expect(to.toVariant(taken)).toBeDefined()
      }),
      { ...runs, numRuns: 2000 },
    )
  })
})

describe('what is sent', () => {
  const cases: [t.RpcType<unknown>, unknown, string][] = [
    // INT 1, FLOAT 1.0, STRING_NAME, Array[int], Dictionary[String, int]
    [t.int, 1, '0200000001000000'],
    [t.int, -0, '0200000000000000'],
    [t.float, 1, '030000000000803f'],
    [t.stringName, 'ab', '150000000200000061620000'],
    [t.arrayOf(t.int), [7], '1c00010002000000010000000200000007000000'],
    [t.arrayOf(t.float), [1], '1c0001000300000001000000030000000000803f'],
    [t.arrayOf(t.nullable(t.int)), [null], '1c0000000100000000000000'],
    [
      t.dictionaryOf(t.string, t.int),
      new Map([['a', 1]]),
      '1b0005000400000002000000010000000400000001000000610000000200000001000000',
    ],
    [t.struct({ a: t.int }), { a: 1, b: 'left out' }, '1b000000010000000400000001000000610000000200000001000000'],
    [t.packedStringArray, ['ab'], '22000000010000000300000061620000'],
  ]

  test.each(cases)('%j %j is %s', (type, value, expected) => {
    expect(hex(type.toVariant(value))).toBe(expected)
  })
})

describe('what is refused', () => {
  const refused: [string, t.RpcType<unknown>, unknown[]][] = [
    ['bool', t.bool, [0, 1, 'true', null, undefined]],
    ['int', t.int, [1.5, NaN, Infinity, 2 ** 53, 1n, '1', null, undefined, true]],
    ['int64', t.int64, [1, 2n ** 63n, -(2n ** 63n) - 1n, '1', null]],
    ['float', t.float, ['1', 1n, null, new v.Float(1)]],
    ['string', t.string, [1, null, new v.StringName('a')]],
    ['vector2', t.vector2, [{ x: 1, y: 2 }, [1, 2], new v.Vector3(), new v.Vector2i(), null]],
    ['packedByteArray', t.packedByteArray, [[1, 2], new Int32Array(1), new ArrayBuffer(1)]],
    ['packedStringArray', t.packedStringArray, [[1], 'ab', null]],
    ['array', t.array, [{ length: 1 }, 'ab', null]],
    ['arrayOf(int)', t.arrayOf(t.int), [[1, 'b'], [1.5], 'ab', null]],
    ['dictionary', t.dictionary, [{ a: 1 }, [['a', 1]], null]],
    ['dictionaryOf', t.dictionaryOf(t.string, t.int), [new Map([[1, 1]]), new Map([['a', 'b']]), {}]],
    ['struct', t.struct({ a: t.int }), [{}, { a: '1' }, null, 'a']],
    ['nullable', t.nullable(t.int), ['1', undefined]],
  ]

  test.each(refused)('by %s', (_, type, values) => {
    expect(values.map((value) => type.toVariant(value))).toEqual(values.map(() => undefined))
  })
})

describe('what GDScript converts for a typed parameter', () => {
  const converted: [string, t.RpcType<unknown>, v.Variant, unknown][] = [
    ['int for float', t.float, 3, 3],
    ['float for int', t.int, -2.9, -2],
    ['float for int64', t.int64, 2.9, 2n],
    ['bool for int', t.int, true, 1],
    ['int for bool', t.bool, 2, true],
    ['int beyond 2^53 for int', t.int, 2n ** 60n, undefined],
    ['NaN for int', t.int, NaN, undefined],
    ['String for StringName', t.stringName, 'a', 'a'],
    ['StringName for String', t.string, new v.StringName('a'), 'a'],
    ['NodePath for String', t.string, v.NodePath.parse('/a/b:c'), '/a/b:c'],
    ['String for NodePath', t.nodePath, 'a/b:c', v.NodePath.parse('a/b:c')],
    ['String that is no path for NodePath', t.nodePath, 'a::b', undefined],
    ['Vector2i for Vector2', t.vector2, new v.Vector2i(1, 2), new v.Vector2(1, 2)],
    ['Vector2 for Vector2i', t.vector2i, new v.Vector2(1.9, -1.9), new v.Vector2i(1, -1)],
    ['Vector3 out of range for Vector3i', t.vector3i, new v.Vector3(1, 2 ** 31, 0), undefined],
    ['Rect2i for Rect2', t.rect2, new v.Rect2i(new v.Vector2i(1, 2)), new v.Rect2(new v.Vector2(1, 2))],
    ['Rect2 for Rect2i', t.rect2i, new v.Rect2(new v.Vector2(1.5, 2)), new v.Rect2i(new v.Vector2i(1, 2))],
    ['PackedInt32Array for Array', t.array, Int32Array.of(1, 2), [1, 2]],
    ['PackedByteArray for Array[int]', t.arrayOf(t.int), Uint8Array.of(1, 2), [1, 2]],
    ['Array for PackedStringArray', t.packedStringArray, ['a'], new v.PackedStringArray(['a'])],
    ['Array of others for PackedStringArray', t.packedStringArray, ['a', 1], undefined],
    ['null for int', t.int, null, undefined],
    ['null for Vector2', t.vector2, null, undefined],
    [
      'Dictionary with more for a struct',
      t.struct({ a: t.int }),
      new Map<string, v.Variant>([
        ['a', 1],
        ['b', 2],
      ]),
      { a: 1 },
    ],
    ['Dictionary with less for a struct', t.struct({ a: t.int }), new Map(), undefined],
    ['... if it is nullable', t.struct({ a: t.nullable(t.int) }), new Map(), { a: null }],
  ]

  test.each(converted)('%s', (_, type, given, expected) => {
    expect(type.fromVariant(given)).toEqual(expected)
  })
})

test('a struct with a member __proto__ changes no prototype', () => {
  const type = t.struct({ ['__proto__']: t.int })
  const value = type.fromVariant(new Map([['__proto__', 1]]))
  expect(Object.getPrototypeOf(value)).toBe(Object.prototype)
})

test('an optional parameter is only followed by others', () => {
  expect(() => t.rpc({ args: [t.optional(t.int), t.int] as never })).toThrow(
    expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }),
  )
})

test.each([
  { permission: 'anyone' },
  { mode: 'fast' },
  { mode: 3 },
  { mode: 'constructor' },
  { channel: -1 },
  { channel: 1.5 },
  { args: Array.from({ length: 256 }, () => t.int) },
])('%j is refused', (config) => {
  expect(() => t.rpc(config as object)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }))
})
