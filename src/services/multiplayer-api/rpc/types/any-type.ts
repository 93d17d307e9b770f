import { VariantType } from '../../../../protocol/variant/variant-type.ts'
import type { Variant } from '../../../../protocol/variant/variant.ts'
import type { RpcType } from './rpc-type.ts'

/** A parameter without a type: anything that Godot can send. What it cannot throws when the call is encoded. */
export const variant: RpcType<Variant> = {
  name: 'Variant',
  variantType: VariantType.NIL,
  toVariant: (value) => value as Variant | undefined,
  fromVariant: (value) => value,
}

/** A value of the type, or null. */
export function nullable<Value>(type: RpcType<Value>): RpcType<Value | null> {
  return {
    name: `${type.name} or null`,
    variantType: VariantType.NIL,
    toVariant: (value) => (value === null ? null : type.toVariant(value)),
    fromVariant: (value) => (value === null ? null : type.fromVariant(value)),
  }
}

/** A parameter that a call may leave out; see {@link optional}. */
export interface OptionalRpcType<Value> extends RpcType<Value | undefined> {
  readonly isOptional: true
}

/**
 * A parameter with a default in GDScript (`func hit(by: int, force := 1.0)`): a call may leave it out, and the handler gets undefined for it. Only others like it may come after
 * it, and it is for arguments alone, not for what is in arrays, structs or answers.
 */
export function optional<Value>(type: RpcType<Value>): OptionalRpcType<Value> {
  return {
    name: type.name,
    variantType: type.variantType,
    isOptional: true,
    toVariant: (value) => type.toVariant(value),
    fromVariant: (value) => type.fromVariant(value),
  }
}

export function isOptional(type: RpcType<unknown>): boolean {
  return (type as Partial<OptionalRpcType<unknown>>).isOptional === true
}
