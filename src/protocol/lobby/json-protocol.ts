import type { LobbyMessage } from './message.ts'

/** Godot's `JSON.stringify` and JavaScript's write the same for these three members in this order. */
export function encodeJson({ type, id, data }: LobbyMessage): string {
  return JSON.stringify({ type, id, data })
}

/**
 * Reads a message of the JSON protocol (Godot 4's signaling demo), as leniently as the demo's Node server: numbers are rounded down, data that is no string is empty.
 *
 * @returns null for what that server answers with "Invalid message format": no JSON object, `type` or `id` missing or negative.
 */
export function parseJson(text: string): LobbyMessage | null {
  let value: unknown
  try {
    value = JSON.parse(text)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { type, id, data } = value as Record<string, unknown>
  const message = { type: whole(type), id: whole(id), data: typeof data === 'string' ? data : '' }
  return message.type < 0 || message.id < 0 ? null : message
}

function whole(value: unknown): number {
  return typeof value === 'number' && Number.isFinite(value) ? Math.floor(value) : -1
}
