import type { AuthenticationFailureReason } from '../../machines/authentication-types.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import { Fifo } from '../../fifo.ts'

/** Godot's `auth_callback`: what a peer that authenticates has sent. */
export type AuthCallback = (peer: number, data: Uint8Array) => void

/** Authenticates one peer: accepts it by returning, refuses it by throwing or by resolving with false. */
export type Authenticate = (peer: number, channel: AuthenticationChannel) => unknown

/** What passes between two peers that authenticate each other; nothing else does before both have accepted. */
export interface AuthenticationChannel {
  /** The other side's id, as it claims: a mesh or lobby has given it, nothing has proved it yet. */
  readonly peer: number
  /** Aborts when the authentication has failed: the connection lost, the time over. */
  readonly signal: AbortSignal
  /**
   * Sends to the other side, reliably and in order.
   *
   * @throws MultiplayerError `ERR_INVALID_PARAMETER` for no bytes or an authentication that is over; `ERR_FILE_CANT_WRITE` once either side has accepted; what the peer's `send`
   * throws.
   */
  send(data: Uint8Array): void
  /**
   * The next message of the other side.
   *
   * @throws MultiplayerError `ERR_UNAVAILABLE` if the other side has accepted and sends nothing more; `ERR_TIMEOUT` or `ERR_CONNECTION_ERROR` if the authentication has failed.
   */
  receive(): Promise<Uint8Array>
  /** Every message until the other side has accepted; throws as {@link receive} if the authentication fails. */
  readonly messages: AsyncIterable<Uint8Array>
}

interface Waiter {
  resolve(data: Uint8Array): void
  reject(error: MultiplayerError): void
}

/** Bytes that a waiting message costs besides its own, so that tiny ones do not fill memory either. */
const OVERHEAD = 64

const FAILURES: Readonly<Record<AuthenticationFailureReason, ['ERR_TIMEOUT' | 'ERR_CONNECTION_ERROR', string]>> = {
  timeout: ['ERR_TIMEOUT', 'was not complete on both sides in time'],
  refused: ['ERR_CONNECTION_ERROR', 'was refused here'],
  'connection-lost': ['ERR_CONNECTION_ERROR', 'has lost its connection'],
  overflow: ['ERR_CONNECTION_ERROR', 'brought more messages than may wait for receive()'],
  'too-many': ['ERR_CONNECTION_ERROR', 'was one too many at the same time'],
}

/** The error that stands for a failed authentication. */
export function authenticationError(
  peer: number,
  reason: AuthenticationFailureReason,
  cause?: unknown,
): MultiplayerError {
  const [code, what] = FAILURES[reason]
  const details = cause === undefined ? { value: peer } : { value: peer, cause }
  return new MultiplayerError(code, `The authentication of peer ${peer} ${what}.`, details)
}

/** The channel that `authenticate` is given. What arrives waits here, bounded, until it is asked for. */
export class AuthenticationInbox implements AuthenticationChannel {
  readonly peer: number
  readonly #limit: number
  readonly #send: (data: Uint8Array) => void
  readonly #abort = new AbortController()
  readonly #waiting = new Fifo<Uint8Array>()
  readonly #waiters = new Fifo<Waiter>()
  #bytes = 0
  #end: MultiplayerError | undefined
  /** The other side has accepted; otherwise the end is a failure. */
  #isFinished = false

  constructor(peer: number, limit: number, send: (data: Uint8Array) => void) {
    this.peer = peer
    this.#limit = limit
    this.#send = send
  }

  get signal(): AbortSignal {
    return this.#abort.signal
  }

  send(data: Uint8Array): void {
    this.#send(data)
  }

  receive(): Promise<Uint8Array> {
    const message = new Promise<Uint8Array>((resolve, reject) => {
      const data = this.#waiting.shift()
      if (data !== undefined) {
        this.#bytes -= data.byteLength + OVERHEAD
        resolve(data)
      } else if (this.#end !== undefined) {
        reject(this.#end)
      } else {
        this.#waiters.push({ resolve, reject })
      }
    })
    // Whoever races it against something else and drops it must not end the process when the authentication fails later.
    message.catch(() => undefined)
    return message
  }

  get messages(): AsyncIterable<Uint8Array> {
    return { [Symbol.asyncIterator]: () => this.#iterate() }
  }

  /** @returns false if it has no room; the authentication cannot go on then. */
  push(data: Uint8Array): boolean {
    if (this.#end !== undefined) return true
    const waiter = this.#waiters.shift()
    if (waiter !== undefined) {
      waiter.resolve(data)
      return true
    }
    const size = data.byteLength + OVERHEAD
    if (this.#bytes + size > this.#limit) return false
    this.#bytes += size
    this.#waiting.push(data)
    return true
  }

  /** The other side has accepted: nothing more comes. */
  finish(): void {
    this.#isFinished = true
    this.#close(
      new MultiplayerError(
        'ERR_UNAVAILABLE',
        `Peer ${this.peer} has completed its side of the authentication and sends nothing more.`,
        { value: this.peer },
      ),
    )
  }

  fail(error: MultiplayerError): void {
    this.#close(error)
    this.#abort.abort(error)
  }

  #close(error: MultiplayerError): void {
    this.#end ??= error
    for (let waiter = this.#waiters.shift(); waiter !== undefined; waiter = this.#waiters.shift()) waiter.reject(error)
  }

  async *#iterate(): AsyncGenerator<Uint8Array, undefined> {
    for (;;) {
      let message: Uint8Array
      try {
        message = await this.receive()
      } catch (error) {
        if (error === this.#end && this.#isFinished) return undefined
        throw error
      }
      yield message
    }
  }
}
