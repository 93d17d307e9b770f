import { VariantType } from '../variant-type.ts'
import { Vector2, Vector2i, Vector3 } from './vectors.ts'

/** Godot's `Rect2`. */
export class Rect2 {
  constructor(
    readonly position = new Vector2(),
    readonly size = new Vector2(),
  ) {}

  get variantType(): VariantType.RECT2 {
    return VariantType.RECT2
  }
}

/** Godot's `Rect2i`. */
export class Rect2i {
  constructor(
    readonly position = new Vector2i(),
    readonly size = new Vector2i(),
  ) {}

  get variantType(): VariantType.RECT2I {
    return VariantType.RECT2I
  }
}

/** Godot's `AABB`: a box in space along the axes. */
export class AABB {
  constructor(
    readonly position = new Vector3(),
    readonly size = new Vector3(),
  ) {}

  get variantType(): VariantType.AABB {
    return VariantType.AABB
  }
}

/** Godot's `Plane`: the points `p` with `normal.dot(p) == d`. */
export class Plane {
  constructor(
    readonly normal = new Vector3(),
    readonly d = 0,
  ) {}

  get variantType(): VariantType.PLANE {
    return VariantType.PLANE
  }
}
