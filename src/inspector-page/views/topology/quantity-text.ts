import { formatBytes, formatDuration } from '../../../cli/demo/format.ts'

/** What is not known. */
export const UNKNOWN = '–'

/** `1.2 kB/s`. */
export const byteRateText = (bytesPerSecond: number): string => `${formatBytes(bytesPerSecond)}/s`

/** `0/s`, `2.5/s`, `120/s`. */
export function rateText(perSecond: number): string {
  const digits = perSecond > 0 && perSecond < 9.95 ? 1 : 0
  return `${perSecond.toFixed(digits)}/s`
}

/** `0 ms`, `0.4 ms`, `12 ms`. */
export function durationText(milliseconds: number | null): string {
  if (milliseconds === null) return UNKNOWN
  return milliseconds === 0 ? '0 ms' : formatDuration(milliseconds)
}

export const bytesText = formatBytes
