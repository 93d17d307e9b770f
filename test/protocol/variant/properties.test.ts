import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import type { Variant } from '../../../src/variant.ts'
import * as v from '../../../src/variant.ts'
import { toHex } from './vectors.ts'

const { VariantType: T } = v
const seed = Math.floor(Math.random() * 2 ** 31)
const runs = { seed, numRuns: 400 }

/** What JavaScript and Godot both call a text: no NUL, and no byte order mark in front, which Godot takes away. */
const text = fc
  .string({ unit: 'binary', maxLength: 12 })
  .filter((value) => !value.includes('\0') && !value.startsWith('\ufeff'))
const int32 = fc.integer({ min: -(2 ** 31), max: 2 ** 31 - 1 })
const int64 = fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n })
const int = fc.oneof(
  int32,
  fc.maxSafeInteger(),
  int64.filter((value) => !Number.isSafeInteger(Number(value))),
)
const isInt = (value: number): boolean => Number.isSafeInteger(value) && !Object.is(value, -0)
const float = fc.oneof(fc.double(), fc.float(), int32).map((value) => (isInt(value) ? new v.Float(value) : value))

/** Values of types without others in them; `real` makes the components of vectors. */
function scalars(real: fc.Arbitrary<number>): Record<string, fc.Arbitrary<Variant>> {
  const v2 = fc.tuple(real, real).map(([x, y]) => new v.Vector2(x, y))
  const v3 = fc.tuple(real, real, real).map(([x, y, z]) => new v.Vector3(x, y, z))
  const v4 = fc.tuple(real, real, real, real).map(([x, y, z, w]) => new v.Vector4(x, y, z, w))
  const v2i = fc.tuple(int32, int32).map(([x, y]) => new v.Vector2i(x, y))
  const basis = fc.tuple(v3, v3, v3).map(([x, y, z]) => new v.Basis(x, y, z))
  const color = fc.tuple(fc.float(), fc.float(), fc.float(), fc.float()).map(([r, g, b, a]) => new v.Color(r, g, b, a))
  const list = <Item>(item: fc.Arbitrary<Item>): fc.Arbitrary<Item[]> => fc.array(item, { maxLength: 5 })
  return {
    nil: fc.constant(null),
    bool: fc.boolean(),
    int,
    float,
    text,
    name: text.map((name) => new v.StringName(name)),
    path: fc.tuple(list(text), list(text), fc.boolean()).map((parts) => new v.NodePath(...parts)),
    v2,
    v3,
    v4,
    v2i,
    v3i: fc.tuple(int32, int32, int32).map(([x, y, z]) => new v.Vector3i(x, y, z)),
    v4i: fc.tuple(int32, int32, int32, int32).map(([x, y, z, w]) => new v.Vector4i(x, y, z, w)),
    rect: fc.tuple(v2, v2).map(([position, size]) => new v.Rect2(position, size)),
    rect2i: fc.tuple(v2i, v2i).map(([position, size]) => new v.Rect2i(position, size)),
    box: fc.tuple(v3, v3).map(([position, size]) => new v.AABB(position, size)),
    plane: fc.tuple(v3, real).map(([normal, d]) => new v.Plane(normal, d)),
    quaternion: fc.tuple(real, real, real, real).map(([x, y, z, w]) => new v.Quaternion(x, y, z, w)),
    basis,
    transform2d: fc.tuple(v2, v2, v2).map(([x, y, origin]) => new v.Transform2D(x, y, origin)),
    transform3d: fc.tuple(basis, v3).map(([b, origin]) => new v.Transform3D(b, origin)),
    projection: fc.tuple(v4, v4, v4, v4).map(([x, y, z, w]) => new v.Projection(x, y, z, w)),
    color,
    rid: int64.map((id) => new v.RID(id)),
    object: int64.filter((id) => id !== 0n).map((id) => new v.EncodedObjectAsID(id)),
    callable: fc.constant(new v.Callable()),
    signal: fc.tuple(text, int64).map(([name, id]) => new v.Signal(name, id)),
    bytes: fc.uint8Array({ maxLength: 9 }),
    int32s: fc.int32Array({ maxLength: 5 }),
    int64s: fc.bigInt64Array({ maxLength: 5 }),
    floats: fc.float32Array({ maxLength: 5 }),
    doubles: fc.float64Array({ maxLength: 5 }),
    strings: list(text).map((items) => new v.PackedStringArray(items)),
    v2s: list(v2).map((items) => new v.PackedVector2Array(items)),
    v3s: list(v3).map((items) => new v.PackedVector3Array(items)),
    v4s: list(v4).map((items) => new v.PackedVector4Array(items)),
    colors: list(color).map((items) => new v.PackedColorArray(items)),
  }
}

/** Types of Godot 3, among those above. */
const ONLY_4 = [
  'name',
  'v4',
  'v2i',
  'v3i',
  'v4i',
  'rect2i',
  'projection',
  'rid',
  'callable',
  'signal',
  'int64s',
  'doubles',
  'v4s',
]

