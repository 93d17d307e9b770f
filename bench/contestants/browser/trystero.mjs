/**
 * Trystero's core: its rooms and actions, with a strategy whose relay is the signaling that everybody has here. What is measured is what all its strategies have in common: its set-up
 * from joining a room in which the other one is already, and its data path. Its channel is its own secret; what waits are the bytes of sends that it has not resolved yet, which it does
 * when at most 64 KiB are in the channel.
 */
import { createTopicStrategy } from '@trystero-p2p/core'
import { BACK_PRESSURE } from '../../harness/back-pressure.mjs'

const ONE_CHANNEL = 'it has one channel, reliable and in order'

export const name = 'trystero'
export const modes = ['reliable']
export const cannot = { ordered: ONE_CHANNEL, unreliable: ONE_CHANNEL }

const { low } = BACK_PRESSURE.reliable

/** Where topics are published: for a page there is one. */
const relay = { topics: new Map(), publish: () => undefined }
const joinRoom = createTopicStrategy({
  init: () => relay,
  subscribeTopic({ topics }, topic, onMessage) {
    topics.set(topic, onMessage)
    return () => topics.delete(topic)
  },
  publishTopic: ({ publish }, topic, message) => publish({ topic, message }),
})

let joins = 0

export function createEnd({ role, sendSignal }) {
  // An application of its own each time: Trystero keeps the connection to whom it has met in another room of the same one.
  const appId = `bench-${++joins}`
  const end = { onPacket: () => undefined }
  let room
  let target
  let action
  let openedNow
  let waiting = 0
  let drainedNow = () => undefined
  end.opened = new Promise((resolve) => (openedNow = resolve))
  const join = () => {
    relay.publish = sendSignal
    room = joinRoom({ appId, rtcConfig: { iceServers: [] } }, 'room')
    action = room.makeAction('packet', { onMessage: (bytes) => end.onPacket(bytes, 'reliable') })
    room.onPeerJoin = (id) => {
      target = { target: id }
      openedNow()
    }
  }
  const sent = (size) => {
    waiting -= size
    if (waiting <= low) drainedNow()
  }
  end.start = join
  end.signal = ({ topic, message }) => relay.topics.get(topic)?.(topic, message)
  end.send = (bytes) => {
    waiting += bytes.length
    void action.send(bytes, target).then(() => sent(bytes.length))
    return true
  }
  end.buffered = () => waiting
  end.drained = () => (waiting <= low ? undefined : new Promise((resolve) => (drainedNow = resolve)))
  end.close = async () => {
    const connections = Object.values(room.getPeers())
    await room.leave()
    // Trystero keeps them for two minutes.
    for (const connection of connections) connection.close()
  }
  if (role === 'answer') join()
  return end
}
