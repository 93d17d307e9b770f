/** Milliseconds after a member came from another server in which that server may still pass on what it had kept. */
const HAND_OVER_TIME = 10_000

interface Heard {
  readonly session: string
  highest: number
  /** Sequences that were accepted during a hand-over; null otherwise. */
  seen: Set<number> | null
}

/**
 * Lets each signal of a session through once. Sequences only grow, so whatever is not newer came already. Except for a while after a hand-over: then signals
 * that another server had kept may come behind newer ones, and each sequence is looked at by itself.
 */
export class SignalFilter {
  readonly #heard = new Map<number, Heard>()
  readonly #strictFrom: number

  /** @param handedOverAt - when the member came from another server, milliseconds; null if it did not. */
  constructor(handedOverAt: number | null) {
    this.#strictFrom = handedOverAt === null ? -Infinity : handedOverAt + HAND_OVER_TIME
  }

  /** Whether this one comes for the first time. */
  accept(from: number, session: string, sequence: number, now: number): boolean {
    const isLenient = now < this.#strictFrom
    let heard = this.#heard.get(from)
    if (heard?.session !== session) {
      heard = { session, highest: -1, seen: isLenient ? new Set() : null }
      this.#heard.set(from, heard)
    }
    if (!isLenient) heard.seen = null
    if (heard.seen === null ? sequence <= heard.highest : heard.seen.has(sequence)) return false
    heard.seen?.add(sequence)
    heard.highest = Math.max(heard.highest, sequence)
    return true
  }

  /** Forgets a sender that left. */
  forget(from: number): void {
    this.#heard.delete(from)
  }
}
