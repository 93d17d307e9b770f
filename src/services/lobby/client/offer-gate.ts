import type { Clock } from '../../../clock.ts'
import type { ReceivedOffer } from '../../../machines/negotiation-port.ts'
import { attemptOf, looksLikeDescription } from './signal-text.ts'
import { WindowGate } from './window-gate.ts'

/** What became of an offer that came. */
export type OfferDecision = { readonly offer: ReceivedOffer } | { readonly dropped: 'stale' | 'refused' }

/** Tells a fresh offer of one member from one that is late, came twice, is no description at all, or is one too many. */
export class OfferGate {
  readonly #window: WindowGate
  #last = 0
  #lastText: string | null = null

  constructor(clock: Pick<Clock, 'now'>) {
    this.#window = new WindowGate(clock)
  }

  /** The number of the last offer that was taken; 0 before the first. */
  get last(): number {
    return this.#last
  }

  decide(sdp: string): OfferDecision {
    const number = attemptOf(sdp)
    const isStale = number === null ? sdp === this.#lastText : number <= this.#last
    if (isStale) return { dropped: 'stale' }
    if (!looksLikeDescription(sdp) || !this.#window.admits()) return { dropped: 'refused' }
    this.#last = number ?? this.#last
    this.#lastText = sdp
    return { offer: { sdp, number } }
  }
}
