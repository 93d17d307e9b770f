import { MultiplayerError } from '../../multiplayer-error.ts'
import { DEFAULT_LIMITS, type MeshLimits, type MultiplayerPeerOptions } from './options.ts'

/** What the platforms' timers take; a longer one would fire at once. */
const LONGEST_TIMER = 2_147_483_647

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a time that is not from 0 to 2147483647 ms. */
export function checkTimes(options: MultiplayerPeerOptions): void {
  for (const name of ['connectTimeout', 'disconnectedTimeout', 'drainTimeout', 'closeTimeout'] as const) {
    const value = options[name]
    if (value === undefined || (value >= 0 && value <= LONGEST_TIMER)) continue
    throw new MultiplayerError('ERR_INVALID_PARAMETER', `${name} is in milliseconds, from 0 to ${LONGEST_TIMER}.`, {
      value,
    })
  }
}

/** The limits with their defaults. @throws MultiplayerError `ERR_INVALID_PARAMETER` for one that is no whole number of bytes. */
export function resolveLimits(limits: Partial<MeshLimits> = {}): MeshLimits {
  const resolved = { ...DEFAULT_LIMITS }
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof MeshLimits)[]) {
    const value = limits[name]
    if (value === undefined) continue
    if (!Number.isInteger(value) || value < 0 || value > 0xffffffff) {
      throw new MultiplayerError(
        'ERR_INVALID_PARAMETER',
        `limits.${name} is a whole number of bytes, from 0 to 4294967295.`,
        { value },
      )
    }
    resolved[name] = value
  }
  return resolved
}
