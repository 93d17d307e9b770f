import { invalidData } from './byte-reader.ts'

/** Up to this many bytes a loop is quicker than a TextDecoder (Node 20: equal at about 40 bytes). */
const SHORT = 32

const strict = new TextDecoder('utf-8', { fatal: true })

/** Reads one text out of bytes, as some version of Godot does. A NUL ends the text, a byte order mark at its start is left out. */
export type DecodeText = (bytes: Uint8Array) => string

/** As Godot 4: what is not UTF-8 is refused. @throws MultiplayerError `ERR_INVALID_DATA`. */
export function decodeStrict(bytes: Uint8Array): string {
  return shortAscii(bytes) ?? decodeAll(upToNul(bytes))
}

/**
 * As Godot 3: sequences of five and six bytes, halves of surrogate pairs and some overlong sequences are taken. What JavaScript cannot hold becomes a space, which is how
 * Godot shows it.
 *
 * @throws MultiplayerError `ERR_INVALID_DATA` for sequences that Godot 3 refuses too.
 */
export function decodeLenient(bytes: Uint8Array): string {
  const ascii = shortAscii(bytes)
  if (ascii !== null) return ascii
  let content = upToNul(bytes)
  if (content[0] === 0xef && content[1] === 0xbb && content[2] === 0xbf) content = content.subarray(3)
  let text = ''
  for (let at = 0; at < content.length;) {
    const length = sequenceLength(content[at] ?? 0)
    const code = sequence(content, at, length)
    text += code > 0x10ffff ? ' ' : String.fromCodePoint(code)
    at += length
  }
  return text.replace(/\p{Surrogate}/gu, ' ')
}

function upToNul(bytes: Uint8Array): Uint8Array {
  const end = bytes.indexOf(0)
  return end < 0 ? bytes : bytes.subarray(0, end)
}

function shortAscii(bytes: Uint8Array): string | null {
  if (bytes.length > SHORT) return null
  let text = ''
  for (const code of bytes) {
    if (code === 0) break
    if (code >= 0x80) return null
    text += String.fromCharCode(code)
  }
  return text
}

function decodeAll(bytes: Uint8Array): string {
  try {
    return strict.decode(bytes)
  } catch {
    throw invalidData('A text is not UTF-8.')
  }
}

function sequenceLength(first: number): number {
  if (first < 0x80) return 1
  // Leading ones: 110xxxxx begins two bytes, 1111110x six.
  const length = Math.clz32(~first & 0xff) - 24
  if (length < 2 || length > 6 || first === 0xc0 || first === 0xc1) throw invalidData('A text is not UTF-8.')
  return length
}

function sequence(bytes: Uint8Array, at: number, length: number): number {
  if (at + length > bytes.length) throw invalidData('A text ends in the middle of a character.')
  const first = bytes[at] ?? 0
  if (length === 1) return first
  let code = first & (0xff >> (length + 1))
  for (let i = 1; i < length; i++) {
    const byte = bytes[at + i] ?? 0
    // Godot 3 looks for overlong sequences at the third byte only.
    const overlong = code === 0 && i === 2 && (byte & 0x7f) >> (7 - length) === 0
    if ((byte & 0xc0) !== 0x80 || overlong) throw invalidData('A text is not UTF-8.')
    // Not a shift: six bytes make 31 bits, and one more would be the sign.
    code = code * 64 + (byte & 0x3f)
  }
  return code
}
