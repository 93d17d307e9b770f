import { describe, expect, test } from '@jest/globals'
import * as v from '../../../src/variant.ts'

const { VariantType: T } = v

/** Each class of values, by the name of its type in Godot. */
const VALUES: readonly (readonly [keyof typeof T, { readonly variantType: v.VariantType }])[] = [
  ['FLOAT', new v.Float(1)],
  ['VECTOR2', new v.Vector2()],
  ['VECTOR2I', new v.Vector2i()],
  ['RECT2', new v.Rect2()],
  ['RECT2I', new v.Rect2i()],
  ['VECTOR3', new v.Vector3()],
  ['VECTOR3I', new v.Vector3i()],
  ['TRANSFORM2D', new v.Transform2D()],
  ['VECTOR4', new v.Vector4()],
  ['VECTOR4I', new v.Vector4i()],
  ['PLANE', new v.Plane()],
  ['QUATERNION', new v.Quaternion()],
  ['AABB', new v.AABB()],
  ['BASIS', new v.Basis()],
  ['TRANSFORM3D', new v.Transform3D()],
  ['PROJECTION', new v.Projection()],
  ['COLOR', new v.Color()],
  ['STRING_NAME', new v.StringName('a')],
  ['NODE_PATH', new v.NodePath()],
  ['RID', new v.RID()],
  ['OBJECT', new v.EncodedObjectAsID(1)],
  ['CALLABLE', new v.Callable()],
  ['SIGNAL', new v.Signal()],
  ['PACKED_STRING_ARRAY', new v.PackedStringArray()],
  ['PACKED_VECTOR2_ARRAY', new v.PackedVector2Array()],
  ['PACKED_VECTOR3_ARRAY', new v.PackedVector3Array()],
  ['PACKED_VECTOR4_ARRAY', new v.PackedVector4Array()],
  ['PACKED_COLOR_ARRAY', new v.PackedColorArray()],
]

describe('values say their type', () => {
  test.each(VALUES)('%s', (name, value) => {
    expect(value.variantType).toBe(T[name])
    expect(v.variantTypeOf(value as unknown as v.Variant)).toBe(T[name])
  })

  test('a Float is a number, a StringName a text', () => {
    expect(Number(new v.Float(1.5))).toBe(1.5)
    expect(String(new v.StringName('ready'))).toBe('ready')
  })
})

test('a null is an object to a dictionary of objects', () => {
  const objects = new Map<string, v.Variant>([
    ['none', null],
    ['one', new v.EncodedObjectAsID(5)],
  ])
  const dictionary = new v.DictionaryOf(T.STRING, T.OBJECT, objects)
  const decoded = v.decodeVariant(v.encodeVariant(dictionary)) as v.DictionaryOf<string>
  expect([decoded.keyType, decoded.valueType, ...decoded]).toStrictEqual([T.STRING, T.OBJECT, ...objects])
})
