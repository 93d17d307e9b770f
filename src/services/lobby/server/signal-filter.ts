import type { BrokerSignal } from '../broker/broker.ts'

/** Milliseconds after a member came from another server in which that server may still pass on what it had kept. */
const HAND_OVER_TIME = 10_000

/** Where a signal stands among those of its sender. */
export type SignalOrigin = Pick<BrokerSignal, 'from' | 'session' | 'stay' | 'sequence'>

interface Heard {
  readonly session: string
  /** The latest one: two numbers, since one for both would outgrow what a number counts exactly. */
  stay: number
  sequence: number
  /** Those that were accepted during a hand-over; null otherwise. */
  seen: Set<string> | null
}

/**
 * Lets each signal of a session through once. Stays and, within them, sequences only grow, so whatever is not newer came already. Except for a while after a hand-over: then
 * signals that another server had kept may come behind newer ones, and each is looked at by itself.
 */
export class SignalFilter {
  readonly #heard = new Map<number, Heard>()
  readonly #strictFrom: number

  /** @param handedOverAt - when the member came from another server, milliseconds; null if it did not. */
  constructor(handedOverAt: number | null) {
    this.#strictFrom = handedOverAt === null ? -Infinity : handedOverAt + HAND_OVER_TIME
  }

  /** Whether this one comes for the first time. */
  accept({ from, session, stay, sequence }: SignalOrigin, now: number): boolean {
    const isLenient = now < this.#strictFrom
    let heard = this.#heard.get(from)
    if (heard?.session !== session) {
      heard = { session, stay: -1, sequence: -1, seen: isLenient ? new Set() : null }
      this.#heard.set(from, heard)
    }
    if (!isLenient) heard.seen = null
    const isNewer = stay > heard.stay || (stay === heard.stay && sequence > heard.sequence)
    const key = `${stay} ${sequence}`
    if (heard.seen === null ? !isNewer : heard.seen.has(key)) return false
    heard.seen?.add(key)
    if (isNewer) {
      heard.stay = stay
      heard.sequence = sequence
    }
    return true
  }

  /** Forgets a sender that left. */
  forget(from: number): void {
    this.#heard.delete(from)
  }
}
