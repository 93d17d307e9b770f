/** An end over a library with the browsers' classes, connected as their documentation shows it. */
import { BACK_PRESSURE } from '../../harness/back-pressure.mjs'

const CHANNELS = {
  reliable: { negotiated: true, id: 1 },
  ordered: { negotiated: true, id: 2, maxRetransmits: 0 },
  unreliable: { negotiated: true, id: 3, ordered: false, maxRetransmits: 0 },
}

/** @param options.asMessage - makes what the library's `send` takes of a Uint8Array. */
export function w3cEnd(RTCPeerConnection, { sendSignal, backPressure = BACK_PRESSURE, asMessage = (bytes) => bytes }) {
  const pc = new RTCPeerConnection({ iceServers: [] })
  const channels = {}
  let queued = []
  const end = { onPacket: () => undefined }
  const opened = []
  for (const [mode, options] of Object.entries(CHANNELS)) {
    const channel = (channels[mode] = pc.createDataChannel(mode, options))
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = backPressure[mode].low
    opened.push(new Promise((resolve) => (channel.onopen = resolve)))
    channel.onmessage = ({ data }) => end.onPacket(asBytes(data), mode)
  }
  end.opened = Promise.all(opened).then(() => undefined)
  pc.onicecandidate = ({ candidate }) => {
    if (candidate) sendSignal({ candidate: candidate.toJSON() })
  }
  const describe = async (description) => {
    await pc.setLocalDescription(description)
    const { type, sdp } = pc.localDescription
    sendSignal({ type, sdp })
  }
  end.start = async () => describe(await pc.createOffer())
  const take = async ({ type, sdp, candidate }) => {
    if (candidate !== undefined) {
      if (queued === undefined) await pc.addIceCandidate(candidate)
      else queued.push(candidate)
      return
    }
    await pc.setRemoteDescription({ type, sdp })
    const early = queued
    queued = undefined
    for (const waiting of early) await pc.addIceCandidate(waiting)
    if (type === 'offer') await describe(await pc.createAnswer())
  }
  // What a library refuses loses the connect, as for all others, and not the process.
  end.signal = (signal) =>
    take(signal).catch((error) => {
      end.failed = error
    })
  end.send = (bytes, mode) => {
    channels[mode].send(asMessage(bytes))
    return true
  }
  end.buffered = (mode) => channels[mode].bufferedAmount
  end.drained = async (mode) => {
    const channel = channels[mode]
    while (channel.bufferedAmount > backPressure[mode].low) {
      await new Promise((resolve) => channel.addEventListener('bufferedamountlow', resolve, { once: true }))
    }
  }
  end.close = async () => pc.close()
  return end
}

const asBytes = (data) => (data instanceof Uint8Array ? data : new Uint8Array(data))
