/** simple-peer over @roamhq/wrtc, as its documentation says for Node. */
import wrtc from '@roamhq/wrtc'
import SimplePeer from 'simple-peer'
import { BACK_PRESSURE } from '../harness/back-pressure.mjs'

export const name = 'simple-peer'
export const modes = ['reliable']
const why = 'it has one channel, and that is reliable unless the whole peer is not'
export const cannot = { ordered: why, unreliable: why }

/** Milliseconds between two looks at what waits: simple-peer itself hears of it only for its stream, and tells nobody. */
const LOOK = 1

export function createEnd({ role, sendSignal }) {
  const end = { onPacket: () => undefined }
  let peer
  let openedNow
  end.opened = new Promise((resolve) => (openedNow = resolve))
  const begin = () => {
    peer = new SimplePeer({ initiator: role === 'offer', wrtc, config: { iceServers: [] } })
    peer.on('signal', sendSignal)
    peer.on('connect', openedNow)
    peer.on('data', (data) => end.onPacket(data, 'reliable'))
    peer.on('error', () => undefined)
  }
  // An initiator begins at once.
  if (role === 'answer') begin()
  end.start = begin
  end.signal = (signal) => peer.signal(signal)
  end.send = (bytes) => {
    peer.send(bytes)
    return true
  }
  end.buffered = () => peer.bufferSize
  end.drained = async () => {
    while (peer.bufferSize > BACK_PRESSURE.reliable.low) await new Promise((resolve) => setTimeout(resolve, LOOK))
  }
  end.close = () =>
    new Promise((resolve) => {
      if (peer.destroyed) resolve()
      else peer.once('close', resolve).destroy()
    })
  return end
}
