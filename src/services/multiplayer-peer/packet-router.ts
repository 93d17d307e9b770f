import { Observable, Subject } from 'rxjs'
import type { PacketReader } from './packet-reader.ts'
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
  readonly #all = new Subject<Packet>()
  #iterators = 0
  /** Counts closes; an iteration ends with the session in which it began. */
  #session = 0

  constructor(links: ReadonlyMap<number, PeerLink>, reader: PacketReader) {
    this.#links = links
    this.#reader = reader
    this.packets$ = new Observable((subscriber) => {
      const subscription = this.#all.subscribe(subscriber)
      for (const link of this.#links.values()) this.flush(link)
      return subscription
    })
  }

  packetsOf(link: PeerLink): Observable<Packet> {
    return new Observable((subscriber) => {
      const subscription = link.packets$.subscribe(subscriber)
      this.flush(link)
      return subscription
    })
  }

  route(link: PeerLink, index: number, packet: Packet): void {
    const taken = this.#push(link, packet)
    if (!taken || this.#iterators > 0) {
      link.hold(index, packet)
      this.#reader.wake()
    }
  }

  /** Gives what waits for a reader to whoever is subscribed now. */
  flush(link: PeerLink): void {
    if (!link.isGateOpen || this.#iterators > 0) {
      this.#reader.wake()
      return
    }
    while (link.packets$.observed || this.#all.observed) {
      const packet = link.buffer.takeOldest()
      if (packet === undefined) return
      this.#push(link, packet)
    }
    this.#reader.wake()
  }

  /** Packets as they come, one per peer in turn as `getPacket()` gives them, until the mesh is closed or the signal aborts. */
  async *iterate({ signal }: PacketsOptions): AsyncGenerator<Packet, void, undefined> {
    const session = this.#session
    const wake = (): void => {
      this.#reader.wake()
    }
    signal?.addEventListener('abort', wake)
    this.#iterators++
    try {
      while (session === this.#session && signal?.aborted !== true) {
        const packet = this.#reader.tryTake()
        if (packet === undefined) await this.#reader.woken()
        else yield packet
      }
    } finally {
      this.#iterators--
      signal?.removeEventListener('abort', wake)
    }
  }

  /** Ends the iterations under way. */
  endSession(): void {
    this.#session++
    this.#reader.wake()
  }

  complete(): void {
    this.endSession()
    this.#all.complete()
  }

  #push(link: PeerLink, packet: Packet): boolean {
    let taken = false
    if (link.packets$.observed) {
      link.packets$.next(packet)
      taken = true
    }
    if (this.#all.observed) {
      this.#all.next(packet)
      taken = true
    }
    return taken
  }
}
