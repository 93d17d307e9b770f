/**
 * node-datachannel's native API, used plainly, with the guards without which it crashes or leaks: what can be had at most in Node.
 *
 * Its variants are three ways to connect. `default` trickles as it comes, and stalls for one second when the other side's DTLS is not ready yet. `held` keeps the offering side's candidates
 * until 2 ms after the answer was applied, which avoids that and loses no connect; it is what `raw` alone means. `active` offers as a=setup:active, which avoids it too, is the quickest,
 * and loses a connect now and then.
 */
import { BACK_PRESSURE } from '../harness/back-pressure.mjs'
import nodeDataChannel from './support/node-datachannel.mjs'

export const name = 'raw'
export const modes = ['reliable', 'ordered', 'unreliable']

const CHANNELS = {
  reliable: { negotiated: true, id: 1 },
  ordered: { negotiated: true, id: 2, maxPacketLifeTime: 1 },
  unreliable: { negotiated: true, id: 3, unordered: true, maxPacketLifeTime: 1 },
}
/** Milliseconds after the answer for which `held` still waits: the other side's DTLS begins on a thread of its own. */
const HOLD = 2
/** Milliseconds until a close without its last event counts as done: when both sides close at once, one event in about eighty closes is lost. */
const CLOSED = 1_000

export const createEnd = ({ role, sendSignal, variant = 'held' }) =>
  rawEnd({
    sendSignal,
    active: role === 'offer' && variant === 'active',
    held: role === 'offer' && variant === 'held',
  })

/** One of many peers: its ends, one for each other. */
export function createPeer({ variant }) {
  const ends = new Map()
  const peer = {
    onPacket: () => undefined,
    ends,
    connect({ role, peerId, sendSignal }) {
      const end = createEnd({ role, sendSignal, variant })
      end.onPacket = (bytes, mode) => peer.onPacket(bytes, mode, peerId)
      ends.set(peerId, end)
      return end
    },
    send: (bytes, mode, to) => ends.get(to).send(bytes, mode),
    broadcast(bytes, mode) {
      for (const { send } of ends.values()) send(bytes, mode)
    },
    close: () => Promise.all(Array.from(ends.values(), (end) => end.close())),
  }
  return peer
}

/** @param options.active - offers as `active` does. @param options.held - holds candidates as `held` does. */
export function rawEnd({ sendSignal, active = false, held = false }) {
  const end = { onPacket: () => undefined }
  const pc = new nodeDataChannel.PeerConnection('bench', { iceServers: [], disableAutoNegotiation: true })
  const names = Object.keys(CHANNELS)
  let described = false
  let queued = []
  let open = 0
  let closed = 0
  let openedNow
  let closedNow
  end.opened = new Promise((resolve) => (openedNow = resolve))
  const allClosed = new Promise((resolve) => (closedNow = resolve))
  const channels = {}
  const waiting = {}
  for (const mode of names) {
    const channel = (channels[mode] = pc.createDataChannel(mode, CHANNELS[mode]))
    waiting[mode] = []
    channel.onOpen(() => ++open === names.length && openedNow())
    channel.onMessage((message) => end.onPacket(message, mode))
    channel.onClosed(() => ++closed === names.length && closedNow())
    channel.setBufferedAmountLowThreshold(BACK_PRESSURE[mode].low)
    channel.onBufferedAmountLow(() => waiting[mode].splice(0).forEach((resolve) => resolve()))
  }
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
  end.start = () => pc.setLocalDescription('offer')
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
      }, HOLD)
    }
    if (signal.type === 'offer') attempt(() => pc.setLocalDescription('answer'))
    for (const { candidate, mid } of queued) attempt(() => pc.addRemoteCandidate(candidate, mid))
    queued = []
  }
  end.send = (bytes, mode) => {
    channels[mode].sendMessageBinary(bytes)
    return true
  }
  end.buffered = (mode) => channels[mode].bufferedAmount()
  // An event of an earlier moment may still be on its way, so it is looked at again.
  end.drained = async (mode) => {
    while (end.buffered(mode) > BACK_PRESSURE[mode].low) await new Promise((resolve) => waiting[mode].push(resolve))
  }
  end.close = async () => {
    for (const channel of Object.values(channels)) channel.close()
    pc.close()
    await Promise.race([allClosed, new Promise((resolve) => setTimeout(resolve, CLOSED).unref())])
  }
  return end
}
