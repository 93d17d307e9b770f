import type { Json, JsonObject } from '../wire/messages.ts'

/** How much of a value is told. More would be read by nobody, and a hostile or careless value must not cost more than this. */
const MAX_DEPTH = 6
const MAX_MEMBERS = 64
const MAX_TEXT = 512
const MAX_KEY = 100
/** Characters of a name, of a state's id; the wire takes 500. */
const MAX_NAME = 400
/** Members of one value, over all its depths. */
const MAX_NODES = 1_024
/** Characters of all texts and keys in one value, beyond which members are left out: many times those of what somebody would read. */
const MAX_SIZE = 64 * 1024

/** Descriptions are pages long, and hold what a stranger needs to take part in the connection (`ice-pwd`). */
const HIDDEN: ReadonlySet<string> = new Set(['sdp'])

/**
 * A value as plain JSON, to be told: bounded in depth, number and length, and without anything that is no data. Links, connections, errors and all other objects with a class of their own
 * become a short text, and so do cycles and what throws when it is read. Never throws.
 */
export function toPlainJson(value: unknown, depth = MAX_DEPTH): Json {
  return new Copier().copy(value, depth)
}

/** As {@link toPlainJson}, where an object is wanted; anything else becomes its member `value`. */
export function toPlainObject(value: unknown): JsonObject {
  const json = toPlainJson(value)
  return typeof json === 'object' && json !== null && !isList(json) ? json : { value: json }
}

/** A text of bounded length. */
export function shortText(text: string, longest = MAX_TEXT): string {
  return text.length <= longest ? text : `${text.slice(0, longest)}… (${text.length - longest} more)`
}

/** A name that an application has given to something, of a length that an inspector takes. */
export function nameText(name: string): string {
  return shortText(name, MAX_NAME)
}

/** What an error says, whatever was thrown. */
export function errorText(error: unknown): string {
  try {
    return shortText(error instanceof Error ? `${error.name}: ${error.message}` : String(error))
  } catch {
    return '[unreadable]'
  }
}

class Copier {
  /** What is being copied, from the outermost to the innermost. */
  readonly #path: object[] = []
  #left = MAX_NODES
  #room = MAX_SIZE

  copy(value: unknown, depth: number): Json {
    switch (typeof value) {
      case 'string':
        return this.#copyText(value)
      case 'boolean':
        return value
      case 'number':
        return Number.isFinite(value) ? value : String(value)
      case 'bigint':
        // A number of a million digits takes seconds to write.
        return BigInt.asIntN(64, value) === value ? `${value}n` : '[bigint]'
      case 'object':
        return value === null ? null : this.#copyObject(value, depth)
      case 'undefined':
        return null
      default:
        return `[${typeof value}]`
    }
  }

  /** Whether there is no room for one more member. */
  #isFull(): boolean {
    return this.#left-- <= 0 || this.#room <= 0
  }

  #copyText(value: string): string {
    const text = shortText(value)
    this.#room -= text.length
    return text
  }

  #copyObject(value: object, depth: number): Json {
    if (this.#path.includes(value)) return '[cycle]'
    const { length } = this.#path
    try {
      const text = textOf(value)
      if (text !== null) return text
      if (depth === 0 || this.#left <= 0) return '[…]'
      this.#path.push(value)
      return this.#copyMembers(value, depth - 1)
    } catch {
      // As of a proxy that was revoked.
      return UNREADABLE
    } finally {
      this.#path.length = length
    }
  }

  #copyMembers(value: object, depth: number): Json {
    if (value instanceof Map) return this.#copyEntries(value, depth)
    if (value instanceof Set) return this.#copyList(value, value.size, depth)
    if (Array.isArray(value)) return this.#copyList(itemsOf(value), value.length, depth)
    return this.#copyEntries(propertiesOf(value), depth)
  }

  #copyList(items: Iterable<unknown>, length: number, depth: number): Json {
    const copies: Json[] = []
    for (const item of items) {
      if (copies.length === MAX_MEMBERS || this.#isFull()) break
      copies.push(this.copy(item, depth))
    }
    return copies.length === length ? copies : [...copies, `… (${length - copies.length} more)`]
  }

  #copyEntries(entries: Iterable<readonly [unknown, unknown]>, depth: number): JsonObject {
    const copies = new Map<string, Json>()
    for (const [key, value] of entries) {
      // What has no value is left out, as in JSON; `__proto__` because whoever copies it may change a prototype.
      if (value === undefined || key === '__proto__') continue
      if (copies.size === MAX_MEMBERS || this.#isFull()) {
        copies.set('…', 'more')
        break
      }
      const name = keyText(key)
      this.#room -= name.length
      copies.set(name, HIDDEN.has(name) && typeof value === 'string' ? lengthOf(value) : this.copy(value, depth))
    }
    return Object.fromEntries(copies)
  }
}

const UNREADABLE = '[unreadable]'

const isList = (json: Json): json is readonly Json[] => Array.isArray(json)

const lengthOf = (text: string): string => `[${text.length} characters]`

const keyText = (key: unknown): string =>
  typeof key === 'string' || typeof key === 'number' || typeof key === 'bigint' ? shortText(`${key}`, MAX_KEY) : '[key]'

/** By index, since an array may bring an iterator of its own, and may be all holes. */
function* itemsOf(list: readonly unknown[]): Iterable<unknown> {
  for (let index = 0; index < list.length; index++) yield list[index]
}

function* propertiesOf(value: object): Iterable<[string, unknown]> {
  for (const key of Object.keys(value)) yield [key, propertyOf(value, key)]
}

function propertyOf(value: object, key: string): unknown {
  try {
    return (value as Record<string, unknown>)[key]
  } catch {
    return UNREADABLE
  }
}

/** What is told of an object that is no plain data; null for one that is. */
function textOf(value: object): string | null {
  if (Array.isArray(value)) return null
  const prototype: unknown = Object.getPrototypeOf(value)
  if (prototype === null || prototype === Map.prototype || prototype === Set.prototype) return null
  // Object.prototype, also that of another window.
  if (Object.getPrototypeOf(prototype) === null) return null
  if (value instanceof Error) return errorText(value)
  if (value instanceof Date) return Number.isNaN(value.getTime()) ? '[Date]' : value.toISOString()
  const name = nameOf(prototype)
  if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${name} of ${value.byteLength} bytes]`
  return 'sessionId' in value && 'id' in value ? `[actor ${shortText(String(value.id), MAX_KEY)}]` : `[${name}]`
}

function nameOf(prototype: unknown): string {
  const { constructor } = prototype as { constructor?: unknown }
  return typeof constructor === 'function' && constructor.name !== '' ? shortText(constructor.name, MAX_KEY) : 'object'
}
