import type { ReadStream } from 'node:tty'

/** Ctrl-C, which a terminal in raw mode gives as a character and not as a signal. */
const END_OF_TEXT = '\x03'

/**
 * Reads single keys from a terminal.
 *
 * @param pressed - hears each key; Ctrl-C as `q`.
 * @returns gives the terminal its usual mode back, and stops reading so that the process can end.
 */
export function readKeys(stream: ReadStream, pressed: (key: string) => void): () => void {
  const hear = (data: Buffer): void => {
    for (const key of data.toString()) pressed(key === END_OF_TEXT ? 'q' : key)
  }
  stream.setRawMode(true)
  stream.on('data', hear)
  return () => {
    stream.off('data', hear)
    stream.setRawMode(false)
    stream.pause()
  }
}
