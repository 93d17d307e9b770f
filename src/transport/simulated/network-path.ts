import type { Clock } from '../../clock.ts'
import { type NetworkConditions, PERFECT } from './network-conditions.ts'
import type { Random } from './random.ts'

/** Packets since the network was made. Every packet sent is delivered or lost, a duplicated one is delivered twice. */
export interface NetworkCounters {
  sent: number
  lost: number
  duplicated: number
  /** Held back, so that later ones may overtake it. */
  reordered: number
  delivered: number
}

/** Milliseconds of traffic that wait before a bottleneck; a router's buffer. Without a bound, overload would show as latency for ever. */
const MAX_QUEUE_DELAY = 500
/** A packet out of order is held back by up to this many milliseconds and the latency, so that it is overtaken even on a quick link. */
const MIN_HOLD = 10

/** One direction between two hosts. */
export class NetworkPath {
  conditions: Readonly<NetworkConditions> = PERFECT
  /** Nothing passes: the hosts are partitioned, or one of them is dead. */
  isBlocked = false

  readonly #clock: Clock
  readonly #random: Random
  readonly #counters: NetworkCounters
  #busyUntil = 0
  #lastArrival = 0

  constructor(clock: Clock, random: Random, counters: NetworkCounters) {
    this.#clock = clock
    this.#random = random
    this.#counters = counters
  }

  /** Nothing passes and nothing will until someone changes it. */
  get isOutage(): boolean {
    return this.isBlocked || this.conditions.loss >= 1
  }

  /** Sends one packet; `arrive` is called when it arrives: never, once or twice. */
  carry(bytes: number, arrive: () => void): void {
    this.#counters.sent++
    const departure = this.#pass(bytes)
    if (departure === null || this.isBlocked || this.#random.chance(this.conditions.loss)) {
      this.#counters.lost++
      return
    }
    this.#deliverAt(this.#arrival(departure), arrive)
    if (this.#random.chance(this.conditions.duplication)) {
      this.#counters.duplicated++
      this.#deliverAt(this.#arrival(departure), arrive)
    }
  }

  /** When the bottleneck has passed the packet on; null if its queue is full. */
  #pass(bytes: number): number | null {
    const now = this.#clock.now()
    const start = Math.max(now, this.#busyUntil)
    if (start - now > MAX_QUEUE_DELAY) return null
    this.#busyUntil = start + (bytes * 1000) / this.conditions.bandwidth
    return this.#busyUntil
  }

  #arrival(departure: number): number {
    const { latency, jitter, reordering } = this.conditions
    const arrival = departure + latency + (jitter > 0 ? jitter * this.#random.next() : 0)
    if (this.#random.chance(reordering)) {
      this.#counters.reordered++
      return arrival + this.#random.next() * Math.max(MIN_HOLD, latency)
    }
    this.#lastArrival = Math.max(this.#lastArrival, arrival)
    return this.#lastArrival
  }

  #deliverAt(time: number, arrive: () => void): void {
    this.#clock.setTimeout(() => {
      if (this.isBlocked) {
        this.#counters.lost++
        return
      }
      this.#counters.delivered++
      arrive()
    }, time - this.#clock.now())
  }
}
