import { VariantType } from '../variant-type.ts'

/**
 * A number that is a FLOAT in Godot though it is whole: `1` is sent as INT, `new Float(1)` as FLOAT 1.0.
 * GDScript converts an INT for a parameter that is typed `float`, so this matters for untyped ones and for dictionary keys.
 */
export class Float {
  constructor(readonly value: number) {}

  valueOf(): number {
    return this.value
  }

  get variantType(): VariantType.FLOAT {
    return VariantType.FLOAT
  }
}
