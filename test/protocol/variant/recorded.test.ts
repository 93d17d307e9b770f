import { describe, expect, test } from '@jest/globals'
import type { GodotVersion, Variant } from '../../../src/variant.ts'
import * as v from '../../../src/variant.ts'
import { fromHex, rows, toHex } from './vectors.ts'
import { refusal } from '../../support/refusal.ts'

const { VariantType: T } = v
const map = (...entries: [Variant, Variant][]): Map<Variant, Variant> => new Map(entries)

/** What each row of variants.tsv is in JavaScript. */
const godot4: Record<string, Variant> = {
  nil: null,
  bool_false: false,
  int_1: 1,
  int_127: 127,
  int_255: 255,
  'int_-128': -128,
  int_65535: 65535,
  int_2147483648: 2147483648,
  'int_-2147483649': -2147483649,
  int_4294967296: 4294967296,
  int_9007199254740993: 9007199254740993n,
  'int_-9223372036854775808': -9223372036854775808n,
  'float_1.0': new v.Float(1),
  'float_0.1': 0.1,
  'float_10000000000.0': new v.Float(1e10),
  float_inf: Infinity,
  'float_0.5': 0.5,
  float_nan: NaN,
  float_negzero: -0,
  'float_1e-45': 2 ** -149,
  float_f32max_plus: 3.5e38,
  string_a: 'a',
  string_abcd: 'abcd',
  string_nl: 'a\nb\tc"d',
  stringname: new v.StringName('sname'),
  nodepath_abs: v.NodePath.parse('/root/Main/Player:position:x'),
  nodepath_empty: v.NodePath.parse(''),
  nodepath_unicode: v.NodePath.parse('A/é'),
  vector2i: new v.Vector2i(1, -2),
  vector3i: new v.Vector3i(-1, 2, 3),
  vector4i: new v.Vector4i(1, 2, 3, -4),
  rect2i: new v.Rect2i(new v.Vector2i(1, 2), new v.Vector2i(3, 4)),
  transform2d_identity: new v.Transform2D(),
  quaternion: new v.Quaternion(1, 2, 3, 4),
  basis: new v.Basis(new v.Vector3(1, 2, 3), new v.Vector3(4, 5, 6), new v.Vector3(7, 8, 9)),
  transform3d_identity: new v.Transform3D(),
  color: new v.Color(0.25, 0.5, 0.75, 1),
  rid_empty: new v.RID(),
  signal_empty: new v.Signal(),
  object_refcounted_as_id: new v.EncodedObjectAsID(-9223372010564876875n),
  callable_of_object: new v.Callable(),
  'object_full_null(with_objects)': null,
  dict_empty: map(),
  dict_intkey: map([1, 'one'], [2.5, 'x'], [new v.Vector2(1, 2), new v.StringName('v')]),
  dict_typed_string_int: new v.DictionaryOf(T.STRING, T.INT, [['a', 1]]),
  dict_typed_string_Resource_empty: new v.DictionaryOf(T.STRING, T.OBJECT),
  array_mixed: [1, 'two', 3.5, null, true, new v.Vector3(1, 2, 3), [1], map(['k', 1])],
  array_typed_string: new v.ArrayOf(T.STRING, ['a', 'bc']),
  array_typed_Node_empty: new v.ArrayOf(T.OBJECT),
  array_typed_scriptclass_empty: new v.ArrayOf(T.OBJECT),
  array_readonly: [1, 2],
  pba_1: Uint8Array.of(255),
  pba_5: Uint8Array.of(1, 2, 3, 4, 5),
  pi64: BigInt64Array.of(1n, -1n, 9223372036854775807n),
  pf64: Float64Array.of(0.5, 0.1),
  ps: new v.PackedStringArray(['', 'a', 'abc', 'abcd', 'é']),
  pv3: new v.PackedVector3Array([new v.Vector3(1, 2, 3)]),
  pv4: new v.PackedVector4Array([new v.Vector4(1, 2, 3, 4)]),
  pv4_empty: new v.PackedVector4Array(),
}

/** What each row of variants3.tsv is in JavaScript. */
const godot3: Record<string, Variant> = {
  nil: null,
  bool_false: false,
  int_1: 1,
  int_127: 127,
  int_255: 255,
  'int_-128': -128,
  int_65535: 65535,
  int_2147483648: 2147483648,
  'int_-2147483649': -2147483649,
  int_9007199254740991: 9007199254740991,
  real_0: new v.Float(0),
  'real_-1.5': -1.5,
  'real_3.141593': 3.141592653589793,
  real_16777217: new v.Float(16777217),
  'real_-inf': -Infinity,
  'real_0.5': 0.5,
  real_1e300: 1e300,
  string_empty: '',
  string_abc: 'abc',
  string_hello: 'hello',
  vector2: new v.Vector2(1.5, -2.25),
  vector3: new v.Vector3(1, 2, 3),
  plane: new v.Plane(new v.Vector3(1, 2, 3), 4),
  aabb: new v.AABB(new v.Vector3(1, 2, 3), new v.Vector3(4, 5, 6)),
  transform: new v.Transform3D(
    new v.Basis(new v.Vector3(1, 2, 3), new v.Vector3(4, 5, 6), new v.Vector3(7, 8, 9)),
    new v.Vector3(10, 11, 12),
  ),
  nodepath_abs: v.NodePath.parse('/root/Main/Player:position:x'),
  nodepath_empty: v.NodePath.parse(''),
  object_null: null,
  dict_simple: map(['a', 1], ['b', [true, null]]),
  array_empty: [],
  pba_empty: new Uint8Array(),
  pba_4: Uint8Array.of(1, 2, 3, 4),
  pia: Int32Array.of(1, -1, 2147483647),
  psa: new v.PackedStringArray(['', 'a', 'abc', 'abcd', 'é']),
  pv2: new v.PackedVector2Array([new v.Vector2(1, 2), new v.Vector2(3, 4)]),
  pca: new v.PackedColorArray([new v.Color(1, 0, 0, 1), new v.Color(0, 1, 0, 0.5)]),
}

