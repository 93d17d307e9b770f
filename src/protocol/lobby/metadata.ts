/** Characters of a lobby's metadata at most. */
export const MAX_METADATA = 4096

/** Bytes of the metadata as JSON text at most. In a message it is escaped, some characters as six bytes, and a LIST holds that of many lobbies. */
export const MAX_METADATA_BYTES = 8192

const encoder = new TextEncoder()

/** Whether a lobby may have this as its metadata. */
export function isMetadata(value: unknown): value is string {
  if (typeof value !== 'string' || value.length > MAX_METADATA) return false
  return encoder.encode(JSON.stringify(value)).length <= MAX_METADATA_BYTES
}
