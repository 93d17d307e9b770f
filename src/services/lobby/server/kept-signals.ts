import type { BrokerSignal } from '../broker/broker.ts'
import { Fifo } from '../../../fifo.ts'

/** Bytes that a kept signal costs besides its data, so that empty ones do not fill memory either. */
const OVERHEAD = 128

/** Signals for a member without a socket, bounded in number and bytes; the oldest go first. */
export class KeptSignals {
  readonly #maxCount: number
  readonly #maxBytes: number
  readonly #signals = new Fifo<BrokerSignal>()
  #bytes = 0

  constructor(maxCount: number, maxBytes: number) {
    this.#maxCount = maxCount
    this.#maxBytes = maxBytes
  }

  get length(): number {
    return this.#signals.length
  }

  /** @returns how many were dropped. */
  push(signal: BrokerSignal): number {
    this.#signals.push(signal)
    this.#bytes += cost(signal)
    let dropped = 0
    for (; this.length > this.#maxCount || this.#bytes > this.#maxBytes; dropped++) this.#shift()
    return dropped
  }

  /** Takes all, in the order in which they came. */
  take(): BrokerSignal[] {
    const taken: BrokerSignal[] = []
    for (let next = this.#shift(); next !== undefined; next = this.#shift()) taken.push(next)
    return taken
  }

  #shift(): BrokerSignal | undefined {
    const signal = this.#signals.shift()
    if (signal !== undefined) this.#bytes -= cost(signal)
    return signal
  }
}

/** In memory a character takes at most two bytes. */
function cost({ data }: BrokerSignal): number {
  return OVERHEAD + 2 * data.length
}
