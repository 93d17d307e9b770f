import { Fifo } from '../../fifo.ts'
import type { Packet } from '../multiplayer-peer/packet.ts'

/** A packet that waits for the announcement of its source. */
export interface EarlyPacket {
  readonly source: number
  readonly inner: Uint8Array
  readonly packet: Packet
  readonly time: number
}

/** Bytes that a waiting packet costs besides its payload. */
const OVERHEAD = 64

/** Sources that have left which are remembered at most; as many as a server may tell of by default. */
const MOST_GONE = 4_096

/**
 * Milliseconds after which a packet is too old: it is not early but of a peer that has left. A lost announcement is repeated after 1 s at the latest (SCTP's minimum retransmission
 * timeout).
 */
const PATIENCE = 2_000

/**
 * Relayed packets that came before the server's announcement of the peer that sent them, which happens when the announcement was lost on its channel and is repeated while other
 * channels go on. They wait for it, bounded. What comes just after the word that its source is gone is late, by the same cause, and does not wait: whoever has that id next did not send it.
 */
export class EarlyPackets {
  readonly #limit: number
  readonly #now: () => number
  readonly #onDrop: () => void
  /** Sources that have left, and when; the oldest first. */
  readonly #gone = new Map<number, number>()
  #waiting = new Fifo<EarlyPacket>()
  #bytes = 0

  /** @param limit - bytes. @param onDrop - called for each packet that waits no longer: too old, or without room. */
  constructor(limit: number, now: () => number, onDrop: () => void) {
    this.#limit = limit
    this.#now = now
    this.#onDrop = onDrop
  }

  hold(source: number, inner: Uint8Array, packet: Packet): void {
    const size = sizeOf(inner)
    this.#dropOld()
    if (size > this.#limit || this.#gone.has(source)) {
      this.#onDrop()
      return
    }
    while (this.#bytes + size > this.#limit) this.#dropFirst()
    this.#bytes += size
    this.#waiting.push({ source, inner, packet, time: this.#now() })
  }

  /** Takes out what waits for this source, in order. */
  take(source: number): EarlyPacket[] {
    this.#dropOld()
    const mine: EarlyPacket[] = []
    const others = new Fifo<EarlyPacket>()
    for (let early = this.#waiting.shift(); early !== undefined; early = this.#waiting.shift()) {
      if (early.source === source) mine.push(early)
      else others.push(early)
    }
    for (const { inner } of mine) this.#bytes -= sizeOf(inner)
    this.#waiting = others
    return mine
  }

  /** A source is gone: what it has sent and comes from now on is late. */
  left(source: number): void {
    this.#dropOld()
    this.#gone.delete(source)
    this.#gone.set(source, this.#now())
    const [oldest] = this.#gone.keys()
    if (this.#gone.size > MOST_GONE && oldest !== undefined) this.#gone.delete(oldest)
  }

  clear(): void {
    this.#gone.clear()
    this.#waiting = new Fifo()
    this.#bytes = 0
  }

  #dropOld(): void {
    const oldest = this.#now() - PATIENCE
    while ((this.#waiting.first?.time ?? Infinity) < oldest) this.#dropFirst()
    for (const [source, time] of this.#gone) {
      if (time >= oldest) break
      this.#gone.delete(source)
    }
  }

  #dropFirst(): void {
    const first = this.#waiting.shift()
    if (first === undefined) return
    this.#bytes -= sizeOf(first.inner)
    this.#onDrop()
  }
}

function sizeOf(inner: Uint8Array): number {
  return inner.byteLength + OVERHEAD
}
