import type { Observable } from 'rxjs'
import { PacketIterator } from './packet-iterator.ts'
import type { PacketReader } from './packet-reader.ts'
import { PacketStream } from './packet-stream.ts'
import type { Packet } from './packet.ts'
import type { PacketSink, PeerLink } from './peer-link.ts'

/** How an async iteration over packets is ended from outside. */
export interface PacketsOptions {
  signal?: AbortSignal
}

/**
 * Where the packets of announced peers go: to the streams that somebody is subscribed to (one of the mesh, one per peer), and into the
 * link's buffer if nobody is, or if somebody iterates. What waits in a buffer goes to the first subscriber who comes.
 */
export class PacketRouter implements PacketSink {
  readonly packets$: Observable<Packet>
  readonly #links: ReadonlyMap<number, PeerLink>
  readonly #reader: PacketReader
  readonly #all = new PacketStream()
  /** Packets that wait for an iteration although subscribers have had them. */
  readonly #pushed = new WeakSet<Packet>()
  #iterators = 0
  #isComplete = false
  /** Counts closes; an iteration ends with the session in which it began. */
  #session = 0

  constructor(links: ReadonlyMap<number, PeerLink>, reader: PacketReader) {
    this.#links = links
    this.#reader = reader
    this.packets$ = this.#all.observable(() => {
      this.#flushAll()
    })
  }

  packetsOf(link: PeerLink): Observable<Packet> {
    return link.packets.observable(() => {
      this.flush(link)
    })
  }

  route(link: PeerLink, index: number, packet: Packet): void {
    const taken = this.#push(link, packet)
    if (taken && this.#iterators === 0) return
    // A listener of the packet may just have removed the peer.
    if (!link.isGateOpen) return
    if (taken) this.#pushed.add(packet)
    link.hold(index, packet)
    this.#reader.wake()
  }

  /** Gives what waits for a reader to whoever is subscribed now, unless somebody iterates over it. */
  flush(link: PeerLink): void {
    while (this.#iterators === 0 && link.isGateOpen && (link.packets.observed || this.#all.observed)) {
      const packet = link.buffer.takeOldest()
      if (packet === undefined) return
      if (!this.#pushed.has(packet)) this.#push(link, packet)
    }
    this.#reader.wake()
  }

  /** Packets as they come, one per peer in turn as `getPacket()` gives them, until the mesh is closed or the signal aborts. */
  iterate({ signal }: PacketsOptions): AsyncIterableIterator<Packet> {
    const session = this.#session
    return new PacketIterator(this.#reader, {
      isOver: () => this.#isComplete || session !== this.#session || signal?.aborted === true,
      signal,
      onBegin: () => {
        this.#iterators++
      },
      onEnd: () => {
        this.#iterators--
        this.#flushAll()
      },
    })
  }

  /** Ends the iterations under way. */
  endSession(): void {
    this.#session++
    this.#reader.wake()
  }

  complete(): void {
    this.#isComplete = true
    this.endSession()
    this.#all.complete()
  }

  /** Over a copy, as listeners may add and remove peers. */
  #flushAll(): void {
    for (const link of [...this.#links.values()]) this.flush(link)
  }

  #push(link: PeerLink, packet: Packet): boolean {
    let taken = false
    if (link.packets.observed) {
      link.packets.next(packet)
      taken = true
    }
    if (this.#all.observed && link.isGateOpen) {
      this.#all.next(packet)
      taken = true
    }
    return taken
  }
}