describe.each([
  ['4', 'variants.tsv', '4.4', godot4, 4],
  ['3', 'variants3.tsv', '3', godot3, 3],
] as const)('what Godot %s encodes', (_, file, version: GodotVersion, expected: Record<string, Variant>, column) => {
  // Godot 3 gave this one with its objects, which nobody who does not ask for them can read.
  const recorded = rows(file).filter(([name]) => name !== 'object_resource_full')

  test('each row has a value to compare with', () => {
    expect(recorded.map(([name]) => name).sort()).toEqual(Object.keys(expected).sort())
  })

  test.each(recorded.map((row) => [row[0] ?? '', row[column] ?? '']))('%s: %s', (name, hex) => {
    const value = expected[name] as Variant
    expect(toHex(v.encodeVariant(value, { version }))).toBe(hex)
    expect(v.decodeVariant(fromHex(hex), { version, preserveFloats: true })).toStrictEqual(value)
  })
})

test.each(rows('variants.tsv'))('%s is of type %s', (name = '', type) => {
  expect(v.variantTypeOf(godot4[name] as Variant)).toBe(Number(type))
})

test('an object that Godot 3 sends whole is refused', () => {
  const hex = rows('variants3.tsv').find(([name]) => name === 'object_resource_full')?.[3] ?? ''
  expect(() => v.decodeVariant(fromHex(hex), { version: '3' })).toThrow(
    expect.objectContaining({ code: 'ERR_UNAUTHORIZED', godotError: 4 }),
  )
})

/** What Godot makes of odd bytes: a value, or an error. */
type Outcome = { value: Variant } | { code: v.MultiplayerErrorCode }

const common: Record<string, Outcome> = {
  'empty input': { code: 'ERR_INVALID_DATA' },
  'int without a value': { code: 'ERR_INVALID_DATA' },
  'int 64 flag': { value: 7 },
  'int 64 value that fits 32 bits': { value: -1 },
  'bool high byte only': { value: true },
  'float 64 of a 32-bit value': { value: 2 },
  'unknown type 39/27': { code: 'ERR_INVALID_DATA' },
  'unknown flag bits on int (0x100)': { value: 7 },
  'string without padding': { code: 'ERR_FILE_EOF' },
  'string length 0xffffffff': { code: 'ERR_FILE_EOF' },
  'string with a NUL inside': { value: 'a' },
  'array count with the 0x80000000 shared bit': { value: [7] },
  'dict duplicate keys': { value: map([1, 3]) },
  'byte array longer than the data': { code: 'ERR_INVALID_DATA' },
  'string array strings without NUL': { value: new v.PackedStringArray(['a']) },
  'nodepath: names with unpadded end': { value: v.NodePath.parse('a') },
  'object id 5': { value: new v.EncodedObjectAsID(5) },
  'vector2 short': { code: 'ERR_INVALID_DATA' },
  'color short': { code: 'ERR_INVALID_DATA' },
}

const odd4: Record<string, Outcome> = {
  ...common,
  'string utf8 surrogate': { code: 'ERR_INVALID_DATA' },
  'typed array int': { value: new v.ArrayOf(T.INT, [7]) },
  'typed array of invalid builtin type 99': { code: 'ERR_INVALID_DATA' },
  'typed array script type': { value: new v.ArrayOf(T.OBJECT) },
  'typed dict nil key type': { value: map() },
  rid: { value: new v.RID(1) },
}

const odd3: Record<string, Outcome> = { ...common, 'string utf8 surrogate': { value: ' ' } }

describe.each([
  ['4', 'decode4.tsv', '4.4', odd4],
  ['3', 'decode3.tsv', '3', odd3],
] as const)('what Godot %s makes of odd bytes', (_, file, version: GodotVersion, expected: Record<string, Outcome>) => {
  const recorded = rows(file)

  test('each row has an outcome to compare with, and its error is the recorded one', () => {
    expect(recorded.map(([note]) => note).sort()).toEqual(Object.keys(expected).sort())
    for (const [note = '', , , error = ''] of recorded) {
      const outcome = expected[note] as Outcome
      const code = /(?:Returning|Returned): (\w+)/.exec(error)?.[1]
      // The engine's message for an index out of bounds does not name the error that it returns.
      if ('code' in outcome) expect(code ?? 'ERR_INVALID_DATA').toBe(outcome.code)
      else expect(error).toBe('')
    }
  })

  test.each(recorded.map(([note = '', hex = '']) => [note, hex]))('%s: %s', (note, hex) => {
    const outcome = expected[note] as Outcome
    if ('code' in outcome) {
      expect(() => v.decodeVariant(fromHex(hex), { version })).toThrow(refusal(outcome.code))
    } else {
      expect(v.decodeVariant(fromHex(hex), { version })).toStrictEqual(outcome.value)
    }
  })
})
