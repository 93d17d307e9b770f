import type { IceCandidate } from '../../../transport/peer-connection.ts'
import { ufragOfCandidate } from './signal-text.ts'

/** As many as a connection takes. */
const MAX_WAITING = 128
/** Names of descriptions that have been replaced; older ones are not expected any more. */
const MAX_PAST = 16

/** What to do with a candidate that came. */
export type CandidateRoute = 'add' | 'wait' | 'stale' | 'no room'

/** Candidates of one member that came before the description to which they belong. */
export class EarlyCandidates {
  #waiting: IceCandidate[] = []
  #present: string | null = null
  #past: string[] = []

  /**
   * Says what to do with a candidate; one that is to wait is kept.
   *
   * @param takesUnnamed - whether a candidate that does not say to which description it belongs has a connection to go to.
   */
  route(candidate: IceCandidate, takesUnnamed: boolean): CandidateRoute {
    const ufrag = ufragOfCandidate(candidate.name)
    if (ufrag === null ? takesUnnamed : ufrag === this.#present) return 'add'
    if (ufrag !== null && this.#past.includes(ufrag)) return 'stale'
    if (this.#waiting.length >= MAX_WAITING) return 'no room'
    this.#waiting.push(candidate)
    return 'wait'
  }

  /** A description was applied, named so by ICE: gives what waited for it. */
  described(ufrag: string | null): IceCandidate[] {
    if (ufrag !== this.#present) this.#forgetPresent()
    this.#present = ufrag
    const fits = (candidate: IceCandidate): boolean => [null, ufrag].includes(ufragOfCandidate(candidate.name))
    const fitting = this.#waiting.filter(fits)
    this.#waiting = this.#waiting.filter((candidate) => !fits(candidate))
    return fitting
  }

  /** The connection is gone: what still comes for it is stale. */
  ended(): void {
    this.#forgetPresent()
    this.#present = null
  }

  clear(): void {
    this.ended()
    this.#waiting = []
    this.#past = []
  }

  #forgetPresent(): void {
    if (this.#present !== null) this.#past = [...this.#past, this.#present].slice(-MAX_PAST)
  }
}
