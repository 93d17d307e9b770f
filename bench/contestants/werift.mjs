/** werift: WebRTC in TypeScript alone. */
import { RTCPeerConnection } from 'werift'
import { w3cEnd } from './support/w3c-end.mjs'

export const name = 'werift'
export const modes = ['reliable', 'ordered', 'unreliable']

/** With what the others may have waiting it sends some two hundred messages a second: the longer its queue, the slower it is. All of it is on this very thread, so that needs turns too. */
const QUEUE = { high: 16 * 1024, low: 4 * 1024 }
export const backPressure = { reliable: QUEUE, ordered: QUEUE, unreliable: QUEUE }
export const batch = 16

const asMessage = (bytes) =>
  Buffer.isBuffer(bytes) ? bytes : Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)

export const createEnd = (options) => w3cEnd(RTCPeerConnection, { ...options, backPressure, asMessage })
