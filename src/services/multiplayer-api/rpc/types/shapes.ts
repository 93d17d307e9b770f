import type { Color } from '../../../../protocol/variant/values/color.ts'
import { Rect2, Rect2i, type AABB, type Plane } from '../../../../protocol/variant/values/shapes.ts'
import type {
  Basis,
  Projection,
  Quaternion,
  Transform2D,
  Transform3D,
} from '../../../../protocol/variant/values/transforms.ts'
import { Vector2, Vector2i, Vector3, Vector3i, Vector4, Vector4i } from '../../../../protocol/variant/values/vectors.ts'
import { VariantType as T } from '../../../../protocol/variant/variant-type.ts'
import { builtIn } from './rpc-type.ts'

// Vectors of whole numbers and of floats are taken for each other, as in GDScript.

/** Godot's `Vector2`. */
export const vector2 = builtIn<Vector2>('Vector2', T.VECTOR2, (v) =>
  v instanceof Vector2i ? new Vector2(v.x, v.y) : undefined,
)

/** Godot's `Vector2i`. */
export const vector2i = builtIn<Vector2i>('Vector2i', T.VECTOR2I, (v) =>
  v instanceof Vector2 ? whole([v.x, v.y], ([x, y]) => new Vector2i(x, y)) : undefined,
)

/** Godot's `Vector3`. */
export const vector3 = builtIn<Vector3>('Vector3', T.VECTOR3, (v) =>
  v instanceof Vector3i ? new Vector3(v.x, v.y, v.z) : undefined,
)

/** Godot's `Vector3i`. */
export const vector3i = builtIn<Vector3i>('Vector3i', T.VECTOR3I, (v) =>
  v instanceof Vector3 ? whole([v.x, v.y, v.z], ([x, y, z]) => new Vector3i(x, y, z)) : undefined,
)

/** Godot's `Vector4`. */
export const vector4 = builtIn<Vector4>('Vector4', T.VECTOR4, (v) =>
  v instanceof Vector4i ? new Vector4(v.x, v.y, v.z, v.w) : undefined,
)

/** Godot's `Vector4i`. */
export const vector4i = builtIn<Vector4i>('Vector4i', T.VECTOR4I, (v) =>
  v instanceof Vector4 ? whole([v.x, v.y, v.z, v.w], ([x, y, z, w]) => new Vector4i(x, y, z, w)) : undefined,
)

/** Godot's `Rect2`. */
export const rect2 = builtIn<Rect2>('Rect2', T.RECT2, (v) =>
  v instanceof Rect2i ? new Rect2(new Vector2(v.position.x, v.position.y), new Vector2(v.size.x, v.size.y)) : undefined,
)

/** Godot's `Rect2i`. */
export const rect2i = builtIn<Rect2i>('Rect2i', T.RECT2I, (v) =>
  v instanceof Rect2
    ? whole(
        [v.position.x, v.position.y, v.size.x, v.size.y],
        ([x, y, width, height]) => new Rect2i(new Vector2i(x, y), new Vector2i(width, height)),
      )
    : undefined,
)

/** Godot's `AABB`. */
export const aabb = builtIn<AABB>('AABB', T.AABB)
/** Godot's `Plane`. */
export const plane = builtIn<Plane>('Plane', T.PLANE)
/** Godot's `Quaternion`. */
export const quaternion = builtIn<Quaternion>('Quaternion', T.QUATERNION)
/** Godot's `Basis`. */
export const basis = builtIn<Basis>('Basis', T.BASIS)
/** Godot's `Transform2D`. */
export const transform2d = builtIn<Transform2D>('Transform2D', T.TRANSFORM2D)
/** Godot's `Transform3D`. */
export const transform3d = builtIn<Transform3D>('Transform3D', T.TRANSFORM3D)
/** Godot's `Projection`. */
export const projection = builtIn<Projection>('Projection', T.PROJECTION)
/** Godot's `Color`. */
export const color = builtIn<Color>('Color', T.COLOR)

/** Cuts off fractions; undefined if one is no whole number of 32 bits then. */
function whole<Value>(components: readonly number[], make: (components: number[]) => Value): Value | undefined {
  const cut = components.map((component) => Math.trunc(component) + 0)
  return cut.every((component) => (component | 0) === component) ? make(cut) : undefined
}
