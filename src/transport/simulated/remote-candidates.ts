import { MultiplayerError } from '../../multiplayer-error.ts'
import { MAX_REMOTE_CANDIDATES } from '../remote-limits.ts'
import { parseCandidate } from './session-text.ts'

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
