import type { Clock } from '../../clock.ts'

/** What remains of the rate at which packets are let through after it proved too high. */
const BACK_OFF = 0.75
/** How much faster it gets every {@link STEP} milliseconds until the next congestion: 3 % reach from 0.75 to 1 in one second. */
const GROWTH = 1.03
const STEP = 100
/**
 * Bytes that are given time to drain before the first packet after congestion: half of libdatachannel's SCTP send buffer of 1 MiB, which is
 * full then but does not show in `bufferedAmount`.
 */
const HIDDEN_QUEUE = 512 * 1024
/** Milliseconds that this takes at most: on a slow link nothing would be sent for seconds. */
const LONGEST_PAUSE = 100
/** Bytes per millisecond that are always let through, so that a wrong measurement heals: 8 kB/s. */
const LOWEST_RATE = 8
/** Milliseconds of nothing to hold back after which pacing ends. */
const CALM = 1_000

/**
 * Keeps latency bounded when more unreliable packets are sent than go through. Dropping what exceeds `bufferedAmount` alone leaves the buffers
 * underneath full all the time (measured at twice the capacity: p99 231 ms, with stalls of SCTP's retransmission timer). So after the limit was
 * exceeded once, packets are let through at the rate at which the buffer drained; from there it rises slowly, and falls back each time it proves too
 * high.
 */
export class UnreliablePacer {
  readonly #clock: Pick<Clock, 'now'>
  readonly #limit: number
  #mode: 'off' | 'draining' | 'paced' = 'off'
  #since = 0
  #congestedWith = 0
  /** Bytes per millisecond. */
  #rate = 0
  #tokens = 0
  #refilled = 0
  #stepped = 0

  /** @param limit - bytes waiting above which there is congestion. */
  constructor(clock: Pick<Clock, 'now'>, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  /** Whether {@link admits} must be asked although nothing waits. */
  get isOn(): boolean {
    return this.#mode !== 'off'
  }

  /** Whether a packet of this size may be sent now. @param waiting - `bufferedAmount` of its channel. */
  admits(size: number, waiting: number): boolean {
    const now = this.#clock.now()
    if (waiting > this.#limit && this.#mode !== 'draining') {
      this.#mode = 'draining'
      this.#since = now
      this.#congestedWith = waiting
    }
    if (this.#mode === 'off') return true
    if (this.#mode === 'draining') {
      if (waiting > 0) return false
      this.#startPacing(now)
    }
    return this.#takeTokens(size, now)
  }

  #startPacing(now: number): void {
    this.#mode = 'paced'
    const measured = this.#congestedWith / Math.max(1, now - this.#since)
    this.#rate = Math.max(LOWEST_RATE, BACK_OFF * Math.max(measured, this.#rate))
    this.#tokens = -Math.min(HIDDEN_QUEUE, LONGEST_PAUSE * this.#rate)
    this.#refilled = now
    this.#stepped = now
    this.#since = now
  }

  #takeTokens(size: number, now: number): boolean {
    if (now - this.#stepped >= STEP) {
      this.#rate *= GROWTH
      this.#stepped = now
    }
    this.#tokens += (now - this.#refilled) * this.#rate
    this.#refilled = now
    if (this.#tokens < this.#limit) this.#since = now
    else {
      this.#tokens = this.#limit
      if (now - this.#since > CALM) {
        this.#mode = 'off'
        this.#rate = 0
      }
    }
    if (this.#tokens < size) return false
    this.#tokens -= size
    return true
  }
}
