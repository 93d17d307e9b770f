import { MultiplayerError } from '../../multiplayer-error.ts'
import { invalidData } from './byte-reader.ts'
import type { VariantReader, VariantWriter } from './codec.ts'
import { readVariant, writeAs, writeVariant } from './read-write.ts'
import { readText, writeText } from './strings.ts'
import { variantTypeOf } from './type-of.ts'
import { Float } from './values/float.ts'
import { StringName } from './values/string-name.ts'
import type { Variant } from './variant.ts'
import { VariantType } from './variant-type.ts'

/** How the type of an array's elements is told, in two bits of the header. */
const KIND_NONE = 0
const KIND_BUILT_IN = 1
const KIND_CLASS = 2

/** What every class becomes where objects are sent as ids. */
const OBJECT_CLASS = 'EncodedObjectAsID'

/** The bits for the header that announce the type. */
export function kindOf(type: VariantType): number {
  if (type === VariantType.NIL) return KIND_NONE
  return type === VariantType.OBJECT ? KIND_CLASS : KIND_BUILT_IN
}

export function writeElementType(target: VariantWriter, type: VariantType): void {
  if (type === VariantType.OBJECT) writeText(target.bytes, OBJECT_CLASS)
  else if (type !== VariantType.NIL) target.bytes.u32(type)
}

/** @returns NIL for any type. Classes and scripts are OBJECT: without objects, Godot makes `EncodedObjectAsID` of each of them. */
export function readElementType(source: VariantReader, kind: number): VariantType {
  if (kind === KIND_NONE) return VariantType.NIL
  if (kind !== KIND_BUILT_IN) {
    readText(source)
    return VariantType.OBJECT
  }
  source.bytes.need(4)
  const number = source.bytes.u32()
  const type = source.format.types[number]
  if (type === undefined) throw invalidData(`There is no Variant type ${number} for elements.`)
  return type
}

/** The type of the value that is read next; undefined if there is none, or none such. */
export function peekType({ bytes, format }: VariantReader): VariantType | undefined {
  return format.types[bytes.bytes[bytes.offset] ?? -1]
}

/**
 * Reads an element as a container of a type takes it in Godot: a text for a name and the other way round, an INT for a FLOAT, null for an object.
 *
 * @returns undefined if the container refuses it; Godot goes on without it.
 */
export function readElement(source: VariantReader, type: VariantType, depth: number): Variant | undefined {
  const given = peekType(source)
  const value = readVariant(source, depth)
  if (given === type) return value instanceof Float ? value.value : value
  switch (type) {
    case VariantType.STRING:
      return value instanceof StringName ? value.name : undefined
    case VariantType.STRING_NAME:
      return typeof value === 'string' ? new StringName(value) : undefined
    case VariantType.FLOAT:
      // By way of 32 bits, as the engine converts.
      return typeof value === 'number' || typeof value === 'bigint' ? Math.fround(Number(value)) : undefined
    case VariantType.OBJECT:
      return value === null ? null : undefined
    default:
      return undefined
  }
}

/** Writes an element of a container of a type. @throws MultiplayerError `ERR_INVALID_PARAMETER` if it is of another. */
export function writeElement(target: VariantWriter, type: VariantType, value: Variant, depth: number): void {
  if (type === VariantType.NIL) {
    writeVariant(target, value, depth)
    return
  }
  const given = variantTypeOf(value)
  if (given === type) writeAs(target, type, value, depth)
  else if (type === VariantType.FLOAT && typeof value === 'number') writeAs(target, type, value, depth)
  else if (type === VariantType.INT && value === 0) writeAs(target, type, 0, depth)
  else if (type === VariantType.OBJECT && value === null) writeAs(target, VariantType.NIL, null, depth)
  else if (type === VariantType.STRING && value instanceof StringName) writeAs(target, type, value.name, depth)
  else if (type === VariantType.STRING_NAME && typeof value === 'string') {
    writeAs(target, type, new StringName(value), depth)
  } else {
    throw new MultiplayerError(
      'ERR_INVALID_PARAMETER',
      `An element is ${VariantType[given]}, but the container holds ${VariantType[type]}; convert it, or use an untyped one.`,
      { value },
    )
  }
}
