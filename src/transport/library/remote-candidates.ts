import { MultiplayerError } from '../../multiplayer-error.ts'
import { MAX_REMOTE_CANDIDATES } from '../remote-limits.ts'
import { type ReadCandidate, readIceCandidate } from './ice-candidate.ts'

/** `a=mid` is a token. */
const MAX_MEDIA_LENGTH = 64

/** Hands a candidate to the library; throws if that refuses it. */
export type AddCandidate = (candidate: ReadCandidate, media: string) => void

/** Takes the candidates of the other side, in any order relative to its description, and hands them on when the description is there. */
export class RemoteCandidates {
  /** Malformed ones and those beyond the cap. */
  refused = 0
  #accepted = 0
  #queue: [candidate: ReadCandidate, media: string][] | null = []
  readonly #add: AddCandidate

  constructor(add: AddCandidate) {
    this.#add = add
  }

  /** @throws MultiplayerError `ERR_INVALID_DATA`, `ERR_OUT_OF_MEMORY`; counted in {@link refused}. */
  take(name: string, media: unknown): void {
    try {
      const candidate = readIceCandidate(name)
      if (candidate === null) return
      if (typeof media !== 'string' || media.length > MAX_MEDIA_LENGTH) {
        throw new MultiplayerError('ERR_INVALID_DATA', 'The media of a candidate is a short string, normally "0".', {
          value: media,
        })
      }
      if (this.#accepted >= MAX_REMOTE_CANDIDATES) {
        throw new MultiplayerError(
          'ERR_OUT_OF_MEMORY',
          `The other side sent more than ${MAX_REMOTE_CANDIDATES} candidates; the rest is refused.`,
        )
      }
      this.#accepted++
      if (this.#queue === null) this.#add(candidate, media)
      else this.#queue.push([candidate, media])
    } catch (error) {
      this.refused++
      throw error
    }
  }

  /** The description was applied: adds what has waited, after the candidates that the description itself carried. */
  release(carried: readonly string[]): void {
    const waiting = this.#queue ?? []
    this.#queue = null
    for (const candidate of carried)
      this.#tryTo(() => {
        this.take(candidate, '')
      })
    for (const [candidate, media] of waiting)
      this.#tryTo(() => {
        this.#add(candidate, media)
      })
  }

  /** One bad candidate does not spoil the others; it is counted. */
  #tryTo(add: () => void): void {
    try {
      add()
    } catch (error) {
      if (!(error instanceof MultiplayerError)) throw error
    }
  }
}
