import { invalid } from '../../../checks.ts'
import type { EncodedArguments } from '../../../protocol/variant/arguments.ts'
import { encodeArguments } from '../../../protocol/variant/arguments.ts'
import { encodeVariant, type EncodeOptions } from '../../../protocol/variant/plain.ts'
import { VariantType } from '../../../protocol/variant/variant-type.ts'
import type { Variant } from '../../../protocol/variant/variant.ts'
import type { RpcParameters } from './rpc-method.ts'
import { isOptional } from './types/any-type.ts'

/**
 * The arguments of a call as Variants.
 *
 * @param what - the method, for messages.
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for too few or too many, and for values of other types.
 */
export function toVariants(what: string, parameters: RpcParameters, values: readonly unknown[]): Variant[] {
  const count = countWithoutDefaults(parameters, values)
  if (values.length > parameters.length || count < parameters.filter((type) => !isOptional(type)).length) {
    const names = parameters.map(({ name }) => name).join(', ')
    throw invalid(`${what} takes (${names}), not ${values.length} arguments.`, values)
  }
  return parameters.slice(0, count).map((type, i) => {
    const variant = type.toVariant(values[i])
    if (variant === undefined) throw invalid(`Argument ${i + 1} of ${what} must be ${type.name}.`, values[i])
    return variant
  })
}

/**
 * What a handler gets for Variants that have arrived: undefined for optional parameters that were left out.
 *
 * @returns a message instead if they do not fit.
 */
export function fromVariants(parameters: RpcParameters, variants: readonly Variant[]): unknown[] | string {
  if (variants.length > parameters.length) return `${variants.length} arguments for ${parameters.length} parameters`
  const values: unknown[] = []
  for (const [i, type] of parameters.entries()) {
    const variant = variants[i]
    const value = variant === undefined ? undefined : type.fromVariant(variant)
    if (value === undefined && !(variant === undefined && isOptional(type))) {
      return `argument ${i + 1} is not ${type.name}`
    }
    values.push(value)
  }
  return values
}

/**
 * Encodes arguments as Godot does, but for one case: a single PackedByteArray that is empty. Godot sends it as no bytes at all, which is how a call without arguments looks, and so
 * its receivers refuse the call. Written like any other argument it arrives.
 */
export function encodeCall(variants: readonly Variant[], options: EncodeOptions): EncodedArguments {
  const encoded = encodeArguments(variants, options)
  const [first] = variants
  if (!encoded.raw || first === undefined || encoded.bytes.byteLength > 0) return encoded
  return { count: 1, raw: false, bytes: encodeVariant(first, options) }
}

/** Understands Godot's form of a single PackedByteArray that is empty, for a method that has such a parameter and needs it. */
export function restoreEmptyBytes(parameters: RpcParameters, variants: readonly Variant[]): readonly Variant[] {
  const isMissing = variants.length === 0 && needsOne(parameters)
  return isMissing && parameters[0]?.variantType === VariantType.PACKED_BYTE_ARRAY ? [new Uint8Array()] : variants
}

/** Whether a call without arguments may be Godot's form of one with an empty PackedByteArray. */
export function maybeEmptyBytes(parameters: RpcParameters, variants: readonly Variant[]): boolean {
  return variants.length === 0 && needsOne(parameters) && parameters[0]?.fromVariant(new Uint8Array()) !== undefined
}

function needsOne(parameters: RpcParameters): boolean {
  return parameters.filter((type) => !isOptional(type)).length === 1
}

/** How many arguments are left when the undefined ones at the end, which are optional, are left out. */
function countWithoutDefaults(parameters: RpcParameters, values: readonly unknown[]): number {
  let count = Math.min(values.length, parameters.length)
  while (count > 0 && values[count - 1] === undefined && isOptional(parameters[count - 1] as RpcParameters[number])) {
    count--
  }
  return count
}
