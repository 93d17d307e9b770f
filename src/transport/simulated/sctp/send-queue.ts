import type { AssociationMessage } from './association-message.ts'
import { CHUNK_HEADER, MAX_PACKET, type OutgoingMessage } from './packets.ts'

const MAX_FRAGMENT = MAX_PACKET - CHUNK_HEADER

/** A queue whose front is taken without moving the rest each time. */
class Fifo<T> {
  #items: T[] = []
  #head = 0

  get first(): T | undefined {
    return this.#items[this.#head]
  }

  push(item: T): void {
    this.#items.push(item)
  }

  shift(): void {
    this.#head++
    if (this.#head > 1024 || this.#head === this.#items.length) {
      this.#items = this.#items.slice(this.#head)
      this.#head = 0
    }
  }
}

/** The messages of an association that are not under way yet: those in its send buffer, and behind them those that wait for room in it. */
export class SendQueue {
  readonly #limit: number
  readonly #taken = new Fifo<OutgoingMessage>()
  readonly #waiting = new Fifo<OutgoingMessage>()
  readonly #sequences = new Map<number, number>()
  #buffered = 0

  /** @param limit Bytes of the send buffer; what was sent counts until it is acknowledged or given up. */
  constructor(limit: number) {
    this.#limit = limit
  }

  /** Returns false if the message waits for room. */
  add(message: AssociationMessage): boolean {
    const size = message.data.byteLength
    const fragments = Math.max(1, Math.ceil(size / MAX_FRAGMENT))
    const outgoing = { message, fragments, sequence: -1, fragmentsSent: 0, buffered: size, isAbandoned: false }
    if (this.#waiting.first !== undefined || !this.#hasRoom(size)) {
      this.#waiting.push(outgoing)
      return false
    }
    this.#take(outgoing)
    return true
  }

  /** The message that is to be sent next. One that has become too old meanwhile is dropped; nobody has to be told of it. */
  next(now: number): OutgoingMessage | undefined {
    for (let first = this.#taken.first; first !== undefined; first = this.#taken.first) {
      const isStale = first.isAbandoned || (first.fragmentsSent === 0 && now > first.message.expires)
      if (!isStale) return first
      this.#taken.shift()
      this.release(first, first.buffered)
    }
    return undefined
  }

  /** Bytes of the next fragment of the message that {@link next} returned. */
  sizeOfNext({ message, fragmentsSent }: OutgoingMessage): number {
    return Math.min(MAX_FRAGMENT, message.data.byteLength - fragmentsSent * MAX_FRAGMENT)
  }

  /** Takes that fragment; returns its bytes. */
  cut(outgoing: OutgoingMessage): number {
    const size = this.sizeOfNext(outgoing)
    const { message, fragments } = outgoing
    if (outgoing.fragmentsSent === 0 && message.ordered) outgoing.sequence = this.#nextSequence(message.stream)
    outgoing.fragmentsSent++
    if (outgoing.fragmentsSent === fragments) this.#taken.shift()
    return size
  }

  /** Bytes of the message need not be kept any more; others that waited for the room are taken. */
  release(outgoing: OutgoingMessage, bytes: number): void {
    outgoing.buffered -= bytes
    this.#buffered -= bytes
    for (
      let first = this.#waiting.first;
      first !== undefined && this.#hasRoom(first.buffered);
      first = this.#waiting.first
    ) {
      this.#waiting.shift()
      this.#take(first)
      first.message.onTaken?.()
    }
  }

  #take(outgoing: OutgoingMessage): void {
    this.#buffered += outgoing.buffered
    this.#taken.push(outgoing)
  }

  /** An empty buffer takes a message of any size, or one larger than the buffer would never be sent. */
  #hasRoom(bytes: number): boolean {
    return this.#buffered === 0 || this.#buffered + bytes <= this.#limit
  }

  #nextSequence(stream: number): number {
    const sequence = this.#sequences.get(stream) ?? 0
    this.#sequences.set(stream, sequence + 1)
    return sequence
  }
}
