import { variantTypeOf } from '../../../../protocol/variant/type-of.ts'
import type { VariantType } from '../../../../protocol/variant/variant-type.ts'
import type { Variant } from '../../../../protocol/variant/variant.ts'

/**
 * The type of an argument, or of an answer, of a remote method: what it is in TypeScript, what it is in Godot, and how one becomes the other.
 * docs/rpc.md has the table of all of them.
 */
export interface RpcType<Value> {
  /** As GDScript writes it; for messages. */
  readonly name: string
  /** What arrays and dictionaries of such values are typed as; NIL for any type. */
  readonly variantType: VariantType
  /** @returns undefined for a value that is not of this type. */
  toVariant(value: unknown): Variant | undefined
  /** Takes what GDScript takes for a parameter of this type. @returns undefined for a value that is not of this type. */
  fromVariant(value: Variant): Value | undefined
}

/** The TypeScript side of an {@link RpcType}. */
export type RpcValue<Type> = Type extends RpcType<infer Value> ? Value : never

/** The type of a value in Godot; undefined for what Godot has no type for. */
export function typeOf(value: unknown): VariantType | undefined {
  try {
    return variantTypeOf(value as Variant)
  } catch {
    return undefined
  }
}

/**
 * One of Godot's types whose values are the same here.
 *
 * @param convert - makes one of a received value of another type, if it can.
 */
export function builtIn<Value extends Variant>(
  name: string,
  variantType: VariantType,
  convert: (value: Variant) => Value | undefined = () => undefined,
): RpcType<Value> {
  const match = (value: unknown): Value | undefined => (typeOf(value) === variantType ? (value as Value) : undefined)
  return {
    name,
    variantType,
    toVariant: match,
    fromVariant: (value) => match(value) ?? convert(value),
  }
}
