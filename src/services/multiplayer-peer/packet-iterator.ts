import type { PacketReader } from './packet-reader.ts'
import type { Packet } from './packet.ts'

export interface PacketIteration {
  /** Whether the iteration is to end by itself. */
  isOver(): boolean
  signal: AbortSignal | undefined
  /** Called at the first `next()`: an iterator that nobody asks keeps no packets. */
  onBegin(): void
  /** Called once if it had begun, however it ends. */
  onEnd(): void
}

/** An async iteration over unread packets. Not a generator, because a generator that waits cannot be ended from outside. */
export class PacketIterator implements AsyncIterableIterator<Packet> {
  readonly #reader: PacketReader
  readonly #iteration: PacketIteration
  #hasBegun = false
  #hasEnded = false
  readonly #wake = (): void => {
    this.#reader.wake()
  }

  constructor(reader: PacketReader, iteration: PacketIteration) {
    this.#reader = reader
    this.#iteration = iteration
  }

  [Symbol.asyncIterator](): this {
    return this
  }

  async next(): Promise<IteratorResult<Packet, undefined>> {
    this.#begin()
    while (!this.#hasEnded && !this.#iteration.isOver()) {
      const packet = this.#reader.tryTake()
      if (packet !== undefined) return { done: false, value: packet }
      await this.#reader.woken()
    }
    return this.return()
  }

  return(): Promise<IteratorResult<Packet, undefined>> {
    if (!this.#hasEnded) {
      this.#hasEnded = true
      if (this.#hasBegun) {
        this.#iteration.signal?.removeEventListener('abort', this.#wake)
        this.#iteration.onEnd()
        this.#reader.wake()
      }
    }
    return Promise.resolve({ done: true, value: undefined })
  }

  #begin(): void {
    if (this.#hasBegun || this.#hasEnded) return
    this.#hasBegun = true
    this.#iteration.signal?.addEventListener('abort', this.#wake)
    this.#iteration.onBegin()
  }
}
