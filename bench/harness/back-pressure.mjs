/**
 * Bytes that may wait to be sent before a contestant has to wait, and that may still wait when it goes on: the same for everybody whose own library does not do better with less, which
 * an adapter then exports as `backPressure`. Unreliable packets wait in a short queue: a long one would make them late, and this package drops what exceeds 64 KiB.
 */
export const BACK_PRESSURE = {
  reliable: { high: 512 * 1024, low: 256 * 1024 },
  ordered: { high: 48 * 1024, low: 16 * 1024 },
  unreliable: { high: 48 * 1024, low: 16 * 1024 },
}
