import { MultiplayerError } from '../../multiplayer-error.ts'
import { parseCandidate } from './session-text.ts'

/** A connection has a handful of candidates; taking thousands would let the other side spend this one's time. */
export const MAX_REMOTE_CANDIDATES = 128

/** The candidates of the other side, which may come before its description. */
export class RemoteCandidates {
  readonly #addresses: string[] = []
  #refused = 0

  /** Where the other side can be reached, as `address port`. */
  get addresses(): readonly string[] {
    return this.#addresses
  }

  get refused(): number {
    return this.#refused
  }

  /** @throws MultiplayerError `ERR_INVALID_DATA` for a malformed candidate, `ERR_OUT_OF_MEMORY` beyond the cap. */
  add(name: string): void {
    if (name === '') return
    try {
      const address = parseCandidate(name)
      if (this.#addresses.length >= MAX_REMOTE_CANDIDATES) {
        throw new MultiplayerError(
          'ERR_OUT_OF_MEMORY',
          `A connection takes ${MAX_REMOTE_CANDIDATES} candidates of the other side; pass on only what its iceCandidateCreated$ gave.`,
        )
      }
      this.#addresses.push(address)
    } catch (error) {
      this.#refused++
      throw error
    }
  }
}
