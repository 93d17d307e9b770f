const SIZE = 100

/** @param time - when it is sent; null for one that does not count. */
export function stampedPacket(time) {
  const bytes = new Uint8Array(SIZE)
  new DataView(bytes.buffer).setFloat64(0, time ?? NaN)
  return bytes
}

export function readStamp({ buffer, byteOffset }) {
  const time = new DataView(buffer, byteOffset).getFloat64(0)
  return Number.isNaN(time) ? null : time
}
