import { MultiplayerError } from '../../multiplayer-error.ts'
import type { Codec, VariantReader, VariantWriter } from './codec.ts'
import { kindOf, peekType, readElement, readElementType, writeElement, writeElementType } from './container-types.ts'
import { DictionaryKeys, isComparedByIdentity } from './dictionary-keys.ts'
import { readVariant, writeHeader } from './read-write.ts'
import { ArrayOf, DictionaryOf } from './values/arrays.ts'
import { Float } from './values/float.ts'
import { VariantType } from './variant-type.ts'
import type { Variant, VariantArray, VariantDictionary } from './variant.ts'

const KIND_MASK = 3
const KIND_SHIFT = 16
/** Of the types of values in dictionaries. */
const VALUE_KIND_SHIFT = 18

/** The top bit was a flag in Godot 2 and is ignored. The count is not trusted: every element takes four bytes at least, so a wrong one ends with the data. */
function readCount({ bytes }: VariantReader): number {
  bytes.need(4)
  return bytes.u32() & 0x7fffffff
}

export const array: Codec<VariantArray> = {
  decode(source, header, depth) {
    const type = source.format.typedArrays
      ? readElementType(source, (header >>> KIND_SHIFT) & KIND_MASK)
      : VariantType.NIL
    const count = readCount(source)
    if (type === VariantType.NIL) {
      const items: Variant[] = []
      for (let i = 0; i < count; i++) items.push(readVariant(source, depth + 1))
      return items
    }
    const items = new ArrayOf(type)
    for (let i = 0; i < count; i++) {
      const item = readElement(source, type, depth + 1)
      if (item !== undefined) items.push(item)
    }
    return items
  },
  encode(target, items, depth) {
    const type = items instanceof ArrayOf ? items.elementType : VariantType.NIL
    if (target.format.typedArrays) {
      writeHeader(target, VariantType.ARRAY, kindOf(type) << KIND_SHIFT)
      writeElementType(target, type)
    } else {
      writeHeader(target, VariantType.ARRAY)
    }
    // What a getter within adds does not count, what it removes is missed.
    const count = items.length
    target.bytes.u32(count)
    // Most values take eight bytes or more.
    target.bytes.expect(count * 8)
    for (let i = 0; i < count; i++) writeElement(target, type, items[i] as Variant, depth + 1)
  },
}

export const dictionary: Codec<VariantDictionary> = {
  decode(source, header, depth) {
    const [keyType, valueType] = readDictionaryTypes(source, header)
    const count = readCount(source)
    const map = new Map<Variant, Variant>()
    let keys: DictionaryKeys | null = null
    let areValuesOfType = true
    for (let i = 0; i < count; i++) {
      const key = readKey(source, keyType, depth + 1)
      const value = readValue(source, valueType, depth + 1)
      if (key === undefined) continue
      areValuesOfType &&= value.fits
      if (keys === null && isComparedByIdentity(key)) keys = new DictionaryKeys(source.format, map)
      map.set(keys === null ? key : keys.unify(key), value.value)
    }
    // Unlike keys, values of another type than the dictionary's are kept in Godot. Such a dictionary has no type here that would not be true.
    const trueType = areValuesOfType ? valueType : VariantType.NIL
    if (keyType === VariantType.NIL && trueType === VariantType.NIL) return map
    return new DictionaryOf(keyType, trueType, map)
  },
  encode(target, entries, depth) {
    const [keyType, valueType] =
      entries instanceof DictionaryOf ? [entries.keyType, entries.valueType] : [VariantType.NIL, VariantType.NIL]
    writeDictionaryTypes(target, keyType, valueType)
    const list = entriesOf(entries)
    target.bytes.u32(list.length)
    for (const [key, value] of list) {
      writeElement(target, keyType, key, depth + 1)
      writeElement(target, valueType, value, depth + 1)
    }
  },
}

/** @returns undefined if the dictionary refuses it. */
function readKey(source: VariantReader, type: VariantType, depth: number): Variant | undefined {
  const key = type === VariantType.NIL ? readVariant(source, depth) : readElement(source, type, depth)
  // A Map would make a 0 of it, which is an INT.
  return source.preserveFloats && Object.is(key, -0) ? new Float(-0) : key
}

function readValue(source: VariantReader, type: VariantType, depth: number): { value: Variant; fits: boolean } {
  if (type === VariantType.NIL) return { value: readVariant(source, depth), fits: true }
  const given = peekType(source)
  const value = readVariant(source, depth)
  const fits = given === type || (type === VariantType.OBJECT && value === null)
  return { value: fits && value instanceof Float ? value.value : value, fits }
}

function readDictionaryTypes(source: VariantReader, header: number): [VariantType, VariantType] {
  if (!source.format.typedDictionaries) return [VariantType.NIL, VariantType.NIL]
  const keyType = readElementType(source, (header >>> KIND_SHIFT) & KIND_MASK)
  return [keyType, readElementType(source, (header >>> VALUE_KIND_SHIFT) & KIND_MASK)]
}

function writeDictionaryTypes(target: VariantWriter, keyType: VariantType, valueType: VariantType): void {
  if (!target.format.typedDictionaries) {
    writeHeader(target, VariantType.DICTIONARY)
    return
  }
  writeHeader(target, VariantType.DICTIONARY, (kindOf(keyType) << KIND_SHIFT) | (kindOf(valueType) << VALUE_KIND_SHIFT))
  writeElementType(target, keyType)
  writeElementType(target, valueType)
}

function entriesOf(dictionary: VariantDictionary): readonly (readonly [Variant, Variant])[] {
  if (!isMap(dictionary)) return Object.entries(dictionary as Record<string, Variant>)
  try {
    return [...dictionary]
  } catch (cause) {
    // A Proxy of a Map passes for one, but has no entries.
    throw new MultiplayerError('ERR_INVALID_PARAMETER', 'The entries of a Map cannot be read; send a copy of it.', {
      value: dictionary,
      cause,
    })
  }
}

/** The name is for Maps of another frame of the page. */
function isMap(value: VariantDictionary): value is ReadonlyMap<Variant, Variant> {
  return value instanceof Map || Object.prototype.toString.call(value) === '[object Map]'
}
