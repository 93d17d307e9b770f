/** Milliseconds before the first measurement. With it, a queue that meets an outage at once survives 10 s of it, as real ones do. */
const INITIAL = 1000
/** Milliseconds; libdatachannel's setting. */
const MIN = 200
/** Milliseconds; libdatachannel's setting. */
const MAX = 10_000
/** RFC 9260, 6.3.1: weights of a new measurement. */
const ALPHA = 1 / 8
const BETA = 1 / 4

/** How long to wait for an acknowledgement (RFC 9260, 6.3): the smoothed round trip time and four times its variation, doubled on each failure. */
export class RetransmissionTimeout {
  #smoothed: number | null = null
  #variation = 0
  #timeout = INITIAL

  /** Smoothed round trip time, milliseconds. */
  get roundTripTime(): number | null {
    return this.#smoothed
  }

  get milliseconds(): number {
    return this.#timeout
  }

  measured(roundTrip: number): void {
    if (this.#smoothed === null) {
      this.#smoothed = roundTrip
      this.#variation = roundTrip / 2
    } else {
      this.#variation += BETA * (Math.abs(this.#smoothed - roundTrip) - this.#variation)
      this.#smoothed += ALPHA * (roundTrip - this.#smoothed)
    }
    this.#timeout = Math.min(MAX, Math.max(MIN, this.#smoothed + 4 * this.#variation))
  }

  expired(): void {
    this.#timeout = Math.min(MAX, 2 * this.#timeout)
  }
}
