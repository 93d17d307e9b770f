/** A WebSocket: what is left to whoever gives up on peer-to-peer. The first process is its client. */
import { once } from 'node:events'
import { WebSocket, WebSocketServer } from 'ws'
import { BACK_PRESSURE } from '../harness/back-pressure.mjs'

export const name = 'ws'
export const modes = ['reliable']
export const cannot = { ordered: 'TCP loses nothing', unreliable: 'TCP loses nothing' }

const { low } = BACK_PRESSURE.reliable

export async function createEnd({ role, sendSignal }) {
  const end = { onPacket: () => undefined }
  let socket
  let waiting = []
  let openedNow
  end.opened = new Promise((resolve) => (openedNow = resolve))
  const use = (made) => {
    socket = made
    socket.on('message', (data) => end.onPacket(data, 'reliable'))
    socket.on('error', () => undefined)
  }
  const isLow = () => {
    if (socket.bufferedAmount > low) return
    for (const resolve of waiting.splice(0)) resolve()
  }
  let server
  if (role === 'answer') {
    server = new WebSocketServer({ port: 0, host: '127.0.0.1', perMessageDeflate: false })
    await once(server, 'listening')
    server.once('connection', (made) => {
      use(made)
      openedNow()
    })
    sendSignal({ port: server.address().port })
  }
  // A client connects when it is told to, and where to.
  let port
  let started = false
  const connect = () => {
    if (!started || port === undefined) return
    use(new WebSocket(`ws://127.0.0.1:${port}`, { perMessageDeflate: false }))
    socket.once('open', openedNow)
  }
  end.start = () => {
    started = true
    connect()
  }
  end.signal = (signal) => {
    port = signal.port
    connect()
  }
  end.send = (bytes) => {
    // Whoever waits is told by the socket's callback; one for every message would cost.
    socket.send(bytes, socket.bufferedAmount > low ? isLow : undefined)
    return true
  }
  end.buffered = () => socket.bufferedAmount
  end.drained = () => (socket.bufferedAmount <= low ? undefined : new Promise((resolve) => waiting.push(resolve)))
  end.close = async () => {
    socket?.terminate()
    server?.close()
  }
  return end
}
