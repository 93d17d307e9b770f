// One end of a pair, in a page or in Node: `ours` is a mesh with one peer, `plain` the bare channel that this place has.

/** Bytes that may wait before the sender pauses, and at which it goes on; the same for both contestants. */
const HIGH = 1024 * 1024
const LOW = 256 * 1024

/** Signaling of a connection of this library. */
function startSignaling(connection, offers, signal) {
  connection.sessionDescriptionCreated$.subscribe((description) => {
    connection.setLocalDescription(description.type, description.sdp)
    signal(description)
  })
  connection.iceCandidateCreated$.subscribe(signal)
  if (offers) connection.createOffer()
}

function takeSignal(connection, { type, sdp, media, index, name }) {
  if (sdp) connection.setRemoteDescription(type, sdp)
  else connection.addIceCandidate(media, index, name)
}

/** A mesh of this library. */
export class OurEnd {
  received = 0
  bytes = 0
  lastAt = 0
  #mesh
  #connection

  constructor({ WebRTCMultiplayerPeer, WebRTCPeerConnection }, offers, signal) {
    this.#mesh = new WebRTCMultiplayerPeer({ limits: { drainedSendBuffer: LOW } })
    this.#mesh.createMesh(offers ? 1 : 2)
    this.#connection = new WebRTCPeerConnection({})
    this.#mesh.addPeer(this.#connection, offers ? 2 : 1)
    this.#mesh.packets$.subscribe(({ data }) => {
      this.received++
      this.bytes += data.byteLength
      this.lastAt = performance.now()
    })
    startSignaling(this.#connection, offers, signal)
  }

  take(message) {
    takeSignal(this.#connection, message)
  }

  get isOpen() {
    return [...this.#mesh.getPeers().values()].every(({ connected }) => connected)
  }

  async flood(size, milliseconds) {
    const packet = new Uint8Array(size)
    const [[id, { channels }]] = this.#mesh.getPeers()
    const end = performance.now() + milliseconds
    let sent = 0
    while (performance.now() < end) {
      for (; channels[0].bufferedAmount < HIGH && performance.now() < end; sent++) this.#mesh.send(packet)
      await this.#mesh.drain(id)
    }
    return sent
  }

  close() {
    return this.#mesh.close({ immediate: true })
  }
}

/** An `RTCPeerConnection` with one channel. */
export class PlainEnd {
  received = 0
  bytes = 0
  lastAt = 0
  #connection = new RTCPeerConnection()
  #channel
  #remote = Promise.resolve()

  constructor(_, offers, signal) {
    const connection = this.#connection
    this.#channel = connection.createDataChannel('reliable', { negotiated: true, id: 1 })
    this.#channel.binaryType = 'arraybuffer'
    this.#channel.bufferedAmountLowThreshold = LOW
    // A browser makes the buffer only when it is looked at, as every application does.
    this.#channel.onmessage = ({ data }) => {
      this.received++
      this.bytes += data.byteLength
      this.lastAt = performance.now()
    }
    connection.onicecandidate = ({ candidate }) => {
      if (candidate?.candidate) signal({ media: candidate.sdpMid, index: 0, name: candidate.candidate })
    }
    if (offers) void this.#describe('offer', signal)
    this.signal = signal
  }

  async take({ type, sdp, media, name }) {
    const connection = this.#connection
    if (sdp) {
      this.#remote = connection.setRemoteDescription({ type, sdp })
      await this.#remote
      if (type === 'offer') await this.#describe('answer', this.signal)
    } else {
      await this.#remote
      await connection.addIceCandidate({ candidate: name.replace(/^a=/, ''), sdpMid: media })
    }
  }

  get isOpen() {
    return this.#channel.readyState === 'open'
  }

  async flood(size, milliseconds) {
    const packet = new Uint8Array(size)
    const channel = this.#channel
    const end = performance.now() + milliseconds
    let sent = 0
    while (performance.now() < end) {
      for (; channel.bufferedAmount < HIGH && performance.now() < end; sent++) channel.send(packet)
      if (channel.bufferedAmount > LOW) await new Promise((resolve) => (channel.onbufferedamountlow = resolve))
    }
    return sent
  }

  close() {
    this.#connection.close()
  }

  async #describe(type, signal) {
    const made = type === 'offer' ? await this.#connection.createOffer() : await this.#connection.createAnswer()
    await this.#connection.setLocalDescription(made)
    signal({ type, sdp: made.sdp })
  }
}

/** The bare channel of Node, at the other end of a page's plain one. */
export class BareNodeEnd {
  received = 0
  bytes = 0
  lastAt = 0
  #connection
  #channel

  constructor({ WebRTCPeerConnection }, offers, signal) {
    this.#connection = new WebRTCPeerConnection({})
    this.#channel = this.#connection.createDataChannel('reliable', { negotiated: true, id: 1 })
    this.#channel.bufferedAmountLowThreshold = LOW
    this.#channel.setReceiver((data) => {
      this.received++
      this.bytes += data.byteLength
      this.lastAt = performance.now()
    })
    startSignaling(this.#connection, offers, signal)
  }

  take(message) {
    takeSignal(this.#connection, message)
  }

  get isOpen() {
    return this.#channel.readyState === 1
  }

  async flood(size, milliseconds) {
    const packet = new Uint8Array(size)
    const channel = this.#channel
    const end = performance.now() + milliseconds
    let sent = 0
    while (performance.now() < end) {
      for (; channel.bufferedAmount < HIGH && performance.now() < end; sent++) channel.send(packet)
      if (channel.bufferedAmount > LOW) {
        await new Promise((resolve) => {
          const subscription = channel.bufferedAmountLow$.subscribe(() => {
            subscription.unsubscribe()
            resolve()
          })
        })
      }
      // So that a flood that never waits lets Node read.
      await new Promise((resolve) => setImmediate(resolve))
    }
    return sent
  }

  close() {
    this.#connection.close()
  }
}
