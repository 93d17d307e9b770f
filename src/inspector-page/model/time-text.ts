const two = (value: number): string => String(value).padStart(2, '0')

/** Time of day with milliseconds, where the reader is: `10:04:07.250`. */
export function clockText(time: number): string {
  const date = new Date(time)
  const milliseconds = String(date.getMilliseconds()).padStart(3, '0')
  return `${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}.${milliseconds}`
}

/** From one line to the next: `+12 ms`; nothing where no time passed. */
export const deltaText = (milliseconds: number): string =>
  Math.abs(milliseconds) < 0.05 ? '' : `${milliseconds < 0 ? '' : '+'}${spanText(milliseconds)}`

/** `0.4 ms`, `12 ms`, `1.25 s`, `3 min 20 s`. */
export function spanText(milliseconds: number): string {
  const size = Math.abs(milliseconds)
  const sign = milliseconds < 0 ? '−' : ''
  if (size < 9.95) return `${sign}${size.toFixed(1)} ms`
  if (size < 999.5) return `${sign}${size.toFixed(0)} ms`
  if (size < 9_995) return `${sign}${(size / 1_000).toFixed(2)} s`
  if (size < 59_950) return `${sign}${(size / 1_000).toFixed(1)} s`
  const seconds = Math.round(size / 1_000)
  return `${sign}${Math.floor(seconds / 60)} min ${seconds % 60} s`
}

/** Of a moment within a recording: `0:04.250`. */
export function momentText(milliseconds: number): string {
  const whole = Math.max(0, Math.round(milliseconds))
  const minutes = Math.floor(whole / 60_000)
  const rest = String(whole % 1_000).padStart(3, '0')
  return `${minutes}:${two(Math.floor(whole / 1_000) % 60)}.${rest}`
}
