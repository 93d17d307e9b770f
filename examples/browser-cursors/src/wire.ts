/** A place on the stage: 0 is left or top, 1 is right or bottom. */
export interface Point {
  readonly x: number
  readonly y: number
}

/** How somebody looks to the others. */
export interface Profile {
  readonly name: string
  /** Degrees, 0 to 359. */
  readonly hue: number
}

/** What the peers of this mesh, pages and bot, send each other. */
export type Message =
  | ({ readonly is: 'cursor' } & Point)
  | ({ readonly is: 'hello' } & Profile)
  | { readonly is: 'chat'; readonly text: string }

export const MAX_NAME = 24
export const MAX_TEXT = 300

/** First byte of a cursor packet; the others are JSON, which begins with `{`. */
const CURSOR = 1
const CURSOR_BYTES = 5
/** The longest text, each character of it escaped. */
const MAX_JSON_BYTES = 2048

export function encode(message: Message): Uint8Array {
  if (message.is !== 'cursor') return new TextEncoder().encode(JSON.stringify(message))
  const packet = new DataView(new ArrayBuffer(CURSOR_BYTES))
  packet.setUint8(0, CURSOR)
  packet.setUint16(1, toUint16(message.x))
  packet.setUint16(3, toUint16(message.y))
  return new Uint8Array(packet.buffer)
}

/** The message in a packet; null for anything that is none, as whoever is in the mesh may send whatever they like. */
export function decode(packet: Uint8Array): Message | null {
  if (packet[0] === CURSOR) return decodeCursor(packet)
  if (packet.byteLength > MAX_JSON_BYTES) return null
  try {
    return checkMessage(JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(packet)))
  } catch {
    return null
  }
}

function decodeCursor(packet: Uint8Array): Message | null {
  if (packet.byteLength !== CURSOR_BYTES) return null
  const view = new DataView(packet.buffer, packet.byteOffset)
  return { is: 'cursor', x: view.getUint16(1) / 0xffff, y: view.getUint16(3) / 0xffff }
}

function checkMessage(value: unknown): Message | null {
  if (typeof value !== 'object' || value === null) return null
  const { is, name, hue, text } = value as Record<string, unknown>
  if (is === 'hello' && isText(name, MAX_NAME) && isHue(hue)) return { is, name, hue }
  if (is === 'chat' && isText(text, MAX_TEXT)) return { is, text }
  return null
}

const isText = (value: unknown, limit: number): value is string =>
  typeof value === 'string' && value.trim() !== '' && value.length <= limit

const isHue = (value: unknown): value is number =>
  Number.isInteger(value) && (value as number) >= 0 && (value as number) < 360

const toUint16 = (share: number): number => Math.round(Math.min(Math.max(share, 0), 1) * 0xffff)
