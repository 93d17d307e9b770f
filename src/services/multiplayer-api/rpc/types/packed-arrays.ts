import {
  PackedColorArray,
  PackedStringArray,
  PackedVector2Array,
  PackedVector3Array,
  PackedVector4Array,
} from '../../../../protocol/variant/values/arrays.ts'
import type { Color } from '../../../../protocol/variant/values/color.ts'
import type { Vector2, Vector3, Vector4 } from '../../../../protocol/variant/values/vectors.ts'
import { VariantType } from '../../../../protocol/variant/variant-type.ts'
import type { Variant } from '../../../../protocol/variant/variant.ts'
import { builtIn, type RpcType } from './rpc-type.ts'
import { color, vector2, vector3, vector4 } from './shapes.ts'
import { string } from './texts.ts'

/** Godot's `PackedByteArray`. Alone, it is sent as its bare bytes. */
export const packedByteArray = builtIn<Uint8Array>('PackedByteArray', VariantType.PACKED_BYTE_ARRAY)
/** Godot's `PackedInt32Array`. */
export const packedInt32Array = builtIn<Int32Array>('PackedInt32Array', VariantType.PACKED_INT32_ARRAY)
/** Godot's `PackedInt64Array`. */
export const packedInt64Array = builtIn<BigInt64Array>('PackedInt64Array', VariantType.PACKED_INT64_ARRAY)
/** Godot's `PackedFloat32Array`. */
export const packedFloat32Array = builtIn<Float32Array>('PackedFloat32Array', VariantType.PACKED_FLOAT32_ARRAY)
/** Godot's `PackedFloat64Array`. */
export const packedFloat64Array = builtIn<Float64Array>('PackedFloat64Array', VariantType.PACKED_FLOAT64_ARRAY)

/** Godot's `PackedStringArray`; any array of strings. */
export const packedStringArray = packed<string>(
  'PackedStringArray',
  VariantType.PACKED_STRING_ARRAY,
  string,
  (items) => new PackedStringArray(items),
)
/** Godot's `PackedVector2Array`; any array of `Vector2`. */
export const packedVector2Array = packed<Vector2>(
  'PackedVector2Array',
  VariantType.PACKED_VECTOR2_ARRAY,
  vector2,
  (items) => new PackedVector2Array(items),
)
/** Godot's `PackedVector3Array`; any array of `Vector3`. */
export const packedVector3Array = packed<Vector3>(
  'PackedVector3Array',
  VariantType.PACKED_VECTOR3_ARRAY,
  vector3,
  (items) => new PackedVector3Array(items),
)
/** Godot's `PackedVector4Array`, since 4.3; any array of `Vector4`. */
export const packedVector4Array = packed<Vector4>(
  'PackedVector4Array',
  VariantType.PACKED_VECTOR4_ARRAY,
  vector4,
  (items) => new PackedVector4Array(items),
)
/** Godot's `PackedColorArray`; any array of `Color`. */
export const packedColorArray = packed<Color>(
  'PackedColorArray',
  VariantType.PACKED_COLOR_ARRAY,
  color,
  (items) => new PackedColorArray(items),
)

/** As in GDScript, a plain Array is taken too if all of its elements fit. */
function packed<Item>(
  name: string,
  variantType: VariantType,
  element: RpcType<Item>,
  make: (items: Item[]) => Variant & readonly Item[],
): RpcType<readonly Item[]> {
  const convert = (value: unknown): (Variant & readonly Item[]) | undefined => {
    if (!Array.isArray(value)) return undefined
    const items: Item[] = []
    for (const item of value as Variant[]) {
      // Not `fromVariant`: an array is of one type, and nothing in it is converted.
      if (element.toVariant(item) === undefined) return undefined
      items.push(item as Item)
    }
    return make(items)
  }
  return { name, variantType, toVariant: convert, fromVariant: convert }
}
