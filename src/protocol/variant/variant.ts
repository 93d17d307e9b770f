import type { ArrayOf, DictionaryOf, PackedColorArray, PackedStringArray, PackedVector2Array } from './values/arrays.ts'
import type { PackedVector3Array, PackedVector4Array } from './values/arrays.ts'
import type { Color } from './values/color.ts'
import type { Float } from './values/float.ts'
import type { Callable, EncodedObjectAsID, RID, Signal } from './values/handles.ts'
import type { NodePath } from './values/node-path.ts'
import type { AABB, Plane, Rect2, Rect2i } from './values/shapes.ts'
import type { StringName } from './values/string-name.ts'
import type { Basis, Projection, Quaternion, Transform2D, Transform3D } from './values/transforms.ts'
import type { Vector2, Vector2i, Vector3, Vector3i, Vector4, Vector4i } from './values/vectors.ts'

/** Values that are one JavaScript value, or a small class of constants. */
export type VariantScalar =
  | null
  | boolean
  | number
  | bigint
  | string
  | Float
  | StringName
  | NodePath
  | Vector2
  | Vector2i
  | Vector3
  | Vector3i
  | Vector4
  | Vector4i
  | Rect2
  | Rect2i
  | AABB
  | Plane
  | Quaternion
  | Basis
  | Transform2D
  | Transform3D
  | Projection
  | Color
  | RID
  | EncodedObjectAsID
  | Callable
  | Signal

/** Godot's packed arrays. */
export type VariantPackedArray =
  | Uint8Array
  | Int32Array
  | BigInt64Array
  | Float32Array
  | Float64Array
  | PackedStringArray
  | PackedVector2Array
  | PackedVector3Array
  | PackedVector4Array
  | PackedColorArray

/** An Array of Godot; {@link ArrayOf} for one of a type. */
export type VariantArray = readonly Variant[] | ArrayOf

/** A Dictionary of Godot. Decoded, it always is a `Map` (a {@link DictionaryOf} if it has types); a plain object is one with strings as keys. */
export type VariantDictionary = ReadonlyMap<Variant, Variant> | DictionaryOf | { readonly [key: string]: Variant }

/**
 * Any value that Godot can send, as JavaScript has it. `docs/variant.md` has the table of both sides.
 */
export type Variant = VariantScalar | VariantPackedArray | VariantArray | VariantDictionary
