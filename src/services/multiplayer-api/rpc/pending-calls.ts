import type { Clock } from '../../../clock.ts'
import { GODOT_ERRORS, MultiplayerError, type MultiplayerErrorCode } from '../../../multiplayer-error.ts'
import type { Variant } from '../../../protocol/variant/variant.ts'
import type { Answer } from './awaited-call.ts'

interface PendingCall {
  readonly peer: number
  readonly what: string
  finish(outcome: { value: Variant } | { error: MultiplayerError }): void
}

interface CallWait {
  readonly peer: number
  /** The method, for messages. */
  readonly what: string
  readonly timeout: number
  readonly signal: AbortSignal | undefined
}

/** Numbers of calls have 32 bits. */
const NUMBERS = 2 ** 32

/** Calls that wait for the answers of other peers. */
export class PendingCalls {
  readonly #calls = new Map<number, PendingCall>()
  readonly #counts = new Map<number, number>()
  readonly #clock: Clock
  readonly #limit: number
  #last = 0

  constructor(clock: Clock, limit: number) {
    this.#clock = clock
    this.#limit = limit
  }

  get size(): number {
    return this.#calls.size
  }

  /**
   * Sends a call and waits for its answer.
   *
   * @param send - is given the number of the call; what it throws ends the wait.
   */
  async wait({ peer, what, timeout, signal }: CallWait, send: (call: number) => void): Promise<Variant> {
    signal?.throwIfAborted()
    if ((this.#counts.get(peer) ?? 0) >= this.#limit) {
      throw new MultiplayerError(
        'ERR_OUT_OF_MEMORY',
        `${this.#limit} calls wait for the answers of peer ${peer}; await some of them first, or raise limits.pendingCalls.`,
        { value: peer },
      )
    }
    const number = this.#nextNumber()
    let timer: unknown
    let stop = (): void => undefined
    try {
      return await new Promise<Variant>((resolve, reject) => {
        const pending: PendingCall = {
          peer,
          what,
          finish(outcome) {
            if ('error' in outcome) reject(outcome.error)
            else resolve(outcome.value)
          },
        }
        this.#calls.set(number, pending)
        this.#counts.set(peer, (this.#counts.get(peer) ?? 0) + 1)
        stop = () => {
          reject(signal?.reason as Error)
        }
        signal?.addEventListener('abort', stop)
        timer = this.#clock.setTimeout(() => {
          reject(timeoutError(peer, what, timeout))
        }, timeout)
        send(number)
      })
    } finally {
      this.#clock.clearTimeout(timer)
      signal?.removeEventListener('abort', stop)
      this.#forget(number, peer)
    }
  }

  /** @returns false for an answer that nobody waits for, or not from this peer. */
  answer(peer: number, answer: Answer): boolean {
    const pending = this.#calls.get(answer.call)
    if (pending?.peer !== peer) return false
    if (answer.isError) pending.finish({ error: remoteError(peer, pending.what, answer.code, answer.message) })
    else pending.finish({ value: answer.value })
    return true
  }

  /** The peer is gone, and so are its answers. */
  peerGone(peer: number): void {
    for (const pending of this.#calls.values()) if (pending.peer === peer) giveUp(pending, 'it was lost')
  }

  /** Everyone is gone. */
  clear(): void {
    for (const pending of this.#calls.values()) giveUp(pending, 'the session was over')
  }

  #nextNumber(): number {
    do this.#last = (this.#last + 1) % NUMBERS
    while (this.#calls.has(this.#last))
    return this.#last
  }

  #forget(number: number, peer: number): void {
    if (!this.#calls.delete(number)) return
    const count = (this.#counts.get(peer) ?? 1) - 1
    if (count === 0) this.#counts.delete(peer)
    else this.#counts.set(peer, count)
  }
}

function giveUp({ peer, what, finish }: PendingCall, why: string): void {
  const message = `Peer ${peer} has not answered ${what} before ${why}.`
  finish({ error: new MultiplayerError('ERR_CONNECTION_ERROR', message, { value: peer }) })
}

function timeoutError(peer: number, what: string, timeout: number): MultiplayerError {
  return new MultiplayerError(
    'ERR_TIMEOUT',
    `Peer ${peer} has not answered ${what} within ${timeout} ms. Peers that run Godot never do: have them call a method of yours instead.`,
    { value: peer },
  )
}

function remoteError(peer: number, what: string, code: string, message: string): MultiplayerError {
  const known = Object.hasOwn(GODOT_ERRORS, code) ? (code as MultiplayerErrorCode) : 'FAILED'
  return new MultiplayerError(known, `Peer ${peer} could not answer ${what}: ${message}`, { value: peer })
}
