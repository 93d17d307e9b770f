import { invalid } from '../../checks.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'

type TypedArray = Uint8Array | Int32Array | BigInt64Array | Float32Array | Float64Array

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless it is a Uint8Array (or another typed array of bytes) whose memory is there. */
export function checkBytes(bytes: Uint8Array): void {
  if (!ArrayBuffer.isView(bytes) || (bytes as Partial<Uint8Array>).BYTES_PER_ELEMENT !== 1) {
    throw invalid('Bytes are given as a Uint8Array.', bytes)
  }
  if (bytes.byteLength === 0) checkBuffer(bytes)
}

/** @throws MultiplayerError `ERR_INVALID_PARAMETER` unless it really is a typed array, and its memory is there. */
export function checkTypedArray(values: TypedArray): void {
  if (!ArrayBuffer.isView(values)) throw invalid('A typed array is expected, not what passes for one.', values)
  if (values.byteLength === 0) checkBuffer(values)
}

/** A typed array whose buffer was transferred looks empty. */
function checkBuffer(values: TypedArray): void {
  try {
    // Looks at the buffer before anything else.
    values.keys()
  } catch (cause) {
    throw new MultiplayerError(
      'ERR_INVALID_PARAMETER',
      'The buffer of a typed array is gone; send it before it is transferred, or send a copy.',
      { value: values, cause },
    )
  }
}
