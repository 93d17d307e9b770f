import { MultiplayerError } from '../../multiplayer-error.ts'
import { checkBytes } from './bytes.ts'

/** The error for bytes that are not what they should be. */
export function invalidData(message: string): MultiplayerError {
  return new MultiplayerError('ERR_INVALID_DATA', message)
}

/**
 * Reads little-endian values one after the other. Whoever reads asks {@link ByteReader.need} first: nothing is allocated or read by a length that was not checked against
 * what is there. The offset may pass the end where Godot lets it (padding that was left out); then nothing is left.
 */
export class ByteReader {
  readonly bytes: Uint8Array
  readonly end: number
  offset: number
  readonly #view: DataView

  /** Reads `bytes` from `start` up to `end`. */
  constructor(bytes: Uint8Array, start = 0, end?: number) {
    checkBytes(bytes)
    // Node's Buffer is a Uint8Array whose `slice` shares memory, so it must not get any further.
    this.bytes =
      bytes.constructor === Uint8Array ? bytes : new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    this.offset = start
    this.end = end ?? bytes.byteLength
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  }

  get remaining(): number {
    return this.end - this.offset
  }

  /** @throws MultiplayerError `ERR_INVALID_DATA` if fewer bytes are left. */
  need(count: number): void {
    if (this.end - this.offset < count)
      throw invalidData(`The data ends too early: ${count} bytes are missing at ${this.offset}.`)
  }

  /** The next so many bytes, not copied. */
  take(count: number): Uint8Array {
    this.offset += count
    return this.bytes.subarray(this.offset - count, this.offset)
  }

  u8(): number {
    return this.#view.getUint8(this.offset++)
  }

  i8(): number {
    return this.#view.getInt8(this.offset++)
  }

  u16(): number {
    this.offset += 2
    return this.#view.getUint16(this.offset - 2, true)
  }

  i16(): number {
    this.offset += 2
    return this.#view.getInt16(this.offset - 2, true)
  }

  u32(): number {
    this.offset += 4
    return this.#view.getUint32(this.offset - 4, true)
  }

  i32(): number {
    this.offset += 4
    return this.#view.getInt32(this.offset - 4, true)
  }

  i64(): bigint {
    this.offset += 8
    return this.#view.getBigInt64(this.offset - 8, true)
  }

  /** A 64-bit integer: a number where a number is exact, else a bigint. */
  integer(): number | bigint {
    const value = this.#view.getInt32(this.offset + 4, true) * 2 ** 32 + this.#view.getUint32(this.offset, true)
    if (!Number.isSafeInteger(value)) return this.i64()
    this.offset += 8
    return value
  }

  f32(): number {
    this.offset += 4
    return this.#view.getFloat32(this.offset - 4, true)
  }

  f64(): number {
    this.offset += 8
    return this.#view.getFloat64(this.offset - 8, true)
  }

  /** A float of 64 or 32 bits. */
  real(wide: boolean): number {
    return wide ? this.f64() : this.f32()
  }
}
