/** `RTCPeerConnection` used plainly, with the three channels that this package and `raw` open too: what can be had at most in a page. */
import { BACK_PRESSURE } from '../../harness/back-pressure.mjs'

export const name = 'plain'
export const modes = ['reliable', 'ordered', 'unreliable']

const CHANNELS = {
  reliable: { negotiated: true, id: 1 },
  ordered: { negotiated: true, id: 2, maxPacketLifeTime: 1 },
  unreliable: { negotiated: true, id: 3, ordered: false, maxPacketLifeTime: 1 },
}

export function createEnd({ sendSignal }) {
  const end = { onPacket: () => undefined }
  const connection = new RTCPeerConnection({ iceServers: [] })
  const channels = {}
  const opened = []
  for (const [mode, options] of Object.entries(CHANNELS)) {
    const channel = (channels[mode] = connection.createDataChannel(mode, options))
    channel.binaryType = 'arraybuffer'
    channel.bufferedAmountLowThreshold = BACK_PRESSURE[mode].low
    // A browser makes the buffer only when it is looked at, as every application does.
    channel.onmessage = ({ data }) => end.onPacket(new Uint8Array(data), mode)
    opened.push(new Promise((resolve) => (channel.onopen = resolve)))
  }
  connection.onicecandidate = ({ candidate }) => {
    if (candidate?.candidate) sendSignal({ candidate: candidate.candidate, mid: candidate.sdpMid })
  }
  const describe = async () => {
    await connection.setLocalDescription()
    const { type, sdp } = connection.localDescription
    sendSignal({ type, sdp })
  }
  end.opened = Promise.all(opened)
  end.start = describe
  end.signal = async ({ type, sdp, candidate, mid }) => {
    if (sdp === undefined) await connection.addIceCandidate({ candidate, sdpMid: mid })
    else {
      await connection.setRemoteDescription({ type, sdp })
      if (type === 'offer') await describe()
    }
  }
  end.send = (bytes, mode) => {
    channels[mode].send(bytes)
    return true
  }
  end.buffered = (mode) => channels[mode].bufferedAmount
  end.drained = (mode) =>
    end.buffered(mode) <= BACK_PRESSURE[mode].low
      ? undefined
      : new Promise((resolve) => (channels[mode].onbufferedamountlow = resolve))
  end.close = async () => connection.close()
  return end
}
