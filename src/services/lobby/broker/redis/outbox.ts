import { Fifo } from '../../../../fifo.ts'
import type { BrokerSignal } from '../broker.ts'
import type { WireSignals } from './wire.ts'

/** How much waits at most, over all servers, before the newest is dropped: what a full server's members send in some seconds. */
const LIMIT = { signals: 10_000, bytes: 16 * 1024 * 1024 }

/** Signals that go in one message, so that others' come in between. */
const BATCH = 64

/** Milliseconds between attempts while a server does not listen: it has lost its connection too, or is gone. */
const RETRY = 100

/** What an {@link Outbox} needs. */
export interface OutboxPort {
  readonly node: string
  /** The server that the receiver is at; null for one that is not there. */
  locate(signal: BrokerSignal): string | null
  /** Resolves with how many listened. */
  publish(node: string, signals: WireSignals): Promise<number>
  /** Milliseconds after which a server that does not listen is given up. */
  readonly patience: number
}

interface Line {
  readonly waiting: Fifo<BrokerSignal>
  /** Sent, and not known to have arrived. */
  batch: WireSignals | null
  isSending: boolean
  failingSince: number | null
}

/**
 * Signals on their way to other servers, a line for each. One batch at a time is under way on each line, so order holds whatever happens; a batch whose
 * fate is not known goes again, and its number tells the receiver if it has it already.
 */
export class Outbox {
  /** Signals that were not sent: too many waited, nobody knew the receiver, or its server did not listen. */
  dropped = 0

  readonly #port: OutboxPort
  readonly #lines = new Map<string, Line>()
  #isOpen = false
  #count = 0
  #bytes = 0
  #batches = 0
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(port: OutboxPort) {
    this.#port = port
  }

  put(signal: BrokerSignal): void {
    const node = this.#port.locate(signal)
    if (node === null || this.#count >= LIMIT.signals || this.#bytes + signal.data.length > LIMIT.bytes) {
      this.dropped++
      return
    }
    let line = this.#lines.get(node)
    if (line === undefined) {
      line = { waiting: new Fifo(), batch: null, isSending: false, failingSince: null }
      this.#lines.set(node, line)
    }
    this.#wait(line, signal)
    this.#send(node, line)
  }

  /** Sends what waits, and from now on. */
  open(): void {
    this.#isOpen = true
    for (const [node, line] of this.#lines) {
      line.failingSince = null
      this.#send(node, line)
    }
  }

  /** Keeps everything until it is opened again. */
  pause(): void {
    this.#isOpen = false
    this.#stopTimer()
  }

  /** Drops everything. */
  close(): void {
    this.pause()
    this.#lines.clear()
  }

  #send(node: string, line: Line): void {
    if (!this.#isOpen || line.isSending || line.failingSince !== null) return
    const moved: BrokerSignal[] = []
    line.batch ??= this.#nextBatch(node, line, moved)
    if (line.batch === null) {
      this.#lines.delete(node)
    } else {
      line.isSending = true
      void this.#deliver(node, line, line.batch)
    }
    this.#putAll(moved)
  }

  async #deliver(node: string, line: Line, batch: WireSignals): Promise<void> {
    const listeners = await this.#port.publish(node, batch).catch(() => 0)
    line.isSending = false
    if (listeners > 0) {
      line.batch = null
      line.failingSince = null
      this.#send(node, line)
    } else if (this.#isOpen) {
      line.failingSince ??= performance.now()
      this.#timer ??= setTimeout(() => {
        this.#retry()
      }, RETRY)
    } else {
      // Paused meanwhile, maybe opened again: then this was not the outcome of a connection that stands.
      line.failingSince = null
    }
  }

  #retry(): void {
    this.#timer = null
    for (const [node, line] of this.#lines) {
      if (line.failingSince === null || line.isSending) continue
      if (performance.now() - line.failingSince > this.#port.patience) this.#giveUp(node, line)
      else {
        const since = line.failingSince
        line.failingSince = null
        const moved = this.#takeMoved(node, line)
        this.#send(node, line)
        // Still the same failure, until something arrives.
        line.failingSince = since
        this.#putAll(moved)
      }
    }
  }

  #giveUp(node: string, line: Line): void {
    this.#lines.delete(node)
    const moved = this.#takeMoved(node, line)
    this.dropped += line.batch?.signals.length ?? 0
    for (let signal = this.#take(line); signal !== undefined; signal = this.#take(line)) this.dropped++
    this.#putAll(moved)
  }

  /** Takes out what is for members who have moved. If the batch arrived after all, the receivers know what they had; and what is left of it keeps its number. */
  #takeMoved(node: string, line: Line): BrokerSignal[] {
    const moved: BrokerSignal[] = []
    const stays = (signal: BrokerSignal): boolean => {
      if (!this.#isElsewhere(signal, node)) return true
      moved.push(signal)
      return false
    }
    const signals = line.batch?.signals.filter(stays) ?? []
    line.batch = line.batch === null || signals.length === 0 ? null : { ...line.batch, signals }
    for (let left = line.waiting.length; left > 0; left--) {
      const signal = this.#take(line)
      if (signal !== undefined && stays(signal)) this.#wait(line, signal)
    }
    return moved
  }

  /** Leaves out what is for members who have moved, and adds it to `moved`. */
  #nextBatch(node: string, line: Line, moved: BrokerSignal[]): WireSignals | null {
    const signals: BrokerSignal[] = []
    while (signals.length < BATCH) {
      const signal = this.#take(line)
      if (signal === undefined) break
      if (this.#isElsewhere(signal, node)) moved.push(signal)
      else signals.push(signal)
    }
    return signals.length === 0 ? null : { signals, from: this.#port.node, batch: ++this.#batches }
  }

  /** Whether the receiver is known to be at another server. If nothing is known, this one may just have lost sight of the lobby; then the line's server has to know. */
  #isElsewhere(signal: BrokerSignal, node: string): boolean {
    return (this.#port.locate(signal) ?? node) !== node
  }

  #putAll(signals: readonly BrokerSignal[]): void {
    for (const signal of signals) this.put(signal)
  }

  #wait(line: Line, signal: BrokerSignal): void {
    line.waiting.push(signal)
    this.#count++
    this.#bytes += signal.data.length
  }

  #take(line: Line): BrokerSignal | undefined {
    const signal = line.waiting.shift()
    if (signal !== undefined) {
      this.#count--
      this.#bytes -= signal.data.length
    }
    return signal
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
