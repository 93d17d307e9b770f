import type { PeerLink } from './peer-link.ts'
import type { MeshStats } from './peer-stats.ts'
import { NO_TRAFFIC, addTraffic } from './traffic.ts'

type Totals = { -readonly [Name in Exclude<keyof MeshStats, 'peers'>]: number }

/** Links that left the mesh: those whose connections still close, and what the others had counted. */
export class RetiredLinks {
  readonly #closing = new Set<PeerLink>()
  readonly #totals: Totals = { ...NO_TRAFFIC, unreadPackets: 0 }

  /** Takes a link that was shut, until its connection has closed. */
  add(link: PeerLink): void {
    if (this.#closing.has(link)) return
    this.#closing.add(link)
    void link.released().then(() => {
      this.#closing.delete(link)
      count(link, this.#totals, true)
    })
  }

  /** Ends what is still closing gracefully. */
  closeNow(): void {
    for (const link of this.#closing) link.connection.close()
  }

  /** Settles when every connection that is closing now has closed. */
  async closed(): Promise<void> {
    await Promise.all([...this.#closing].map((link) => link.released()))
  }

  /** The totals of these links and of the ones given. */
  totalsWith(links: Iterable<PeerLink>): Totals {
    const totals = { ...this.#totals }
    for (const link of this.#closing) count(link, totals, true)
    for (const link of links) count(link, totals, false)
    return totals
  }
}

function count(link: PeerLink, totals: Totals, isGone: boolean): void {
  const { channels, waitingPackets, droppedWaitingPackets, latePackets } = link.stats()
  for (const channel of channels) addTraffic(totals, channel)
  totals.unreadPackets += droppedWaitingPackets + latePackets + (isGone ? waitingPackets : 0)
}
