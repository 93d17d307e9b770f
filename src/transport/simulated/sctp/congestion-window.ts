import { MAX_PACKET } from './packets.ts'

/** libdatachannel's setting. */
const INITIAL = 10 * MAX_PACKET
/** The receiver's buffer: libdatachannel's setting, bytes. */
const MAX = 1024 * 1024
const MIN_THRESHOLD = 4 * MAX_PACKET

/** How many bytes may be under way (RFC 9260, 7.2). It holds back unreliable messages too, as in real connections. */
export class CongestionWindow {
  #bytes = INITIAL
  #threshold = MAX
  #partial = 0

  get bytes(): number {
    return this.#bytes
  }

  /** Doubles in each round trip at first, then grows by one packet. */
  acknowledged(bytes: number): void {
    if (this.#bytes < this.#threshold) {
      this.#bytes = Math.min(this.#threshold, this.#bytes + bytes)
    } else {
      this.#partial += bytes
      if (this.#partial >= this.#bytes) {
        this.#partial -= this.#bytes
        this.#bytes += MAX_PACKET
      }
    }
    this.#bytes = Math.min(MAX, this.#bytes)
  }

  /** Some packets were lost, later ones arrived. */
  lost(): void {
    this.#halve()
    this.#bytes = this.#threshold
  }

  /** Nothing arrives any more: one packet at a time until something does. */
  expired(): void {
    this.#halve()
    this.#bytes = MAX_PACKET
  }

  #halve(): void {
    this.#threshold = Math.max(MIN_THRESHOLD, this.#bytes / 2)
    this.#partial = 0
  }
}
