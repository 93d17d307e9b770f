import type { Clock } from '../../../clock.ts'
import type { ReceivedOffer } from '../../../machines/negotiation-port.ts'
import { attemptOf, looksLikeDescription } from './signal-text.ts'

/** Fresh offers of one member that are taken within {@link WINDOW}; each one costs a connection. A healthy pair makes one, a troubled one a few a minute. */
const MAX_OFFERS = 16
/** Milliseconds. */
const WINDOW = 10_000

/** What became of an offer that came. */
export type OfferDecision = { readonly offer: ReceivedOffer } | { readonly dropped: 'stale' | 'refused' }

/** Tells a fresh offer of one member from one that is late, came twice, is no description at all, or is one too many. */
export class OfferGate {
  readonly #clock: Pick<Clock, 'now'>
  #last = 0
  #lastText: string | null = null
  #taken: number[] = []

  constructor(clock: Pick<Clock, 'now'>) {
    this.#clock = clock
  }

  /** The number of the last offer that was taken; 0 before the first. */
  get last(): number {
    return this.#last
  }

  decide(sdp: string): OfferDecision {
    const number = attemptOf(sdp)
    const isStale = number === null ? sdp === this.#lastText : number <= this.#last
    if (isStale) return { dropped: 'stale' }
    if (!looksLikeDescription(sdp) || this.#isOneTooMany()) return { dropped: 'refused' }
    this.#last = number ?? this.#last
    this.#lastText = sdp
    return { offer: { sdp, number } }
  }

  #isOneTooMany(): boolean {
    const now = this.#clock.now()
    this.#taken = this.#taken.filter((time) => now - time < WINDOW)
    if (this.#taken.length >= MAX_OFFERS) return true
    this.#taken.push(now)
    return false
  }
}
