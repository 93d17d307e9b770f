import type { LobbyMessageType } from '../../../protocol/lobby/message.ts'
import type { LobbyClientCounters } from './client-counters.ts'
import type { LobbyConnection } from './lobby-connection.ts'

/** Signals that wait for a socket: a mesh of 30 that all dial at once makes about as many. */
const MAX_WAITING = 512

interface Signal {
  readonly type: LobbyMessageType
  readonly to: number
  readonly data: string
}

/** Signals on their way out; while the socket is being made anew they wait. */
export class Outbox {
  readonly #counters: LobbyClientCounters
  #connection: LobbyConnection | null = null
  /** Null: there will be no socket any more. */
  #waiting: Signal[] | null = []

  constructor(counters: LobbyClientCounters) {
    this.#counters = counters
  }

  /** There is a socket by which members can be reached: sends what waited. */
  open(connection: LobbyConnection): void {
    this.#connection = connection
    const waiting = this.#waiting ?? []
    this.#waiting = []
    for (const signal of waiting) this.#sendBy(connection, signal)
  }

  /** The socket is gone; signals wait for the next one. */
  hold(): void {
    this.#connection = null
    this.#waiting ??= []
  }

  /** What waited is for an id that this side does not have any more. */
  clear(): void {
    this.#counters.unsentSignals += this.#waiting?.length ?? 0
    this.#waiting = []
  }

  /** No socket follows. */
  end(): void {
    this.#connection = null
    this.clear()
    this.#waiting = null
  }

  send(type: LobbyMessageType, to: number, data: string): void {
    const signal = { type, to, data }
    if (this.#connection !== null) {
      this.#sendBy(this.#connection, signal)
    } else if (this.#waiting === null) {
      this.#counters.unsentSignals++
    } else {
      this.#waiting.push(signal)
      if (this.#waiting.length <= MAX_WAITING) return
      this.#waiting.shift()
      this.#counters.unsentSignals++
    }
  }

  #sendBy(connection: LobbyConnection, { type, to, data }: Signal): void {
    // Descriptions and candidates are ASCII but for a few characters of a session's name, so this is close enough to bytes.
    const limit = connection.welcome?.maxMessageSize ?? Infinity
    if (data.length > limit) this.#counters.unsentSignals++
    else connection.send(type, to, data)
  }
}
