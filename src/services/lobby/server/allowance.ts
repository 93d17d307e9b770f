import type { Clock } from '../../../clock.ts'
import type { LobbyLimits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

/** What costs much more than its bytes: LIST is answered by every lobby there is, METADATA goes to every member. Each ten at once, then one in a second. */
export type CostlyRequest = 'LIST' | 'METADATA'

const COSTLY_BURST = 10
const COSTLY_RATE = 1

/** How much one socket may still send. */
export class Allowance {
  readonly #clock: Clock
  readonly #messages: TokenBucket
  readonly #bytes: TokenBucket
  readonly #costly = new Map<CostlyRequest, TokenBucket>()

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

  /** Takes one of those that cost more. @returns as {@link take}. */
  takeCostly(request: CostlyRequest): number | null {
    const now = this.#clock.now()
    const bucket = this.#costly.get(request) ?? new TokenBucket(COSTLY_BURST, COSTLY_RATE, now)
    this.#costly.set(request, bucket)
    return bucket.take(1, now) ? null : bucket.wait(1, now)
  }
}
