/** Bytes as people read them: `999 B`, `1.2 kB`, `12 kB`, `3.4 MB`. */
export function formatBytes(bytes: number): string {
  if (bytes < 1000) return `${Math.round(bytes)} B`
  const kilobytes = bytes / 1000
  if (kilobytes < 999.5) return `${short(kilobytes)} kB`
  return `${short(kilobytes / 1000)} MB`
}

/** Milliseconds as people read them: `0.8 ms`, `120 ms`, `12.8 s`. */
export function formatDuration(milliseconds: number): string {
  return milliseconds < 999.5 ? `${short(milliseconds)} ms` : `${(milliseconds / 1000).toFixed(1)} s`
}

/** Two digits that matter. */
function short(value: number): string {
  return value < 9.95 ? value.toFixed(1) : String(Math.round(value))
}
