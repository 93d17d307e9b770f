import { createWriteStream, type WriteStream } from 'node:fs'
import { once } from 'node:events'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { Entry } from '../hub/entry.ts'
import type { Outlet } from '../hub/feed.ts'
import type { RecordingHeader } from '../wire/messages.ts'

/** A session that is being written: JSON Lines, a header and then the messages as they are. What was written stays readable wherever it ends. */
export class RecordingFile implements Outlet {
  readonly file: string
  readonly #stream: WriteStream
  readonly #failed: () => void
  #lines = 0
  #error: Error | null = null

  private constructor(file: string, stream: WriteStream, failed: () => void) {
    this.file = file
    this.#stream = stream
    this.#failed = failed
    stream.on('error', (error) => {
      this.#fail(error)
    })
  }

  /**
   * Begins a recording; a file of this name is written over.
   *
   * @param startedAt - milliseconds since 1970.
   * @param failed - hears, once, that nothing more is written; {@link error} says why.
   * @throws MultiplayerError `ERR_FILE_CANT_WRITE`
   */
  static async open(file: string, startedAt: number, failed = (): void => undefined): Promise<RecordingFile> {
    const stream = createWriteStream(file)
    try {
      await once(stream, 'open')
    } catch (cause) {
      const message = `The recording ${file} cannot be written: ${(cause as Error).message}.`
      throw new MultiplayerError('ERR_FILE_CANT_WRITE', message, { value: file, cause })
    }
    const recording = new RecordingFile(file, stream, failed)
    const header: RecordingHeader = { type: 'webrtc.recording', version: 1, startedAt }
    stream.write(`${JSON.stringify(header)}\n`)
    return recording
  }

  /** Messages that were written, or wait to be. */
  get lines(): number {
    return this.#lines
  }

  /** Why nothing more is written; null while all is well. */
  get error(): Error | null {
    return this.#error
  }

  get bufferedAmount(): number {
    return this.#error === null ? this.#stream.writableLength : 0
  }

  write(entries: readonly Entry[]): void {
    if (this.#error !== null) return
    this.#lines += entries.length
    this.#stream.write(entries.map(({ text }) => `${text}\n`).join(''))
  }

  giveUp(): void {
    this.#fail(new Error('the disk takes less than what is told'))
  }

  /** Resolves when everything is written, as far as it can be. */
  async close(): Promise<void> {
    if (this.#stream.destroyed) return
    await new Promise<void>((resolve) => {
      // Also after an error, which is known by then.
      this.#stream.once('close', resolve)
      this.#stream.end()
    })
  }

  #fail(error: Error): void {
    if (this.#error !== null) return
    this.#error = error
    this.#failed()
  }
}
