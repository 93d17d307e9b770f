import { invalid } from '../../checks.ts'
import type { MultiplayerError } from '../../multiplayer-error.ts'
import type { ByteWriter } from '../variant/byte-writer.ts'
import { checkBytes } from '../variant/bytes.ts'

// What TypeScript sees to, and JavaScript does not.

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless the packet, or the part of one, is an object. */
export function checkObject(name: string, value: unknown): void {
  if (typeof value !== 'object' || value === null) throw invalid(`${name} is an object.`, value)
}

/** The error about a kind of packet that an engine does not have. */
export function unknownKind(engine: string, kind: unknown): MultiplayerError {
  return invalid(`${engine} has no packet "${String(kind)}".`, kind)
}

/**
 * Writes the bytes that fill the rest of a packet.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for fewer than `min`, with which receivers would drop it, and for what are no bytes.
 */
export function writeContent(bytes: ByteWriter, kind: string, content: Uint8Array, min: number): void {
  checkBytes(content)
  if (content.byteLength < min) {
    throw invalid(`A "${kind}" packet has ${min} bytes or more, not ${content.byteLength}.`, content)
  }
  bytes.raw(content)
}
