/**
 * Godot's Variants: every value that GDScript can send, to bytes and back.
 *
 * @packageDocumentation
 */
export { decodeArguments, encodeArguments, type EncodedArguments } from './protocol/variant/arguments.ts'
export type { GodotVersion } from './protocol/variant/godot-version.ts'
export { decodeVariant, encodeVariant, type DecodeOptions, type EncodeOptions } from './protocol/variant/plain.ts'
export { variantTypeOf } from './protocol/variant/type-of.ts'
export * from './protocol/variant/values.ts'
export { VariantType } from './protocol/variant/variant-type.ts'
export type {
  Variant,
  VariantArray,
  VariantDictionary,
  VariantPackedArray,
  VariantScalar,
} from './protocol/variant/variant.ts'
export { MultiplayerError, type MultiplayerErrorCode } from './multiplayer-error.ts'
