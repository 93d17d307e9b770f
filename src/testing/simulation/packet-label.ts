/** Bytes up to which a packet is its own label. */
const SHORT = 24

/** Taken out, because test runners make every global expensive, and this is called for every byte. */
const { imul } = Math

/** What tells a packet from others: the bytes of a short one in hexadecimal, the length and a hash of a longer one. */
export function packetLabel(data: Uint8Array): string {
  if (data.byteLength > SHORT) return `${data.byteLength}:${hash(data)}`
  return Array.from(data, (byte) => hexadecimal(byte, 2)).join('')
}

/** FNV-1a, 32 bits; two of them with different beginnings make accidents unlikely. */
function hash(data: Uint8Array): string {
  let one = 0x811c9dc5
  let other = 0x01234567
  const { length } = data
  for (let i = 0; i < length; i++) {
    const byte = data[i] as number
    one = imul(one ^ byte, 0x01000193)
    other = imul(other ^ byte, 0x01000193)
  }
  return hexadecimal(one >>> 0, 8) + hexadecimal(other >>> 0, 8)
}

function hexadecimal(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}
