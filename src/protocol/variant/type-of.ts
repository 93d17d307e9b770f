import { MultiplayerError } from '../../multiplayer-error.ts'
import * as values from './values.ts'
import { VariantType } from './variant-type.ts'
import type { Variant } from './variant.ts'

/** Types by prototype: quicker than asking `instanceof` one after the other, and a plain object cannot pass for something else by its members. */
const BY_PROTOTYPE: ReadonlyMap<object, VariantType> = new Map<object, VariantType>([
  [Array.prototype, VariantType.ARRAY],
  [Map.prototype, VariantType.DICTIONARY],
  [Object.prototype, VariantType.DICTIONARY],
  [values.ArrayOf.prototype, VariantType.ARRAY],
  [values.DictionaryOf.prototype, VariantType.DICTIONARY],
  [Uint8Array.prototype, VariantType.PACKED_BYTE_ARRAY],
  [Int32Array.prototype, VariantType.PACKED_INT32_ARRAY],
  [BigInt64Array.prototype, VariantType.PACKED_INT64_ARRAY],
  [Float32Array.prototype, VariantType.PACKED_FLOAT32_ARRAY],
  [Float64Array.prototype, VariantType.PACKED_FLOAT64_ARRAY],
  [values.PackedStringArray.prototype, VariantType.PACKED_STRING_ARRAY],
  [values.PackedVector2Array.prototype, VariantType.PACKED_VECTOR2_ARRAY],
  [values.PackedVector3Array.prototype, VariantType.PACKED_VECTOR3_ARRAY],
  [values.PackedVector4Array.prototype, VariantType.PACKED_VECTOR4_ARRAY],
  [values.PackedColorArray.prototype, VariantType.PACKED_COLOR_ARRAY],
  [values.Float.prototype, VariantType.FLOAT],
  [values.StringName.prototype, VariantType.STRING_NAME],
  [values.NodePath.prototype, VariantType.NODE_PATH],
  [values.Vector2.prototype, VariantType.VECTOR2],
  [values.Vector2i.prototype, VariantType.VECTOR2I],
  [values.Vector3.prototype, VariantType.VECTOR3],
  [values.Vector3i.prototype, VariantType.VECTOR3I],
  [values.Vector4.prototype, VariantType.VECTOR4],
  [values.Vector4i.prototype, VariantType.VECTOR4I],
  [values.Rect2.prototype, VariantType.RECT2],
  [values.Rect2i.prototype, VariantType.RECT2I],
  [values.AABB.prototype, VariantType.AABB],
  [values.Plane.prototype, VariantType.PLANE],
  [values.Quaternion.prototype, VariantType.QUATERNION],
  [values.Basis.prototype, VariantType.BASIS],
  [values.Transform2D.prototype, VariantType.TRANSFORM2D],
  [values.Transform3D.prototype, VariantType.TRANSFORM3D],
  [values.Projection.prototype, VariantType.PROJECTION],
  [values.Color.prototype, VariantType.COLOR],
  [values.RID.prototype, VariantType.RID],
  [values.EncodedObjectAsID.prototype, VariantType.OBJECT],
  [values.Callable.prototype, VariantType.CALLABLE],
  [values.Signal.prototype, VariantType.SIGNAL],
])

/** Types by the name that a built-in object gives itself, for objects of another frame of the page. */
const BY_TAG: ReadonlyMap<string, VariantType> = new Map([
  ['Uint8Array', VariantType.PACKED_BYTE_ARRAY],
  ['Uint8ClampedArray', VariantType.PACKED_BYTE_ARRAY],
  ['Int32Array', VariantType.PACKED_INT32_ARRAY],
  ['BigInt64Array', VariantType.PACKED_INT64_ARRAY],
  ['Float32Array', VariantType.PACKED_FLOAT32_ARRAY],
  ['Float64Array', VariantType.PACKED_FLOAT64_ARRAY],
  ['Map', VariantType.DICTIONARY],
])

/**
 * The type that a value has in Godot.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for what Godot has no type for: `undefined`, functions, symbols, objects of classes.
 */
export function variantTypeOf(value: Variant): VariantType {
  switch (typeof value) {
    case 'number':
      // -0 is a float, and so is what an integer of 64 bits could hold only by chance.
      return Number.isSafeInteger(value) && !Object.is(value, -0) ? VariantType.INT : VariantType.FLOAT
    case 'string':
      return VariantType.STRING
    case 'boolean':
      return VariantType.BOOL
    case 'bigint':
      return VariantType.INT
    case 'object':
      return value === null ? VariantType.NIL : typeOfObject(value)
    default:
      throw unknownType(value)
  }
}

function typeOfObject(value: object): VariantType {
  const prototype = Object.getPrototypeOf(value) as object | null
  if (prototype === null) return VariantType.DICTIONARY
  const type = BY_PROTOTYPE.get(prototype) ?? inheritedType(prototype) ?? BY_TAG.get(tagOf(value))
  if (type !== undefined) return type
  if (Array.isArray(value)) return VariantType.ARRAY
  // Plain objects of another frame: a class would have one more prototype.
  if (Object.getPrototypeOf(prototype) === null) return VariantType.DICTIONARY
  throw unknownType(value)
}

/** For subclasses, as Node's Buffer. Everything inherits from Object, so that does not count. */
function inheritedType(prototype: object): VariantType | undefined {
  const parent = Object.getPrototypeOf(prototype) as object | null
  if (parent === null || parent === Object.prototype) return undefined
  return BY_PROTOTYPE.get(parent) ?? inheritedType(parent)
}

function tagOf(value: object): string {
  return Object.prototype.toString.call(value).slice(8, -1)
}

function unknownType(value: unknown): MultiplayerError {
  const name = typeof value === 'object' && value !== null ? tagOf(value) : typeof value
  return new MultiplayerError(
    'ERR_INVALID_PARAMETER',
    `Godot has no type for this value (${name}); send null, numbers, texts, arrays, maps, plain objects, or one of the classes for Variant values.`,
    { value },
  )
}
