import { MultiplayerError } from '../../multiplayer-error.ts'
import { checkBytes } from './bytes.ts'

/** Godot counts bytes in signed 32-bit integers; an ArrayBuffer of that size is also what the smallest of today's engines allow. */
const MAX_SIZE = 2 ** 31 - 1

/** Bytes of a writer's first buffer: room for nearly every packet of a game, and quick to clear. One that has grown is not kept for the next writer. */
const FIRST_SIZE = 2048

const encoder = new TextEncoder()

/** The first buffer of a writer that is done, for the next one: to make a buffer takes longer than to write a small value into it. */
let spare: DataView<ArrayBuffer> | undefined

/**
 * Writes little-endian values one after the other into a buffer that grows. (Room is made before the view is asked for: growing replaces it.) After {@link ByteWriter.finish} it is not used
 * any more.
 */
export class ByteWriter {
  #bytes: Uint8Array<ArrayBuffer>
  #view: DataView<ArrayBuffer>
  #capacity: number
  #length = 0

  constructor() {
    // Taken away meanwhile: what is encoded may have getters that encode something themselves.
    this.#view = spare ?? new DataView(new ArrayBuffer(FIRST_SIZE))
    spare = undefined
    this.#bytes = new Uint8Array(this.#view.buffer)
    this.#capacity = this.#bytes.byteLength
  }

  get length(): number {
    return this.#length
  }

  /** A copy of what was written, in a buffer of its own. */
  finish(): Uint8Array<ArrayBuffer> {
    const written = this.#bytes.slice(0, this.#length)
    if (this.#capacity === FIRST_SIZE) {
      // Nothing of this value must ever be seen in another one.
      this.#bytes.fill(0)
      spare = this.#view
    }
    return written
  }

  /** The whole buffer, until more room is made. */
  get view(): DataView {
    return this.#view
  }

  /** Takes the next so many bytes, to be written through {@link ByteWriter.view}. @returns where they begin. */
  room(count: number): number {
    const at = this.#length
    this.#length = at + count
    if (this.#length > this.#capacity) this.#grow(this.#length)
    return at
  }

  /** Grows at once by what is known to come. */
  expect(count: number): void {
    if (this.#length + count > this.#capacity) this.#grow(this.#length + count)
  }

  u8(value: number): void {
    const at = this.room(1)
    this.#view.setUint8(at, value)
  }

  u16(value: number): void {
    const at = this.room(2)
    this.#view.setUint16(at, value, true)
  }

  /** Also for signed ones. */
  u32(value: number): void {
    const at = this.room(4)
    this.#view.setUint32(at, value, true)
  }

  /** Writes over four bytes that were written before. */
  patchU32(offset: number, value: number): void {
    this.#view.setUint32(offset, value, true)
  }

  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless it is a whole number of 32 bits. */
  i32(value: number): void {
    if (typeof value !== 'number' || (value | 0) !== value) {
      throw new MultiplayerError('ERR_INVALID_PARAMETER', 'Integer vectors hold whole numbers of 32 bits.', { value })
    }
    const at = this.room(4)
    this.#view.setInt32(at, value, true)
  }

  /** Also for unsigned ones. */
  i64(value: bigint): void {
    const at = this.room(8)
    this.#view.setBigInt64(at, value, true)
  }

  f32(value: number): void {
    const at = this.room(4)
    this.#view.setFloat32(at, number(value), true)
  }

  f64(value: number): void {
    const at = this.room(8)
    this.#view.setFloat64(at, number(value), true)
  }

  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless they are bytes. */
  raw(bytes: Uint8Array): void {
    checkBytes(bytes)
    const at = this.room(bytes.byteLength)
    this.#bytes.set(bytes, at)
  }

  /**
   * Writes text as UTF-8.
   *
   * @returns the number of its bytes.
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` unless it is a text that Godot can have.
   */
  text(text: string): number {
    if (typeof text !== 'string') {
      throw new MultiplayerError('ERR_INVALID_PARAMETER', 'A text is missing.', { value: text })
    }
    const at = this.room(text.length)
    const bytes = this.#bytes
    for (let i = 0; i < text.length; i++) {
      const code = text.charCodeAt(i)
      if (code === 0 || code >= 0x80) {
        this.#length = at
        return this.#unusualText(text)
      }
      bytes[at + i] = code
    }
    return text.length
  }

  zeros(count: number): void {
    const at = this.room(count)
    this.#bytes.fill(0, at, at + count)
  }

  #unusualText(text: string): number {
    if (text.includes('\0') || /\p{Surrogate}/u.test(text)) {
      throw new MultiplayerError(
        'ERR_INVALID_PARAMETER',
        'Texts of Godot hold no NUL character and no half of a surrogate pair; send such data as bytes.',
        { value: text },
      )
    }
    // No character takes more than three bytes of UTF-8 for each of its UTF-16 units.
    const at = this.room(text.length * 3)
    const { written } = encoder.encodeInto(text, this.#bytes.subarray(at))
    this.#length = at + written
    return written
  }

  #grow(needed: number): void {
    if (needed > MAX_SIZE) {
      throw new MultiplayerError('ERR_OUT_OF_MEMORY', 'The encoded value is larger than 2 GiB; send less at a time.')
    }
    const grown = new Uint8Array(Math.min(MAX_SIZE, Math.max(needed, this.#bytes.byteLength * 2)))
    grown.set(this.#bytes)
    this.#bytes = grown
    this.#capacity = grown.byteLength
    this.#view = new DataView(grown.buffer)
  }
}

function number(value: number): number {
  if (typeof value !== 'number') {
    throw new MultiplayerError('ERR_INVALID_PARAMETER', 'A number is missing.', { value })
  }
  return value
}
