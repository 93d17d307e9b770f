/**
 * Packets of the demo, little endian.
 *
 * | offset | traffic | ping, pong |
 * |---|---|---|
 * | 0 | u8 kind: 1 | u8 kind: 2, 3 |
 * | 1 | u8 index of the channel | |
 * | 2 | u8 index of the target kind | |
 * | 4 | u32 sequence number per sender, channel and target kind | |
 * | 8 | i32 Godot's target: 0, an id, a negative id | f64 time of the sender of the ping |
 * | 12.. | filler, every byte the sequence number's lowest | |
 */
const TRAFFIC = 1
const PING = 2
const PONG = 3

const HEADER_SIZE = 12
const PING_SIZE = 16

/** A packet that is counted. */
export interface TrafficPacket {
  readonly kind: 'traffic'
  /** Index into the channels. */
  readonly channel: number
  /** Index into the target kinds. */
  readonly target: number
  readonly sequence: number
  /** Whom it was sent to: 0, an id, a negative id. */
  readonly to: number
}

/** A packet to measure round trips with. */
export interface PingPacket {
  readonly kind: 'ping' | 'pong'
  /** The pinging side's clock, milliseconds. */
  readonly time: number
}

export function encodeTraffic(
  { channel, target, sequence, to }: Omit<TrafficPacket, 'kind'>,
  size: number,
): Uint8Array {
  const bytes = new Uint8Array(Math.max(size, HEADER_SIZE)).fill(sequence & 0xff, HEADER_SIZE)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, TRAFFIC)
  view.setUint8(1, channel)
  view.setUint8(2, target)
  view.setUint32(4, sequence, true)
  view.setInt32(8, to, true)
  return bytes
}

export function encodePing({ kind, time }: PingPacket): Uint8Array {
  const bytes = new Uint8Array(PING_SIZE)
  const view = new DataView(bytes.buffer)
  view.setUint8(0, kind === 'ping' ? PING : PONG)
  view.setFloat64(8, time, true)
  return bytes
}

/** Reads a packet; null if it is none of the demo's or was changed on its way. */
export function decodePacket(bytes: Uint8Array): TrafficPacket | PingPacket | null {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kind = bytes[0]
  if (kind === TRAFFIC && bytes.byteLength >= HEADER_SIZE) return decodeTraffic(bytes, view)
  if ((kind === PING || kind === PONG) && bytes.byteLength === PING_SIZE) {
    return { kind: kind === PING ? 'ping' : 'pong', time: view.getFloat64(8, true) }
  }
  return null
}

function decodeTraffic(bytes: Uint8Array, view: DataView): TrafficPacket | null {
  const sequence = view.getUint32(4, true)
  const isWhole = bytes.subarray(HEADER_SIZE).every((byte) => byte === (sequence & 0xff))
  if (!isWhole) return null
  return { kind: 'traffic', channel: view.getUint8(1), target: view.getUint8(2), sequence, to: view.getInt32(8, true) }
}
