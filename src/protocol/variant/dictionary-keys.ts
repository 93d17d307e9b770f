import { ByteWriter } from './byte-writer.ts'
import type { VariantFormat } from './codec.ts'
import { writeVariant } from './read-write.ts'
import { ArrayOf } from './values/arrays.ts'
import type { Variant } from './variant.ts'

/**
 * In Godot two equal vectors are one key, in a Map two objects are two. While a dictionary is decoded, this finds the object that stands for a key.
 *
 * Arrays and dictionaries as keys stay apart, equal or not: to compare them at every level of their nesting would let a few bytes cost a lot of time.
 */
export class DictionaryKeys {
  readonly #format: VariantFormat
  readonly #known = new Map<string, Variant>()

  constructor(format: VariantFormat) {
    this.#format = format
  }

  /** The key itself, or an equal one that was there before. */
  unify(key: Variant): Variant {
    const bytes = new ByteWriter()
    writeVariant({ bytes, format: this.#format, doubles: this.#format.doubles }, key, 0)
    let text = ''
    for (const byte of bytes.finish()) text += String.fromCharCode(byte)
    const known = this.#known.get(text)
    if (known !== undefined) return known
    this.#known.set(text, key)
    return key
  }
}

/** Whether a Map would take two of its kind for two keys, though they are equal. */
export function isComparedByIdentity(key: Variant): boolean {
  return typeof key === 'object' && key !== null && !(key instanceof Map) && (!Array.isArray(key) || isPacked(key))
}

function isPacked(key: readonly Variant[]): boolean {
  return Object.getPrototypeOf(key) !== Array.prototype && !(key instanceof ArrayOf)
}
