import { ByteWriter } from './byte-writer.ts'
import type { VariantFormat } from './codec.ts'
import { writeVariant } from './read-write.ts'
import { ArrayOf } from './values/arrays.ts'
import { StringName } from './values/string-name.ts'
import type { Variant } from './variant.ts'

/** Every byte is a character, and no two are the same one. */
const oneByteEach = new TextDecoder('latin1')

/**
 * In Godot two equal vectors are one key, in a Map two objects are two. While a dictionary is decoded, this finds the object that stands for a key.
 *
 * Arrays and dictionaries as keys stay apart, equal or not: to compare them at every level of their nesting would let a few bytes cost a lot of time.
 */
export class DictionaryKeys {
  readonly #format: VariantFormat
  readonly #entries: ReadonlyMap<Variant, Variant>
  readonly #known = new Map<string, Variant>()
  readonly #names = new Map<string, StringName>()

  /** @param entries - the dictionary as far as it was decoded. */
  constructor(format: VariantFormat, entries: ReadonlyMap<Variant, Variant>) {
    this.#format = format
    this.#entries = entries
  }

  /** The key itself, or an equal one that was there before. */
  unify(key: Variant): Variant {
    if (typeof key === 'string') return this.#names.get(key) ?? key
    if (!isComparedByIdentity(key)) return key
    return key instanceof StringName ? this.#unifyName(key) : this.#unifyBytes(key)
  }

  /** A name and a text of the same characters are one key too (`StringLikeVariantComparator`). */
  #unifyName(key: StringName): Variant {
    if (this.#entries.has(key.name)) return key.name
    return firstOf(this.#names, key.name, key)
  }

  #unifyBytes(key: Variant): Variant {
    const bytes = new ByteWriter()
    writeVariant({ bytes, format: this.#format, doubles: this.#format.doubles }, key, 0)
    return firstOf(this.#known, oneByteEach.decode(bytes.finish()), key)
  }
}

function firstOf<Value>(known: Map<string, Value>, text: string, value: Value): Value {
  const first = known.get(text)
  if (first !== undefined) return first
  known.set(text, value)
  return value
}

/** Whether a Map would take two of its kind for two keys, though they are equal. */
export function isComparedByIdentity(key: Variant): boolean {
  return typeof key === 'object' && key !== null && !(key instanceof Map) && (!Array.isArray(key) || isPacked(key))
}

function isPacked(key: readonly Variant[]): boolean {
  return Object.getPrototypeOf(key) !== Array.prototype && !(key instanceof ArrayOf)
}
