import type { Clock } from '../../../clock.ts'
import type { AssociationMessage } from './association-message.ts'
import { CongestionWindow } from './congestion-window.ts'
import {
  type Acknowledgement,
  type Chunk,
  CHUNK_HEADER,
  type Forward,
  MAX_PACKET,
  type OutgoingMessage,
} from './packets.ts'
import { RetransmissionTimeout } from './retransmission-timeout.ts'
import { SendQueue } from './send-queue.ts'

/** What the sending half needs of its association. */
export interface OutboundPort {
  readonly clock: Clock
  sendChunks(chunks: readonly Chunk[]): void
  sendForward(forward: Forward): void
  fail(): void
}

/** A chunk that was sent and that the other side has not acknowledged together with all before it. */
interface SentChunk extends Chunk {
  state: 'under way' | 'lost' | 'settled'
  transmissions: number
  sentAt: number
  /** Acknowledgements that reported later chunks, but not this one. */
  overtaken: number
}

/** RFC 9260, 7.2.4: a chunk that was overtaken this often is lost. */
const OVERTAKEN_LIMIT = 3
/**
 * Timeouts in a row that an association survives. With timeouts of 0.2, 0.4, ... 6.4 s it is dead 12.6 s after the first packet that
 * got no answer, and the last retransmission, which an outage must not outlast, is made after 6.2 s: what real connections show.
 */
const MAX_TIMEOUTS = 5

/** The sending half of an association: congestion window, retransmission, and giving up what need not arrive. */
export class Outbound {
  readonly #port: OutboundPort
  readonly #queue: SendQueue
  readonly #window = new CongestionWindow()
  readonly #timeout = new RetransmissionTimeout()
  /** In the order of their TSN, without a gap; the first is the oldest that is not acknowledged. */
  readonly #sent: SentChunk[] = []
  readonly #lost: SentChunk[] = []
  #nextTsn = 0
  #underWay = 0
  /** Losses up to this TSN belong to the one for which the window was made smaller already. */
  #recoveryPoint = -1
  /** Until what was under way at that loss is acknowledged, the window does not grow. */
  #isRecovering = false
  #timeouts = 0
  #timer: unknown = null
  #flushTimer: unknown = null

  constructor(port: OutboundPort, sendBuffer: number) {
    this.#port = port
    this.#queue = new SendQueue(sendBuffer)
  }

  get roundTripTime(): number | null {
    return this.#timeout.roundTripTime
  }

