import type { Json, JsonObject } from './messages.ts'

/** Whether a value that came as JSON has this form. */
export type Check<T> = (value: unknown) => value is T

type OptionalKeys<T> = { [K in keyof T]-?: undefined extends T[K] ? K : never }[keyof T]
type RequiredChecks<T> = { readonly [K in Exclude<keyof T, OptionalKeys<T>>]: Check<T[K]> }
type OptionalChecks<T> = { readonly [K in OptionalKeys<T>]-?: Check<Exclude<T[K], undefined>> }

/** Deeper than any state value or context that somebody writes by hand. */
const MAX_DEPTH = 24
/** Of a `Date` (ECMAScript, "Time Values and Time Range"). */
const LATEST_TIME = 8.64e15

export const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const text =
  (longest: number): Check<string> =>
  (value): value is string =>
    typeof value === 'string' && value.length <= longest

export const isNull: Check<null> = (value): value is null => value === null

/** Not 1e999 and the like, which is a number in JSON, and null when it is written again. */
export const isNumber: Check<number> = (value): value is number => Number.isFinite(value)

/** Milliseconds since 1970, of a moment that a `Date` can have. */
export const isTime: Check<number> = (value): value is number => isNumber(value) && value >= 0 && value <= LATEST_TIME

/** A whole number, not negative. */
export const isCount: Check<number> = (value): value is number => Number.isSafeInteger(value) && (value as number) >= 0

export const only =
  <T extends string | number | boolean>(...allowed: readonly T[]): Check<T> =>
  (value): value is T =>
    (allowed as readonly unknown[]).includes(value)

export const nullOr =
  <T>(check: Check<T>): Check<T | null> =>
  (value): value is T | null =>
    value === null || check(value)

export const list =
  <T>(check: Check<T>, longest: number): Check<readonly T[]> =>
  (value): value is readonly T[] =>
    Array.isArray(value) && value.length <= longest && value.every(check)

/** Any JSON that is not too deep. `__proto__` is refused, since whoever copies it member by member would change a prototype. */
export const isJson: Check<Json> = (value): value is Json => isShallow(value, MAX_DEPTH)

export const isJsonObject: Check<JsonObject> = (value): value is JsonObject => isObject(value) && isJson(value)

export const record =
  <T>(check: Check<T>, most: number): Check<Readonly<Record<string, T>>> =>
  (value): value is Readonly<Record<string, T>> => {
    if (!isObject(value)) return false
    const entries = Object.entries(value)
    return entries.length <= most && entries.every(([key, member]) => key !== '__proto__' && check(member))
  }

/** An object with all of these members. Others are let through, if they are JSON that is not too deep to be written again: a later version may have more. */
export function object<T extends object>(
  required: RequiredChecks<T>,
  optional: OptionalChecks<T>,
): (value: unknown) => value is T {
  const musts = Object.keys(required)
  const checks = new Map(Object.entries<Check<unknown>>({ ...required, ...optional }))
  return (value): value is T =>
    isObject(value) &&
    musts.every((key) => Object.hasOwn(value, key)) &&
    Object.entries(value).every(([key, member]) => key !== '__proto__' && (checks.get(key) ?? isJson)(member))
}

function isShallow(value: unknown, depth: number): boolean {
  if (typeof value !== 'object' || value === null) return true
  if (depth === 0) return false
  if (Array.isArray(value)) return value.every((member) => isShallow(member, depth - 1))
  return Object.entries(value).every(([key, member]) => key !== '__proto__' && isShallow(member, depth - 1))
}
