import type { IceCandidate } from '../peer-connection.ts'
import { onLaterTurn } from './later-turn.ts'

/** Milliseconds; see {@link HeldCandidates.release}. */
const SAME_PROCESS_DELAY = 2

/** Milliseconds after the answer within which a first candidate of the other side is waited for. */
const PATIENCE = 50

/**
 * Keeps this side's candidates back until the other side may have them. The native library gives them from its own thread, sometimes before the
 * description they belong to, and an answering peer that knows them too early connects first and starts DTLS before the offering one is ready:
 * its first packet is then lost and repeated after one second. So the offering side holds its own until the answer was applied and a candidate of
 * the other side was added, from which moment it is checking. Measured over 200 connects of two processes: 38 % take more than 500 ms with the candidates
 * sent at once, none with them held (medians 3.7 and 4.5 ms; 30 % take one more step of ICE's pacing, 55 ms).
 */
export class HeldCandidates {
  readonly #emit: (candidate: IceCandidate) => void
  #held: IceCandidate[] | null = []
  #waiting: ReturnType<typeof setTimeout> | null = null
  #remoteIsInThisProcess = false
  #isChecking = false

  constructor(emit: (candidate: IceCandidate) => void) {
    this.#emit = emit
  }

  add(candidate: IceCandidate): void {
    if (this.#held === null) this.#emit(candidate)
    else this.#held.push(candidate)
  }

  /** The answering side has given its answer: emits what was held on a later turn, and from then on each candidate as it comes. */
  release(): void {
    onLaterTurn(() => {
      this.#emitHeld()
    })
  }

  /**
   * The offering side has applied the answer: emits when {@link checking} is called, or else a moment later.
   *
   * @param remoteIsInThisProcess - both ends then share the native library's threads and signaling takes no time: 8 to 25 % of 60 connects
   * stalled with an immediate release, 1 % of 140 with one after 1 or 2 ms (median 54 ms).
   */
  releaseWhenChecking(remoteIsInThisProcess: boolean): void {
    this.#remoteIsInThisProcess = remoteIsInThisProcess
    this.#waiting = setTimeout(() => {
      this.#emitHeld()
    }, PATIENCE)
  }

  /** A candidate of the other side was added. */
  checking(): void {
    if (this.#waiting === null || this.#isChecking) return
    this.#isChecking = true
    this.stop()
    if (!this.#remoteIsInThisProcess) {
      this.release()
      return
    }
    this.#waiting = setTimeout(() => {
      this.#emitHeld()
    }, SAME_PROCESS_DELAY)
  }

  /** Nothing is emitted by a timer any more. */
  stop(): void {
    if (this.#waiting !== null) clearTimeout(this.#waiting)
    this.#waiting = null
  }

  #emitHeld(): void {
    this.stop()
    const held = this.#held ?? []
    this.#held = null
    for (const candidate of held) this.#emit(candidate)
  }
}