  /** Sends on a later turn, so that small messages of one turn share packets. Returns false if the message waits for room in the send buffer. */
  enqueue(message: AssociationMessage): boolean {
    this.#flushTimer ??= this.#port.clock.setTimeout(() => {
      this.#flushTimer = null
      this.#flush()
    }, 0)
    return this.#queue.add(message)
  }

  stop(): void {
    this.#port.clock.clearTimeout(this.#timer)
    this.#port.clock.clearTimeout(this.#flushTimer)
  }

  acknowledged({ cumulative, beyond }: Acknowledgement): void {
    const first = this.#sent[0]
    if (first === undefined || cumulative < first.tsn - 1) return
    const settled = [...this.#sent.slice(0, cumulative - first.tsn + 1), ...this.#chunksAt(beyond)].filter((chunk) =>
      this.#settle(chunk),
    )
    const hasAdvanced = cumulative >= first.tsn
    if (hasAdvanced) {
      this.#sent.splice(0, cumulative - first.tsn + 1)
      this.#timeouts = 0
    }
    if (cumulative >= this.#recoveryPoint) this.#isRecovering = false
    if (settled.length > 0) this.#noteProgress(settled)
    if (beyond.length > 0) this.#noteOvertaken(settled)
    if (hasAdvanced) this.#restartTimer()
    this.#flush()
    this.#sendForward()
  }

  /** Returns whether this was news. */
  #settle(chunk: SentChunk): boolean {
    if (chunk.state === 'settled') return false
    if (chunk.state === 'under way') this.#underWay -= sizeOf(chunk)
    chunk.state = 'settled'
    this.#queue.release(chunk.outgoing, chunk.payload)
    return true
  }

  #noteProgress(settled: readonly SentChunk[]): void {
    this.#timeouts = 0
    if (!this.#isRecovering) this.#window.acknowledged(settled.reduce((sum, chunk) => sum + sizeOf(chunk), 0))
    // Karn's rule: the answer to a chunk that was sent twice does not say which of them it answers.
    const measured = settled.findLast((chunk) => chunk.transmissions === 1)
    if (measured !== undefined) this.#timeout.measured(this.#port.clock.now() - measured.sentAt)
  }

  #noteOvertaken(settled: readonly SentChunk[]): void {
    const highest = settled.reduce((max, chunk) => Math.max(max, chunk.tsn), -1)
    for (const chunk of this.#sent) {
      if (chunk.tsn >= highest) break
      if (chunk.state !== 'under way' || ++chunk.overtaken < OVERTAKEN_LIMIT) continue
      if (chunk.tsn > this.#recoveryPoint) {
        this.#recoveryPoint = this.#nextTsn - 1
        this.#isRecovering = true
        this.#window.lost()
      }
      this.#markLost(chunk)
    }
  }

  #markLost(chunk: SentChunk): void {
    this.#underWay -= sizeOf(chunk)
    chunk.state = 'lost'
    chunk.overtaken = 0
    if (chunk.transmissions > chunk.outgoing.message.maxRetransmits) this.#abandon(chunk.outgoing)
    else this.#lost.push(chunk)
  }

  /** RFC 3758: the other side is told not to wait for any part of it. */
  #abandon(outgoing: OutgoingMessage): void {
    outgoing.isAbandoned = true
    for (const chunk of this.#sent) {
      if (chunk.outgoing === outgoing) this.#settle(chunk)
    }
  }

  #sendForward(): void {
    const abandoned = new Set<OutgoingMessage>()
    let cumulative: number | null = null
    for (const { tsn, state, outgoing } of this.#sent) {
      if (state !== 'settled') break
      cumulative = tsn
      if (outgoing.isAbandoned) abandoned.add(outgoing)
    }
    if (cumulative !== null && abandoned.size > 0) this.#port.sendForward({ cumulative, abandoned: [...abandoned] })
  }

  #flush(): void {
    for (let chunks = this.#nextPacket(); chunks.length > 0; chunks = this.#nextPacket()) this.#port.sendChunks(chunks)
    if (this.#timer === null) this.#restartTimer()
  }

  #nextPacket(): SentChunk[] {
    const chunks: SentChunk[] = []
    let room = MAX_PACKET
    while (this.#underWay < this.#window.bytes) {
      const chunk = this.#nextLost(room) ?? this.#nextNew(room)
      if (chunk === undefined) break
      chunk.state = 'under way'
      chunk.transmissions++
      chunk.sentAt = this.#port.clock.now()
      this.#underWay += sizeOf(chunk)
      room -= sizeOf(chunk)
      chunks.push(chunk)
    }
    return chunks
  }

  #nextLost(room: number): SentChunk | undefined {
    for (let first = this.#lost[0]; first !== undefined; first = this.#lost[0]) {
      if (first.state === 'lost' && this.#port.clock.now() > first.outgoing.message.expires)
        this.#abandon(first.outgoing)
      if (first.state === 'lost' && sizeOf(first) > room) return undefined
      this.#lost.shift()
      if (first.state === 'lost') return first
    }
    return undefined
  }

  #nextNew(room: number): SentChunk | undefined {
    const outgoing = this.#queue.next(this.#port.clock.now())
    if (outgoing === undefined || this.#queue.sizeOfNext(outgoing) + CHUNK_HEADER > room) return undefined
    const payload = this.#queue.cut(outgoing)
    const chunk: SentChunk = {
      tsn: this.#nextTsn++,
      outgoing,
      payload,
      state: 'under way',
      transmissions: 0,
      sentAt: 0,
      overtaken: 0,
    }
    this.#sent.push(chunk)
    return chunk
  }

  #chunksAt(tsns: readonly number[]): SentChunk[] {
    const first = this.#sent[0]?.tsn ?? 0
    return tsns.map((tsn) => this.#sent[tsn - first]).filter((chunk) => chunk !== undefined)
  }

  #restartTimer(): void {
    this.#port.clock.clearTimeout(this.#timer)
    this.#timer =
      this.#sent.length === 0
        ? null
        : this.#port.clock.setTimeout(() => {
            this.#expired()
          }, this.#timeout.milliseconds)
  }

  #expired(): void {
    if (++this.#timeouts > MAX_TIMEOUTS) {
      this.#port.fail()
      return
    }
    this.#timeout.expired()
    this.#window.expired()
    this.#isRecovering = false
    this.#recoveryPoint = this.#nextTsn - 1
    for (const chunk of this.#sent) {
      if (chunk.state === 'under way') this.#markLost(chunk)
    }
    this.#restartTimer()
    this.#flush()
    this.#sendForward()
  }
}

function sizeOf(chunk: Chunk): number {
  return chunk.payload + CHUNK_HEADER
}
