import { VariantType } from '../variant-type.ts'

/** Godot's `StringName` (`&"name"` in GDScript). */
export class StringName {
  constructor(readonly name: string) {}

  toString(): string {
    return this.name
  }

  get variantType(): VariantType.STRING_NAME {
    return VariantType.STRING_NAME
  }
}
