import type { BrokerSignal } from '../broker.ts'
import type { LobbyView } from './lobby-view.ts'
import type { Reports } from './reports.ts'
import type { WireMessage } from './wire.ts'

/** Messages that wait at most while a server brings back its members. More than that, and it begins anew. */
const HELD = 10_000

/** Servers whose last batch is remembered; those that have said nothing for longest are forgotten first. */
const SENDERS = 1000

/** What comes on this server's channel: changes of lobbies and signals, in the order in which Redis carried them out. */
export class Inbox {
  /** Signals for members of whom nothing is known (any more), and messages that could not be read. */
  dropped = 0

  readonly #node: string
  readonly #view: LobbyView
  readonly #reports: Reports
  readonly #forward: (signal: BrokerSignal) => void
  readonly #batches = new Map<string, number>()
  #held: WireMessage[] | null = []

  /** @param forward - takes a signal for a member that has moved to another server, of which its sender's had not heard yet. */
  constructor(node: string, view: LobbyView, reports: Reports, forward: (signal: BrokerSignal) => void) {
    this.#node = node
    this.#view = view
    this.#reports = reports
    this.#forward = forward
  }

  /** From now on everything waits, because what Redis knows of this server's members is not yet as it should be. */
  hold(): void {
    this.#held ??= []
  }

  /** Takes in what waited, and everything that comes from now on. */
  release(): void {
    const held = this.#held ?? []
    this.#held = null
    for (const message of held) this.#take(message)
  }

  /** @returns false if too much waited: it is thrown away, and everything has to be asked for anew. */
  put(text: string): boolean {
    let message: WireMessage
    try {
      message = JSON.parse(text) as WireMessage
    } catch {
      this.dropped++
      return true
    }
    if (this.#held === null) this.#take(message)
    else if (this.#held.push(message) > HELD) {
      this.#held = []
      return false
    }
    return true
  }

  #take(message: WireMessage): void {
    const { signals, from = '', batch = 0 } = message
    if (signals === undefined) this.#view.hear(message)
    else if (this.#isNew(from, batch)) for (const signal of signals) this.#signal(signal)
  }

  #signal(signal: BrokerSignal): void {
    const node = this.#view.locate(signal.lobby, signal.to)
    if (node === this.#node) this.#reports.signal(signal)
    else if (node !== null) this.#forward(signal)
    else this.dropped++
  }

  #isNew(from: string, batch: number): boolean {
    if (batch <= (this.#batches.get(from) ?? 0)) return false
    this.#batches.delete(from)
    this.#batches.set(from, batch)
    if (this.#batches.size > SENDERS) {
      const [oldest] = this.#batches.keys()
      if (oldest !== undefined) this.#batches.delete(oldest)
    }
    return true
  }
}
