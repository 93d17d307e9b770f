import { Fifo } from '../../fifo.ts'
import type { Packet } from './packet.ts'

interface Held {
  readonly packet: Packet
  /** Arrival number over all channels of the peer. */
  readonly order: number
}

/** Bytes that a held packet costs besides its payload, so that empty packets do not fill memory either. */
const OVERHEAD = 64

/**
 * Packets of one peer that nobody has taken: behind its shut gate, or unread. Bounded in bytes; can be emptied in the order of arrival (what
 * streams want) or by channel (how Godot reads).
 */
export class PacketBuffer {
  /** Packets that were dropped: of unreliable channels to make room, oldest first, and a reliable one that had none. */
  dropped = 0

  readonly #limit: number
  readonly #unreliable: readonly boolean[]
  readonly #channels: readonly Fifo<Held>[]
  #bytes = 0
  #count = 0
  #order = 0

  /** @param unreliable - for each channel index, whether its packets may be dropped. @param limit - bytes. */
  constructor(unreliable: readonly boolean[], limit: number) {
    this.#unreliable = unreliable
    this.#channels = unreliable.map(() => new Fifo<Held>())
    this.#limit = limit
  }

  get bytes(): number {
    return this.#bytes
  }

  get count(): number {
    return this.#count
  }

  /** @returns false if a packet of a reliable channel has no room even without any unreliable one: it is lost, so the peer cannot go on. */
  push(index: number, packet: Packet): boolean {
    const size = packet.data.byteLength
    while (!this.#fits(size) && this.#dropOldestUnreliable());
    if (!this.#fits(size)) {
      this.dropped++
      return this.#unreliable[index] === true
    }
    this.#channels[index]?.push({ packet, order: this.#order++ })
    this.#bytes += size
    this.#count++
    return true
  }

  /** The packet that {@link takeFrom} would take. */
  first(index: number): Packet | undefined {
    return this.#channels[index]?.first?.packet
  }

  /** Lowest channel index that holds a packet, or -1. */
  lowestChannel(): number {
    return this.#channels.findIndex((fifo) => fifo.first !== undefined)
  }

  takeFrom(index: number): Packet | undefined {
    const held = this.#channels[index]?.shift()
    if (held === undefined) return undefined
    this.#bytes -= held.packet.data.byteLength
    this.#count--
    return held.packet
  }

  /** The packet that arrived first. */
  takeOldest(): Packet | undefined {
    return this.takeFrom(this.#oldest(() => true))
  }

  #fits(size: number): boolean {
    return this.#bytes + size + (this.#count + 1) * OVERHEAD <= this.#limit
  }

  #dropOldestUnreliable(): boolean {
    const dropped = this.takeFrom(this.#oldest((index) => this.#unreliable[index] === true))
    if (dropped === undefined) return false
    this.dropped++
    return true
  }

  #oldest(eligible: (index: number) => boolean): number {
    let oldest = -1
    let order = Infinity
    this.#channels.forEach((fifo, index) => {
      const first = fifo.first
      if (first !== undefined && first.order < order && eligible(index)) {
        oldest = index
        order = first.order
      }
    })
    return oldest
  }
}
