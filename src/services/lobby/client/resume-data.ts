import type { ResumeData } from '../../../protocol/lobby/extension.ts'
import { MAX_PEER_ID } from '../../multiplayer-peer/unique-id.ts'

/** Reads the data of a RESUME message; null if it is not of the form. */
export function readResume(data: unknown): ResumeData | null {
  if (typeof data !== 'object' || data === null) return null
  const { lobby, mode, sealed, host, metadata, members } = data as Record<string, unknown>
  const isWhole =
    typeof lobby === 'string' &&
    (mode === 'mesh' || mode === 'client-server') &&
    typeof sealed === 'boolean' &&
    isPeerId(host) &&
    typeof metadata === 'string' &&
    Array.isArray(members) &&
    members.every(isPeerId)
  return isWhole ? { lobby, mode, sealed, host, metadata, members } : null
}

export function isPeerId(value: unknown): value is number {
  return typeof value === 'number' && Number.isInteger(value) && value >= 1 && value <= MAX_PEER_ID
}
