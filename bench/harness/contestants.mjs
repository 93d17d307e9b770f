/**
 * The two contestants behind the same few calls: `raw` is node-datachannel's native API used plainly, with the guards without which it crashes or leaks;
 * `ours` is WebRTCMultiplayerPeer. A contestant makes ends; an end signals through `sendSignal` and `signal`.
 *
 *   end.opened         resolves when every channel is open
 *   end.offer()        begins to connect
 *   end.signal(value)  takes what the other end's sendSignal got
 *   end.send(bytes, index)   index 0 reliable, 1 ordered, 2 unreliable; false: dropped
 *   end.buffered(index), end.drained(index)   flow control
 *   end.onPacket = (bytes, index) => ...
 *   end.close()        resolves when closed
 */
import nodeDataChannel from 'node-datachannel'
import { TransferMode, WebRTCMultiplayerPeer, WebRTCPeerConnection } from '../../dist/index.js'

const CHANNELS = [
  ['reliable', { negotiated: true, id: 1 }],
  ['ordered', { negotiated: true, id: 2, maxPacketLifeTime: 1 }],
  ['unreliable', { negotiated: true, id: 3, unordered: true, maxPacketLifeTime: 1 }],
]
const LOW = 256 * 1024

/**
 * @param options.active - the offer is rewritten to a=setup:active, which avoids the stall of one second but loses some connects.
 * @param options.held - candidates are held until 2 ms after the answer was applied, which avoids it too and loses none.
 */
export function rawEnd({ sendSignal, active = false, held = false }) {
  const end = { onPacket: () => undefined }
  const pc = new nodeDataChannel.PeerConnection('bench', { iceServers: [], disableAutoNegotiation: true })
  let described = false
  let queued = []
  let open = 0
  let closed = 0
  let openedNow
  let closedNow
  end.opened = new Promise((resolve) => (openedNow = resolve))
  const allClosed = new Promise((resolve) => (closedNow = resolve))
  const channels = CHANNELS.map(([label, options], index) => {
    const channel = pc.createDataChannel(label, options)
    const waiting = []
    channel.onOpen(() => ++open === CHANNELS.length && openedNow())
    channel.onMessage((message) => end.onPacket(message, index))
    channel.onClosed(() => ++closed === CHANNELS.length && closedNow())
    channel.setBufferedAmountLowThreshold(LOW)
    channel.onBufferedAmountLow(() => waiting.splice(0).forEach((resolve) => resolve()))
    return { channel, waiting }
  })
  pc.onStateChange(() => undefined)
  pc.onLocalDescription((sdp, type) =>
    sendSignal({ type, sdp: active && type === 'offer' ? sdp.replace('a=setup:actpass', 'a=setup:active') : sdp }),
  )
  let holding = held ? [] : null
  pc.onLocalCandidate((candidate, mid) => (holding ? holding.push({ candidate, mid }) : sendSignal({ candidate, mid })))
  // "Got a remote candidate without ICE transport": the native library loses a few connections to a race of its own.
  const attempt = (call) => {
    try {
      call()
    } catch (error) {
      end.failed = error
    }
  }
  end.offer = () => pc.setLocalDescription('offer')
  end.signal = (signal) => {
    if (signal.sdp === undefined) {
      if (described) attempt(() => pc.addRemoteCandidate(signal.candidate, signal.mid))
      else queued.push(signal)
      return
    }
    attempt(() => pc.setRemoteDescription(signal.sdp, signal.type))
    described = true
    if (held && signal.type === 'answer') {
      setTimeout(() => {
        for (const candidate of holding.splice(0)) sendSignal(candidate)
        holding = null
      }, 2)
    }
    if (signal.type === 'offer') attempt(() => pc.setLocalDescription('answer'))
    for (const { candidate, mid } of queued) attempt(() => pc.addRemoteCandidate(candidate, mid))
    queued = []
  }
  end.send = (bytes, index) => {
    channels[index].channel.sendMessageBinary(bytes)
    return true
  }
  end.buffered = (index) => channels[index].channel.bufferedAmount()
  end.drained = (index) =>
    end.buffered(index) <= LOW ? undefined : new Promise((resolve) => channels[index].waiting.push(resolve))
  end.close = async () => {
    for (const { channel } of channels) channel.close()
    pc.close()
    // When both sides close at once, the native library loses the last event of one channel in about eighty closes.
    await Promise.race([allClosed, new Promise((resolve) => setTimeout(resolve, 1_000).unref())])
  }
  return end
}

const MODES = [TransferMode.RELIABLE, TransferMode.UNRELIABLE_ORDERED, TransferMode.UNRELIABLE]
const INDEX = [2, 1, 0]
const SEND_OPTIONS = (to) => MODES.map((mode) => ({ to, mode }))

/** @param options.id - 1 for the offering end, 2 for the other. */
export function ourEnd({ sendSignal, id }) {
  const end = { onPacket: () => undefined }
  const other = 3 - id
  const options = SEND_OPTIONS(other)
  const mesh = new WebRTCMultiplayerPeer()
  mesh.createMesh(id)
  const connection = new WebRTCPeerConnection({ iceServers: [] })
  mesh.addPeer(connection, other)
  const { channels } = mesh.getPeer(other)
  connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
    connection.setLocalDescription(type, sdp)
    sendSignal({ type, sdp })
  })
  connection.iceCandidateCreated$.subscribe(({ media, name }) => sendSignal({ candidate: name, mid: media }))
  end.opened = new Promise((resolve) => mesh.peerConnected$.subscribe(resolve))
  mesh.packets$.subscribe(({ data, mode }) => end.onPacket(data, INDEX[mode]))
  end.offer = () => connection.createOffer()
  end.signal = ({ type, sdp, candidate, mid }) =>
    sdp === undefined ? connection.addIceCandidate(mid, 0, candidate) : connection.setRemoteDescription(type, sdp)
  end.send = (bytes, index) => mesh.send(bytes, options[index]).sent === 1
  end.buffered = (index) => channels[index].bufferedAmount
  end.drained = () => mesh.drain(other)
  end.close = () => mesh.close({ immediate: true })
  end.mesh = mesh
  return end
}

export const makeEnd = (contestant, options) => (contestant === 'raw' ? rawEnd(options) : ourEnd(options))
