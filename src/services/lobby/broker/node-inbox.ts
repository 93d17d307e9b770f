import { Fifo } from '../../../fifo.ts'
import type { BrokerListener } from './broker.ts'

/**
 * What a listener of a broker in this process is still to hear. Put it in for all listeners first, then deliver to each: what one of them does about it must not reach another before
 * the thing itself.
 */
export class NodeInbox {
  readonly #listener: BrokerListener
  readonly #waiting = new Fifo<(listener: BrokerListener) => void>()
  #isBusy = false
  #isClosed = false

  constructor(listener: BrokerListener) {
    this.#listener = listener
  }

  put(call: (listener: BrokerListener) => void): void {
    if (!this.#isClosed) this.#waiting.push(call)
  }

  /** Calls the listener, unless it is being called already: then when that call has returned. */
  deliver(): void {
    if (this.#isBusy) return
    this.#isBusy = true
    try {
      for (let next = this.#waiting.shift(); next !== undefined; next = this.#waiting.shift()) next(this.#listener)
    } finally {
      this.#isBusy = false
    }
  }

  /** What waits is not heard any more. */
  close(): void {
    this.#isClosed = true
    while (this.#waiting.shift() !== undefined);
  }
}
