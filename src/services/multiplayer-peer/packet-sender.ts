import { MultiplayerError } from '../../multiplayer-error.ts'
import { invalid } from '../../checks.ts'
import type { SendResult } from './packet.ts'
import type { PeerLink } from './peer-link.ts'

const NOTHING: SendResult = Object.freeze({ sent: 0, dropped: 0, skipped: 0 })
const TO_ONE = {
  sent: Object.freeze({ ...NOTHING, sent: 1 }),
  dropped: Object.freeze({ ...NOTHING, dropped: 1 }),
  closing: Object.freeze({ ...NOTHING, skipped: 1 }),
}

/**
 * Sends a packet to its target: 0 is everyone, an id that peer, a negative id everyone but that peer (an unknown one excludes nobody). There is no
 * relaying here: a client reaches peer 1 and nobody else.
 */
export class PacketSender {
  readonly #links: ReadonlyMap<number, PeerLink>

  constructor(links: ReadonlyMap<number, PeerLink>) {
    this.#links = links
  }

  send(data: Uint8Array, to: number, index: number): SendResult {
    if (!(data instanceof Uint8Array)) throw invalid('A packet is a Uint8Array.', data)
    // Godot's put_packet: an empty packet is OK and nothing is sent.
    if (data.byteLength === 0) return NOTHING
    return to > 0 ? this.#sendToOne(data, to, index) : this.#sendToMany(data, to, index)
  }

  #sendToOne(data: Uint8Array, to: number, index: number): SendResult {
    const link = this.#links.get(to)
    if (link === undefined) throw invalid(`There is no peer ${to} in the mesh.`, to)
    const outcome = link.send(index, data)
    if (outcome === 'sent') return TO_ONE.sent
    if (outcome !== 'not open') return TO_ONE[outcome]
    throw new MultiplayerError(
      'ERR_UNCONFIGURED',
      `Peer ${to} is not open yet; send to it after peerConnected$ has named it.`,
      { value: to },
    )
  }

  #sendToMany(data: Uint8Array, to: number, index: number): SendResult {
    if (!Number.isInteger(to)) {
      throw invalid(`${to} is no target: use 0, an id, or a negative id.`, to)
    }
    // Whoever would refuse it is found before anyone was sent to, so that a broadcast is never half done.
    for (const link of this.#links.values()) {
      if (link.id !== -to) link.assertSendable(index, data.byteLength)
    }
    let sent = 0
    let dropped = 0
    let skipped = 0
    for (const link of this.#links.values()) {
      if (link.id === -to) continue
      const outcome = link.send(index, data)
      if (outcome === 'sent') sent++
      else if (outcome === 'dropped') dropped++
      else skipped++
    }
    return { sent, dropped, skipped }
  }
}
