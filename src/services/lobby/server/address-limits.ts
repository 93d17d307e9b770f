import type { LobbyErrorCode } from '../../../protocol/lobby/extension.ts'
import type { Clock } from '../../../clock.ts'
import type { LobbyLimits } from './limits.ts'
import { TokenBucket } from './token-bucket.ts'

interface AddressUse {
  open: number
  readonly arrivals: TokenBucket
}

/** Why an address may open no further socket for now. */
export interface AddressRefusal {
  readonly code: LobbyErrorCode
  readonly message: string
  readonly reason: string
  readonly retryAfter: number
}

/** Old entries that are looked at with each new socket; two of them outrun the new ones, so the list does not grow without end. */
const SWEEP = 2

/** Milliseconds after which another socket of the same address may have closed. */
const RETRY_AFTER = 5000

/** How many sockets each address has, and how fast it opens new ones. */
export class AddressLimits {
  readonly #limits: Readonly<LobbyLimits>
  readonly #clock: Clock
  /** The least recently used first. */
  readonly #uses = new Map<string, AddressUse>()

  constructor(limits: Readonly<LobbyLimits>, clock: Clock) {
    this.#limits = limits
    this.#clock = clock
  }

  /** Addresses that are remembered. */
  get size(): number {
    return this.#uses.size
  }

  /** Why that address may open no socket now; null if it may. */
  refusal(address: string): AddressRefusal | null {
    const use = this.#uses.get(address)
    if (use === undefined) return null
    const { socketsPerAddress, newSocketsPerMinute } = this.#limits
    if (use.open >= socketsPerAddress) {
      const message = `There are ${socketsPerAddress} sockets from this address already.`
      return { code: 'too-many-sockets', message, reason: 'Too many peers connected', retryAfter: RETRY_AFTER }
    }
    const now = this.#clock.now()
    if (use.arrivals.has(1, now)) return null
    const message = `At most ${newSocketsPerMinute} sockets a minute may be opened from one address.`
    return { code: 'rate-limited', message, reason: 'Too many connections', retryAfter: use.arrivals.wait(1, now) }
  }

  /** Counts a socket. @returns what is to be called when it has closed; calling it again does nothing. */
  opened(address: string): () => void {
    const now = this.#clock.now()
    this.#sweep(now)
    const { newSocketsPerMinute: perMinute } = this.#limits
    const use = this.#uses.get(address) ?? { open: 0, arrivals: new TokenBucket(perMinute, perMinute / 60, now) }
    use.open++
    use.arrivals.take(1, now)
    this.#uses.delete(address)
    this.#uses.set(address, use)
    let isOpen = true
    return () => {
      if (isOpen) use.open--
      isOpen = false
    }
  }

  #sweep(now: number): void {
    let looked = 0
    for (const [address, use] of this.#uses) {
      if (looked++ === SWEEP) return
      this.#uses.delete(address)
      // What is in use goes to the end, so that the next sweep looks at others.
      if (use.open > 0 || !use.arrivals.isFull(now)) this.#uses.set(address, use)
    }
  }
}
