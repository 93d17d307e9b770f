import type { Clock } from '../../../clock.ts'
import type { LobbyLimits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/** LIST asks the broker about every lobby: ten at once, then one in a second. */
const LIST_BURST = 10
const LIST_RATE = 1

/** How much one socket may still send. */
export class Allowance {
  readonly #clock: Clock
  readonly #messages: TokenBucket
  readonly #bytes: TokenBucket
  #lists: TokenBucket | null = null

  constructor(limits: Readonly<LobbyLimits>, clock: Clock) {
    const now = clock.now()
    this.#clock = clock
    this.#messages = new TokenBucket(limits.messageBurst, limits.messageRate, now)
    this.#bytes = new TokenBucket(limits.byteBurst, limits.byteRate, now)
  }

  /** Takes a message of that many bytes. @returns milliseconds until it would be allowed, null if it is. */
  take(bytes: number, now: number): number | null {
    if (!this.#messages.take(1, now)) return this.#messages.wait(1, now)
    return this.#bytes.take(bytes, now) ? null : this.#bytes.wait(bytes, now)
  }

  /** Takes a LIST. @returns as {@link take}. */
  takeList(): number | null {
    const now = this.#clock.now()
    this.#lists ??= new TokenBucket(LIST_BURST, LIST_RATE, now)
    return this.#lists.take(1, now) ? null : this.#lists.wait(1, now)
  }
}
