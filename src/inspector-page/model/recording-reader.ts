import { checkInspectorMessage } from '../../services/inspector/wire/parse.ts'
import type { InspectorMessage } from '../../services/inspector/wire/messages.ts'
import { isObject } from '../../services/inspector/wire/check.ts'
import { Recording } from './recording.ts'

/** Of the format that is read here. */
const VERSION = 1

/** The file is no recording, in words for whoever opened it. */
export class RecordingError extends Error {
  override readonly name = 'RecordingError'
}

/** Reads a recording from the pieces of its text as they come. */
export class RecordingReader {
  readonly #name: string
  readonly #messages: InspectorMessage[] = []
  #rest = ''
  #hasHeader = false
  #hasLostBeginning = false
  #unreadable = 0

  /** @param name - of the file, to be shown. */
  constructor(name: string) {
    this.#name = name
  }

  /** @throws RecordingError if it is no recording, or of a later version. */
  push(text: string): void {
    const lines = (this.#rest + text).split('\n')
    this.#rest = lines.pop() ?? ''
    for (const line of lines) this.#line(line)
  }

  /** @throws RecordingError if there was no header. */
  finish(): Recording {
    // Whoever wrote it was stopped in the middle of a line, or left out the last line's end.
    const isCutOff = this.#rest.trim() !== '' && parse(this.#rest) === undefined
    if (!isCutOff) this.#line(this.#rest)
    if (!this.#hasHeader) throw new RecordingError(`${this.#name} is empty, so it is no recording of an inspector.`)
    return new Recording(this.#name, this.#messages, [
      ...(this.#hasLostBeginning
        ? ['Its beginning is missing: what was there then is told without how it came about.']
        : []),
      ...(isCutOff ? ['Its last line is cut off and was left out.'] : []),
      ...(this.#unreadable > 0 ? [`${this.#unreadable} lines were not readable and were left out.`] : []),
    ])
  }

  #line(line: string): void {
    if (line.trim() === '') return
    const value = parse(line)
    if (!this.#hasHeader) this.#header(value)
    else if (checkInspectorMessage(value)) this.#messages.push(value)
    else this.#unreadable++
  }

  #header(value: unknown): void {
    if (!isObject(value) || value.type !== 'webrtc.recording') {
      throw new RecordingError(
        `${this.#name} is no recording of an inspector: its first line is not {"type":"webrtc.recording",...}.`,
      )
    }
    if (value.version !== VERSION) {
      throw new RecordingError(
        `${this.#name} is a recording of version ${String(value.version)}; this page reads version ${VERSION}.`,
      )
    }
    this.#hasHeader = true
    this.#hasLostBeginning = value.isPartial === true
  }
}

function parse(line: string): unknown {
  try {
    return JSON.parse(line)
  } catch {
    return undefined
  }
}
