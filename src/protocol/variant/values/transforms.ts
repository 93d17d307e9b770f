import { VariantType } from '../variant-type.ts'
import { Vector2, Vector3, Vector4 } from './vectors.ts'

/** Godot's `Quaternion` (`Quat` in Godot 3). */
export class Quaternion {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
    readonly w = 1,
  ) {}

  get variantType(): VariantType.QUATERNION {
    return VariantType.QUATERNION
  }
}

/** Godot's `Basis`, by its columns (the axes `x`, `y`, `z`), as GDScript shows it. */
export class Basis {
  constructor(
    readonly x = new Vector3(1, 0, 0),
    readonly y = new Vector3(0, 1, 0),
    readonly z = new Vector3(0, 0, 1),
  ) {}

  get variantType(): VariantType.BASIS {
    return VariantType.BASIS
  }
}

/** Godot's `Transform2D`, by its columns. */
export class Transform2D {
  constructor(
    readonly x = new Vector2(1, 0),
    readonly y = new Vector2(0, 1),
    readonly origin = new Vector2(),
  ) {}

  get variantType(): VariantType.TRANSFORM2D {
    return VariantType.TRANSFORM2D
  }
}

/** Godot's `Transform3D` (`Transform` in Godot 3). */
export class Transform3D {
  constructor(
    readonly basis = new Basis(),
    readonly origin = new Vector3(),
  ) {}

  get variantType(): VariantType.TRANSFORM3D {
    return VariantType.TRANSFORM3D
  }
}

/** Godot's `Projection`, by its columns. */
export class Projection {
  constructor(
    readonly x = new Vector4(1, 0, 0, 0),
    readonly y = new Vector4(0, 1, 0, 0),
    readonly z = new Vector4(0, 0, 1, 0),
    readonly w = new Vector4(0, 0, 0, 1),
  ) {}

  get variantType(): VariantType.PROJECTION {
    return VariantType.PROJECTION
  }
}
