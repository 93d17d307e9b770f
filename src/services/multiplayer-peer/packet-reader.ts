import { MultiplayerError } from '../../multiplayer-error.ts'
import type { Packet } from './packet.ts'
import type { PeerLink } from './peer-link.ts'

/** Where the next packet will come from; chosen once and kept, so that `next` always describes what `take` returns. */
interface Chosen {
  readonly link: PeerLink
  readonly index: number
}

/**
 * Reads the unread packets of all peers as Godot does: one packet per peer in turn, in the order in which peers were added, and within a peer the lowest
 * channel first. Unlike the engine, what the getters say of the next packet holds even if one on a lower channel
 * arrives in between.
 */
export class PacketReader {
  readonly #links: ReadonlyMap<number, PeerLink>
  readonly #waiters = new Set<() => void>()
  #chosen: Chosen | null = null
  #lastPeer = 0

  constructor(links: ReadonlyMap<number, PeerLink>) {
    this.#links = links
  }

  /** Unread packets of all announced peers. */
  get available(): number {
    let count = 0
    for (const link of this.#links.values()) if (link.isGateOpen) count += link.buffer.count
    return count
  }

  /** The packet that is read next. */
  get next(): Packet | undefined {
    this.#chosen = this.#choose()
    return this.#chosen?.link.buffer.first(this.#chosen.index)
  }

  /** @throws MultiplayerError `ERR_UNAVAILABLE` if there is none. */
  take(): Packet {
    const packet = this.tryTake()
    if (packet === undefined) {
      throw new MultiplayerError('ERR_UNAVAILABLE', 'No packet has arrived; ask getAvailablePacketCount() first.')
    }
    return packet
  }

  tryTake(): Packet | undefined {
    const chosen = this.#choose()
    if (chosen === null) return undefined
    this.#chosen = null
    this.#lastPeer = chosen.link.id
    return chosen.link.buffer.takeFrom(chosen.index)
  }

  /** A packet was put where this reader finds it, or the mesh closed: whoever waits looks again. */
  wake(): void {
    for (const waiter of this.#waiters) waiter()
    this.#waiters.clear()
  }

  /** Resolves at the next {@link wake}. */
  woken(): Promise<void> {
    return new Promise((resolve) => this.#waiters.add(resolve))
  }

  #isStillThere({ link, index }: Chosen): boolean {
    return this.#links.get(link.id) === link && link.buffer.first(index) !== undefined
  }

  /** What was chosen before if it is still there, else from the peer after the last one round to that peer itself. */
  #choose(): Chosen | null {
    if (this.#chosen !== null && this.#isStillThere(this.#chosen)) return this.#chosen
    const links = [...this.#links.values()]
    const start = links.findIndex((link) => link.id === this.#lastPeer) + 1
    for (let i = 0; i < links.length; i++) {
      const link = links[(start + i) % links.length] as PeerLink
      const index = link.isGateOpen ? link.buffer.lowestChannel() : -1
      if (index >= 0) return { link, index }
    }
    return null
  }
}
