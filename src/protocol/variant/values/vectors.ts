import { VariantType } from '../variant-type.ts'

// Components are what they are given as; on the wire they are 32-bit floats (64-bit in double-precision builds of Godot), so 0.1 comes back as 0.10000000149011612.

/** Godot's `Vector2`. */
export class Vector2 {
  constructor(
    readonly x = 0,
    readonly y = 0,
  ) {}

  get variantType(): VariantType.VECTOR2 {
    return VariantType.VECTOR2
  }
}

/** Godot's `Vector2i`; components are whole numbers from -2147483648 to 2147483647. */
export class Vector2i {
  constructor(
    readonly x = 0,
    readonly y = 0,
  ) {}

  get variantType(): VariantType.VECTOR2I {
    return VariantType.VECTOR2I
  }
}

/** Godot's `Vector3`. */
export class Vector3 {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
  ) {}

  get variantType(): VariantType.VECTOR3 {
    return VariantType.VECTOR3
  }
}

/** Godot's `Vector3i`; components are whole numbers from -2147483648 to 2147483647. */
export class Vector3i {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
  ) {}

  get variantType(): VariantType.VECTOR3I {
    return VariantType.VECTOR3I
  }
}

/** Godot's `Vector4`. */
export class Vector4 {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
    readonly w = 0,
  ) {}

  get variantType(): VariantType.VECTOR4 {
    return VariantType.VECTOR4
  }
}

/** Godot's `Vector4i`; components are whole numbers from -2147483648 to 2147483647. */
export class Vector4i {
  constructor(
    readonly x = 0,
    readonly y = 0,
    readonly z = 0,
    readonly w = 0,
  ) {}

  get variantType(): VariantType.VECTOR4I {
    return VariantType.VECTOR4I
  }
}
