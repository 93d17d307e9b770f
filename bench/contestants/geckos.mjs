/**
 * geckos.io: its server, and its client for browsers on node-datachannel's imitation of their classes. The first process is the server, since in games that one sends the most.
 * It pins an older node-datachannel; package.json overrides that with the one that everybody else here runs on.
 */
import { createServer } from 'node:http'
import { once } from 'node:events'
import createGeckosClient from '@geckos.io/client'
import createGeckosServer from '@geckos.io/server'
import { polyfill } from './support/node-datachannel.mjs'

export const name = 'geckos'
export const modes = ['unreliable']
export const cannot = {
  reliable: 'what it calls reliable is the same message ten times, without any answer',
  ordered: 'an order is for its whole server',
}

export const createEnd = ({ role, sendSignal }) => (role === 'offer' ? serverEnd(sendSignal) : clientEnd())

/** One for all connections, as a server has it. */
let serving
let connected = () => undefined

async function serve() {
  const geckos = createGeckosServer()
  const http = createServer()
  geckos.addServer(http)
  geckos.onConnection((channel) => connected(channel))
  http.listen(0, '127.0.0.1')
  await once(http, 'listening')
  return http.address().port
}

async function serverEnd(sendSignal) {
  const end = { onPacket: () => undefined }
  const port = await (serving ??= serve())
  let channel
  let dropped = false
  end.opened = new Promise((resolve) => {
    connected = (made) => {
      channel = made
      channel.onRaw((data) => end.onPacket(asBytes(data), 'unreliable'))
      channel.onDrop(() => (dropped = true))
      resolve()
    }
  })
  end.start = () => sendSignal({ port })
  end.signal = () => undefined
  end.send = (bytes) => {
    dropped = false
    channel.raw.emit(bytes)
    return !dropped
  }
  end.buffered = () => channel.dataChannel.bufferedAmount()
  end.drained = () => new Promise((resolve) => setImmediate(resolve))
  // The client's close ends the channel too: a second close here would find it gone.
  end.close = async () => {
    if (channel !== undefined) await new Promise((resolve) => channel.onDisconnect(() => resolve()))
  }
  return end
}

function clientEnd() {
  const { RTCPeerConnection, RTCSessionDescription } = polyfill()
  Object.assign(globalThis, { RTCPeerConnection, RTCSessionDescription })
  const end = { onPacket: () => undefined }
  let client
  let openedNow
  end.opened = new Promise((resolve) => (openedNow = resolve))
  end.start = () => undefined
  end.signal = ({ port }) => {
    client = createGeckosClient({ url: 'http://127.0.0.1', port })
    client.onRaw((data) => end.onPacket(asBytes(data), 'unreliable'))
    client.onConnect((error) => {
      if (error === undefined) openedNow()
    })
  }
  end.send = (bytes) => {
    client.raw.emit(bytes)
    return true
  }
  end.buffered = () => client.peerConnection.dataChannel.bufferedAmount
  end.drained = () => new Promise((resolve) => setImmediate(resolve))
  end.close = async () => client?.close()
  return end
}

const asBytes = (data) => (data instanceof Uint8Array ? data : new Uint8Array(data))
