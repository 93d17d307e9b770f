import { open } from 'node:fs/promises'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { RecordingHeader } from '../wire/messages.ts'

/** Bytes in which the first line is looked for; it has about 70. */
const HEADER_SIZE = 1024

/**
 * Whether a file can be shown: its first line is a header. Of the rest nothing is read; it may end anywhere.
 *
 * @throws MultiplayerError `ERR_DOES_NOT_EXIST` if it cannot be read, `ERR_INVALID_DATA` if it is no recording, or of another version.
 */
export async function checkRecording(file: string): Promise<void> {
  const header = readHeader(await readStart(file))
  if (header === null) {
    const message = `${file} is no recording of an inspector: its first line is not {"type":"webrtc.recording",...}.`
    throw new MultiplayerError('ERR_INVALID_DATA', message, { value: file })
  }
  if (header.version !== 1) {
    const message = `${file} is a recording of version ${String(header.version)}; this inspector reads version 1. Use a newer one.`
    throw new MultiplayerError('ERR_INVALID_DATA', message, { value: file })
  }
}

async function readStart(file: string): Promise<string> {
  try {
    const handle = await open(file)
    try {
      const { buffer, bytesRead } = await handle.read(Buffer.alloc(HEADER_SIZE), 0, HEADER_SIZE, 0)
      return buffer.toString('utf8', 0, bytesRead)
    } finally {
      await handle.close()
    }
  } catch (cause) {
    const message = `The recording ${file} cannot be read: ${(cause as Error).message}.`
    throw new MultiplayerError('ERR_DOES_NOT_EXIST', message, { value: file, cause })
  }
}

function readHeader(start: string): Partial<Record<keyof RecordingHeader, unknown>> | null {
  const [line, rest] = start.split('\n', 2)
  if (line === undefined || rest === undefined) return null
  try {
    const value = JSON.parse(line) as unknown
    if (typeof value !== 'object' || value === null || !('type' in value)) return null
    return value.type === 'webrtc.recording' ? value : null
  } catch {
    return null
  }
}
