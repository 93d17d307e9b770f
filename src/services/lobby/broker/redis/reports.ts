import type { BrokerListener, BrokerSignal, LobbyRecord } from '../broker.ts'
import { NodeInbox } from '../node-inbox.ts'
import type { BrokerLogger } from './options.ts'

/** What a server is told: one thing after the other, nothing after the close, and what it throws harms nobody else. */
export class Reports {
  readonly #inbox: NodeInbox
  readonly #logger: BrokerLogger

  constructor(listener: BrokerListener, logger: BrokerLogger) {
    this.#inbox = new NodeInbox(listener)
    this.#logger = logger
  }

  changed(lobby: LobbyRecord): void {
    this.#put((listener) => {
      listener.changed(lobby)
    })
  }

  closed(lobby: string): void {
    this.#put((listener) => {
      listener.closed(lobby)
    })
  }

  signal(signal: BrokerSignal): void {
    this.#put((listener) => {
      listener.signal(signal)
    })
  }

  available(isAvailable: boolean): void {
    this.#put((listener) => {
      listener.available(isAvailable)
    })
  }

  close(): void {
    this.#inbox.close()
  }

  #put(call: (listener: BrokerListener) => void): void {
    try {
      this.#inbox.put(call)
      this.#inbox.deliver()
    } catch (error) {
      this.#logger.error({ err: error }, 'A listener of the Redis broker threw.')
    }
  }
}
