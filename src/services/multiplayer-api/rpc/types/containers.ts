import { ArrayOf, DictionaryOf } from '../../../../protocol/variant/values/arrays.ts'
import { VariantType } from '../../../../protocol/variant/variant-type.ts'
import type { Variant } from '../../../../protocol/variant/variant.ts'
import { type RpcType, type RpcValue, typeOf } from './rpc-type.ts'

/** Godot's `Array` of anything. */
export const array: RpcType<readonly Variant[]> = {
  name: 'Array',
  variantType: VariantType.ARRAY,
  toVariant: listOf,
  fromVariant: listOf,
}

/** Godot's `Dictionary` of anything. It arrives as a `Map`. */
export const dictionary: RpcType<ReadonlyMap<Variant, Variant>> = {
  name: 'Dictionary',
  variantType: VariantType.DICTIONARY,
  toVariant: mapOf,
  fromVariant: mapOf,
}

/** Godot's `Array[int]` and the like: `arrayOf(int)`. An untyped Array is taken as well if all of its elements fit. */
export function arrayOf<Item>(item: RpcType<Item>): RpcType<readonly Item[]> {
  return {
    name: `Array[${item.name}]`,
    variantType: VariantType.ARRAY,
    toVariant(value) {
      const items = Array.isArray(value) ? all(value as unknown[], (each) => item.toVariant(each)) : undefined
      return items && new ArrayOf(item.variantType, items)
    },
    fromVariant(value) {
      const items = listOf(value)
      return items && all(items, (each) => item.fromVariant(each))
    },
  }
}

/** Godot's `Dictionary[String, int]` and the like, as a `Map`. An untyped Dictionary is taken as well if everything in it fits. */
export function dictionaryOf<Key, Value>(key: RpcType<Key>, value: RpcType<Value>): RpcType<ReadonlyMap<Key, Value>> {
  return {
    name: `Dictionary[${key.name}, ${value.name}]`,
    variantType: VariantType.DICTIONARY,
    toVariant(given) {
      if (!(given instanceof Map)) return undefined
      const entries = all([...(given as Map<unknown, unknown>)], ([k, v]) => pair(key.toVariant(k), value.toVariant(v)))
      return entries && new DictionaryOf(key.variantType, value.variantType, entries)
    },
    fromVariant(given) {
      const map = mapOf(given)
      const entries = map && all([...map], ([k, v]) => pair(key.fromVariant(k), value.fromVariant(v)))
      return entries && new Map(entries)
    },
  }
}

/**
 * An object with these members: in Godot a Dictionary whose keys are their names. Members that are not named here are left out when it is sent, and ignored when it arrives.
 * A missing one is refused, unless its type is `nullable` (then it is null).
 */
export function struct<const Shape extends Readonly<Record<string, RpcType<unknown>>>>(
  shape: Shape,
): RpcType<{ readonly [Name in keyof Shape]: RpcValue<Shape[Name]> }> {
  const members = Object.entries(shape)
  return {
    name: `Dictionary{${members.map(([name, { name: type }]) => `${name}: ${type}`).join(', ')}}`,
    variantType: VariantType.DICTIONARY,
    toVariant(value) {
      if (typeof value !== 'object' || value === null) return undefined
      const given = value as Readonly<Record<string, unknown>>
      const entries = all(members, ([name, type]) => pair(name, type.toVariant(given[name] ?? null)))
      return entries && new Map<Variant, Variant>(entries)
    },
    fromVariant(value) {
      const map = mapOf(value)
      const entries = map && all(members, ([name, type]) => pair(name, type.fromVariant(map.get(name) ?? null)))
      return entries && (Object.fromEntries(entries) as { [Name in keyof Shape]: RpcValue<Shape[Name]> })
    },
  }
}

/** The elements of an array; of a packed one too, as in GDScript. */
function listOf(value: unknown): readonly Variant[] | undefined {
  if (Array.isArray(value)) return value as Variant[]
  const isPacked = ArrayBuffer.isView(value) && typeOf(value) !== undefined
  return isPacked ? Array.from(value as unknown as Iterable<number | bigint>) : undefined
}

function mapOf(value: unknown): ReadonlyMap<Variant, Variant> | undefined {
  return value instanceof Map ? (value as Map<Variant, Variant>) : undefined
}

function pair<Key, Value>(key: Key | undefined, value: Value | undefined): [Key, Value] | undefined {
  return key === undefined || value === undefined ? undefined : [key, value]
}

/** Maps all of them; undefined if one of them has become undefined. */
function all<Item, Result>(
  items: readonly Item[],
  map: (item: Item) => Result | undefined,
): Exclude<Result, undefined>[] | undefined {
  const results: Exclude<Result, undefined>[] = []
  for (const item of items) {
    const result = map(item)
    if (result === undefined) return undefined
    results.push(result as Exclude<Result, undefined>)
  }
  return results
}
