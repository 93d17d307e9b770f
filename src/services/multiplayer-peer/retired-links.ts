import type { PeerLink } from './peer-link.ts'
import type { MeshStats } from './peer-stats.ts'

type Totals = Omit<MeshStats, 'peers'>

/** Links that left the mesh: those whose connections still close, and what the others had counted. */
export class RetiredLinks {
  readonly #closing = new Set<PeerLink>()
  #totals: Totals = {
    sentPackets: 0,
    sentBytes: 0,
    receivedPackets: 0,
    receivedBytes: 0,
    droppedPackets: 0,
    unreadPackets: 0,
  }

  /** Takes a link that was shut, until its connection has closed. */
  add(link: PeerLink): void {
    if (this.#closing.has(link)) return
    this.#closing.add(link)
    void link.released().then(() => {
      this.#closing.delete(link)
      this.#totals = sum(this.#totals, totalsOf(link, true))
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
    let totals = this.#totals
    for (const link of this.#closing) totals = sum(totals, totalsOf(link, true))
    for (const link of links) totals = sum(totals, totalsOf(link, false))
    return totals
  }
}

function totalsOf(link: PeerLink, gone: boolean): Totals {
  const { channels, waitingPackets, droppedWaitingPackets, latePackets } = link.stats()
  const total = (pick: (channel: (typeof channels)[number]) => number): number =>
    channels.reduce((count, channel) => count + pick(channel), 0)
  return {
    sentPackets: total((channel) => channel.sentPackets),
    sentBytes: total((channel) => channel.sentBytes),
    receivedPackets: total((channel) => channel.receivedPackets),
    receivedBytes: total((channel) => channel.receivedBytes),
    droppedPackets: total((channel) => channel.droppedPackets),
    unreadPackets: droppedWaitingPackets + latePackets + (gone ? waitingPackets : 0),
  }
}

function sum(a: Totals, b: Totals): Totals {
  return {
    sentPackets: a.sentPackets + b.sentPackets,
    sentBytes: a.sentBytes + b.sentBytes,
    receivedPackets: a.receivedPackets + b.receivedPackets,
    receivedBytes: a.receivedBytes + b.receivedBytes,
    droppedPackets: a.droppedPackets + b.droppedPackets,
    unreadPackets: a.unreadPackets + b.unreadPackets,
  }
}
