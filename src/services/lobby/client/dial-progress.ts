import type { NegotiationFailure, NegotiationRole, NegotiationState } from '../../../machines/negotiation-types.ts'
import type { DialCandidate, DialPair } from './dial-candidate.ts'

/** How far the dialling of one member is. */
export interface DialProgress {
  /** The other peer's id. */
  readonly peer: number
  /** Whether this side makes the offers. */
  readonly role: NegotiationRole
  readonly state: NegotiationState
  /** Attempts that have failed since the last good connection. */
  readonly failures: number
  /** How the last one failed; null if none has. */
  readonly failure: NegotiationFailure | null
  /** Milliseconds until the next attempt; 0 unless `backingOff`. */
  readonly retryIn: number
  /** Candidates of this side, so far. */
  readonly localCandidates: readonly DialCandidate[]
  /** Candidates of the other side, so far. */
  readonly remoteCandidates: readonly DialCandidate[]
  /** The path, once it is known. */
  readonly pair: DialPair | null
}
