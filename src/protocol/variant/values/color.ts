import { VariantType } from '../variant-type.ts'

/** Godot's `Color`: red, green, blue and alpha, usually from 0 to 1. 32-bit floats on the wire, in every build. */
export class Color {
  constructor(
    readonly r = 0,
    readonly g = 0,
    readonly b = 0,
    readonly a = 1,
  ) {}

  get variantType(): VariantType.COLOR {
    return VariantType.COLOR
  }
}
