import type { Clock } from '../../../clock.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import { timeoutError } from './lobby-errors.ts'

/** What a client asks of a server, one of each kind at a time. */
export type RequestKind = 'join' | 'seal' | 'metadata' | 'list'

interface Pending {
  resolve(): void
  reject(error: unknown): void
}

/** Requests that wait for what the server says. */
export class PendingReplies {
  readonly #clock: Clock
  readonly #timeout: number
  readonly #pending = new Map<RequestKind, Pending>()

  /** @param timeout - milliseconds. */
  constructor(clock: Clock, timeout: number) {
    this.#clock = clock
    this.#timeout = timeout
  }

  has(kind: RequestKind): boolean {
    return this.#pending.has(kind)
  }

  /**
   * Resolves when {@link settle} is called for this kind.
   * @throws MultiplayerError `ERR_TIMEOUT`, `ERR_ALREADY_IN_USE` if one of this kind is under way, what {@link fail} was given; the signal's reason if it aborts.
   */
  async wait(kind: RequestKind, signal: AbortSignal, ask: () => void): Promise<void> {
    signal.throwIfAborted()
    if (this.#pending.has(kind)) {
      throw new MultiplayerError('ERR_ALREADY_IN_USE', `A request '${kind}' is under way; await it first.`)
    }
    let timer: unknown
    let abort = (): void => undefined
    try {
      await new Promise<void>((resolve, reject) => {
        abort = () => {
          reject(signal.reason as Error)
        }
        signal.addEventListener('abort', abort, { once: true })
        timer = this.#clock.setTimeout(() => {
          reject(timeoutError(this.#timeout))
        }, this.#timeout)
        this.#pending.set(kind, { resolve, reject })
        ask()
      })
    } finally {
      this.#clock.clearTimeout(timer)
      signal.removeEventListener('abort', abort)
      this.#pending.delete(kind)
    }
  }

  /** @returns false if nobody waits for that. */
  settle(kind: RequestKind): boolean {
    const pending = this.#pending.get(kind)
    this.#pending.delete(kind)
    pending?.resolve()
    return pending !== undefined
  }

  /** Fails everything that waits. @returns false if nothing does. */
  fail(error: unknown): boolean {
    const pending = [...this.#pending.values()]
    this.#pending.clear()
    for (const { reject } of pending) reject(error)
    return pending.length > 0
  }
}
