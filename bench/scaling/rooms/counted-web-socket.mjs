import WebSocket from 'ws'

/** Signs of life, which come by the time that passes and not by what is done. */
const HEARTBEAT = /^\{"type":2[45],/

/**
 * A constructor of sockets that count what passes through them but heartbeats, and what all of them have counted: `sent` and `received` messages, and the `bytes` of both. `reset` begins anew.
 */
export function countedWebSocket() {
  const counts = { sent: 0, received: 0, bytes: 0 }
  const count = (direction, text) => {
    if (HEARTBEAT.test(text)) return
    counts[direction]++
    counts.bytes += Buffer.byteLength(text)
  }
  class CountedWebSocket extends WebSocket {
    constructor(url, protocols = []) {
      super(url, protocols, { perMessageDeflate: false })
      this.on('message', (data) => count('received', String(data)))
    }

    send(text) {
      count('sent', text)
      super.send(text)
    }
  }
  const reset = () => Object.assign(counts, { sent: 0, received: 0, bytes: 0 })
  return { WebSocket: CountedWebSocket, counts, reset }
}
