/** RFC 8841: what an implementation takes that does not say. */
const UNSAID = 64 * 1024

/** Firefox announces 1 GiB; one message of that size would block all others for its time, and no receive buffer of this library would hold it. */
const LARGEST = 4 * 1024 * 1024

/** Before the descriptions have agreed, as everywhere in this library. */
export const DEFAULT_MESSAGE_SIZE = 262144

/** Bytes that the other side takes as one message, from its session description (RFC 8841, section 6). */
export function agreedMessageSize(sdp: string): number {
  const [, size] = /^a=max-message-size:(\d{1,10})\s*$/m.exec(sdp) ?? []
  if (size === undefined) return UNSAID
  return Math.min(LARGEST, Number(size) || LARGEST)
}
