/** Bits by which each step rotates: four for each of the four rounds (RFC 1321, 3.4). */
const ROTATIONS = [
  [7, 12, 17, 22],
  [5, 9, 14, 20],
  [4, 11, 16, 23],
  [6, 10, 15, 21],
] as const

/** Which word of a block each step of a round takes: `factor * step + start`, modulo 16. */
const WORD_ORDERS = [
  [1, 0],
  [5, 1],
  [3, 5],
  [7, 0],
] as const

/** The sines of RFC 1321: 32 bits after the point of `|sin(1)|` to `|sin(64)|`. */
const SINES = Array.from({ length: 64 }, (_, i) => Math.floor(Math.abs(Math.sin(i + 1)) * 2 ** 32))

const BLOCK = 64

/**
 * MD5 of a text's UTF-8, as 32 hexadecimal digits: Godot's `String.md5_text()`. Godot compares it to see whether two nodes have the same methods;
 * it protects nothing, and must not be used to.
 */
export function md5Text(text: string): string {
  const data = padded(new TextEncoder().encode(text))
  const state = Uint32Array.of(0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476)
  for (let at = 0; at < data.byteLength; at += BLOCK) addBlock(state, data, at)
  const digest = new DataView(new ArrayBuffer(16))
  state.forEach((word, i) => digest.setUint32(i * 4, word, true))
  return Array.from(new Uint8Array(digest.buffer), (byte) => byte.toString(16).padStart(2, '0')).join('')
}

/** The text, a one bit, zeros, and the length in bits as the last eight bytes of a block. */
function padded(bytes: Uint8Array): DataView {
  const length = Math.ceil((bytes.byteLength + 9) / BLOCK) * BLOCK
  const data = new Uint8Array(length)
  data.set(bytes)
  data[bytes.byteLength] = 0x80
  const view = new DataView(data.buffer)
  view.setBigUint64(length - 8, BigInt(bytes.byteLength) * 8n, true)
  return view
}

function addBlock(state: Uint32Array, data: DataView, at: number): void {
  let [a = 0, b = 0, c = 0, d = 0] = state
  for (const [round, [factor, start]] of WORD_ORDERS.entries()) {
    for (let step = 0; step < 16; step++) {
      const word = data.getUint32(at + ((factor * step + start) % 16) * 4, true)
      const sum = (a + mix(round, b, c, d) + word + (SINES[round * 16 + step] ?? 0)) | 0
      const rotation = ROTATIONS[round]?.[step % 4] ?? 0
      ;[a, d, c, b] = [d, c, b, (b + ((sum << rotation) | (sum >>> (32 - rotation)))) | 0]
    }
  }
  ;[a, b, c, d].forEach((word, i) => (state[i] = ((state[i] ?? 0) + word) | 0))
}

function mix(round: number, b: number, c: number, d: number): number {
  if (round === 0) return (b & c) | (~b & d)
  if (round === 1) return (b & d) | (c & ~d)
  return round === 2 ? b ^ c ^ d : c ^ (b | ~d)
}
