import type { Json, JsonObject } from '../../services/inspector/wire/messages.ts'

/** Deeper states than anybody writes; recordings are not to be trusted. */
const MAX_DEPTH = 8

export const isObject = (value: Json | undefined): value is JsonObject =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

/** A state value of XState in one line: `connected`, `open.idle`, `(read.open, write.shut)` for parallel states. Empty for actors that are no machines. */
export function valueText(value: Json | undefined, depth = 0): string {
  if (typeof value === 'string') return value
  if (!isObject(value) || depth > MAX_DEPTH) return ''
  const parts = Object.entries(value).map(([key, child]) => {
    const within = valueText(child, depth + 1)
    return within === '' ? key : `${key}.${within}`
  })
  return parts.length === 1 ? (parts[0] ?? '') : `(${parts.join(', ')})`
}
