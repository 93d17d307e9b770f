import type { WatchMessage } from '../wire/messages.ts'

/** Reads what an inspector says; null if that is none of its messages. */
export function readWatch(data: unknown): WatchMessage | null {
  if (typeof data !== 'string') return null
  let value: unknown
  try {
    value = JSON.parse(data)
  } catch {
    return null
  }
  if (typeof value !== 'object' || value === null) return null
  const { type, active, sampleInterval } = value as Partial<Record<keyof WatchMessage, unknown>>
  if (type !== 'webrtc.watch' || typeof active !== 'boolean' || typeof sampleInterval !== 'number') return null
  return { type, active, sampleInterval }
}
