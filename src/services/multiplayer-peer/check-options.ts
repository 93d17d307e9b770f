import { checkWhole, invalid } from '../../checks.ts'
import { DEFAULT_LIMITS, type MeshLimits, type MultiplayerPeerOptions } from './options.ts'

/** What the platforms' timers take; a longer one would fire at once. */
const LONGEST_TIMER = 2_147_483_647

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a time that is not from 0 to 2147483647 ms. */
export function checkTimes(options: MultiplayerPeerOptions): void {
  for (const name of ['connectTimeout', 'disconnectedTimeout', 'drainTimeout', 'closeTimeout'] as const) {
    const { [name]: value = 0 } = options
    if (!(value >= 0 && value <= LONGEST_TIMER)) {
      throw invalid(`${name} is in milliseconds, from 0 to ${LONGEST_TIMER}.`, value)
    }
  }
}

/** The limits with their defaults. @throws MultiplayerError `ERR_INVALID_PARAMETER` for one that is no whole number of bytes. */
export function resolveLimits(limits: Partial<MeshLimits> = {}): MeshLimits {
  const resolved = { ...DEFAULT_LIMITS }
  for (const name of Object.keys(DEFAULT_LIMITS) as (keyof MeshLimits)[]) {
    const { [name]: value = DEFAULT_LIMITS[name] } = limits
    checkWhole(`limits.${name}, in bytes,`, value, 0, 0xffffffff)
    resolved[name] = value
  }
  return resolved
}