/** Any value, nested. */
function variants(of: Record<string, fc.Arbitrary<Variant>>, typed: boolean): fc.Arbitrary<Variant> {
  const leaf = fc.oneof(...Object.values(of))
  const { value } = fc.letrec<{ value: Variant }>((tie) => {
    const list = fc.array(tie('value'), { maxLength: 4 })
    // Keys that are equal are one in Godot; a Map would have two.
    const entries = fc.uniqueArray(fc.tuple(fc.oneof(leaf, list), tie('value')), {
      maxLength: 4,
      selector: ([key]) => toHex(v.encodeVariant(key, { doublePrecision: true })),
    })
    const typedOnes = [
      fc.array(fc.oneof(int, fc.constant(0)), { maxLength: 4 }).map((items) => new v.ArrayOf(T.INT, items)),
      fc.array(fc.double(), { maxLength: 4 }).map((items) => new v.ArrayOf(T.FLOAT, items)),
      list.map((items) => new v.ArrayOf(T.ARRAY, [items])),
      fc
        .array(fc.oneof(of['object'] ?? leaf, fc.constant(null)), { maxLength: 4 })
        .map((items) => new v.ArrayOf(T.OBJECT, items)),
      entries.map(
        (items) =>
          new v.DictionaryOf(
            T.NIL,
            T.DICTIONARY,
            items.map(([key, item]) => [key, new Map([['a', item]])]),
          ),
      ),
      fc.dictionary(text, fc.double()).map((items) => new v.DictionaryOf(T.STRING, T.FLOAT, Object.entries(items))),
    ]
    return {
      value: fc.oneof(
        { depthSize: 'small', withCrossShrink: true },
        leaf,
        list,
        entries.map((items) => new Map(items)),
        ...(typed ? typedOnes : []),
      ),
    }
  })
  return value
}

describe(`values come back as they were (seed ${seed})`, () => {
  const single = scalars(fc.float())
  const options = { preserveFloats: true }

  test('every type was thought of', () => {
    const types = new Set(
      Object.values(single).map((arbitrary) => v.variantTypeOf(fc.sample(arbitrary, { seed, numRuns: 1 })[0] ?? null)),
    )
    const containers = [T.ARRAY, T.DICTIONARY]
    expect(types.size + containers.length).toBe(T.PACKED_VECTOR4_ARRAY + 1)
  })

  test.each(Object.entries(single))('%s', (_, arbitrary) => {
    fc.assert(
      fc.property(arbitrary, (value) => {
        expect(v.decodeVariant(v.encodeVariant(value), options)).toStrictEqual(value)
      }),
      { seed, numRuns: 100 },
    )
  })

  test('nested, and encoded again the bytes are the same', () => {
    fc.assert(
      fc.property(variants(single, true), (value) => {
        const bytes = v.encodeVariant(value)
        expect(bytes.length % 4).toBe(0)
        const decoded = v.decodeVariant(bytes, options)
        expect(decoded).toStrictEqual(value)
        expect(v.encodeVariant(decoded)).toEqual(bytes)
      }),
      runs,
    )
  })

  test('in double precision', () => {
    fc.assert(
      fc.property(variants(scalars(fc.double()), true), (value) => {
        const bytes = v.encodeVariant(value, { doublePrecision: true })
        expect(v.decodeVariant(bytes, options)).toStrictEqual(value)
      }),
      runs,
    )
  })

  test('as Godot 3 has them', () => {
    const types = Object.fromEntries(Object.entries(single).filter(([name]) => !ONLY_4.includes(name)))
    fc.assert(
      fc.property(variants(types, false), (value) => {
        const bytes = v.encodeVariant(value, { version: '3' })
        expect(v.decodeVariant(bytes, { ...options, version: '3' })).toStrictEqual(value)
      }),
      runs,
    )
  })

  test('as arguments', () => {
    fc.assert(
      fc.property(fc.array(variants(single, true), { maxLength: 5 }), (values) => {
        expect(v.decodeArguments(v.encodeArguments(values), options)).toStrictEqual(values)
      }),
      { seed, numRuns: 200 },
    )
  })

  test('whatever else JavaScript has is a value that can be decoded, or is refused', () => {
    const anything = fc.anything({
      withBigInt: true,
      withBoxedValues: true,
      withDate: true,
      withMap: true,
      withNullPrototype: true,
      withObjectString: true,
      withSet: true,
      withSparseArray: true,
      withTypedArray: true,
      stringUnit: 'binary',
    })
    const found = { values: 0, refused: 0 }
    fc.assert(
      fc.property(anything, (value) => {
        let bytes
        try {
          bytes = v.encodeVariant(value as Variant)
        } catch (error) {
          expect(error).toMatchObject({ name: 'MultiplayerError', code: 'ERR_INVALID_PARAMETER' })
          found.refused++
          return
        }
        found.values++
        // A byte order mark is lost: Godot leaves it out.
        if (Buffer.from(bytes).includes('\ufeff')) return
        expect(v.encodeVariant(v.decodeVariant(bytes, options))).toEqual(bytes)
      }),
      { seed, numRuns: 2000 },
    )
    expect(Math.min(found.values, found.refused)).toBeGreaterThan(200)
  })

  test('without preserveFloats, numbers are numbers, and stay what they are from then on', () => {
    fc.assert(
      fc.property(fc.oneof(int, float), (value) => {
        const decoded = v.decodeVariant(v.encodeVariant(value))
        expect(decoded).toBe(value instanceof v.Float ? value.value : value)
        expect(v.decodeVariant(v.encodeVariant(decoded))).toBe(decoded)
      }),
      runs,
    )
  })
})
