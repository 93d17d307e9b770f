import type { Clock } from '../../../clock.ts'
import type { AssociationMessage } from './association-message.ts'
import { Inbound } from './inbound.ts'
import { Outbound } from './outbound.ts'
import { type Chunk, CHUNK_HEADER, PACKET_OVERHEAD, SACK_BYTES } from './packets.ts'

/** What an association needs of the link that it runs over. */
export interface AssociationPort {
  readonly clock: Clock
  /** Sends one packet to the association of the other side. */
  transmit(bytes: number, arrive: (remote: Association) => void): void
  /** A message has arrived, complete and in its turn. */
  deliver(message: AssociationMessage): void
  /** The other side has not acknowledged anything for too long. */
  fail(): void
}

/** One end of what carries the messages of all channels of a connection: SCTP (RFC 9260, RFC 3758), as far as an application can tell. */
export class Association {
  readonly #port: AssociationPort
  readonly #outbound: Outbound
  readonly #inbound: Inbound
  #sackTimer: unknown = null
  #isStopped = false

  /** @param sendBuffer Bytes that it takes before messages have to wait. */
  constructor(port: AssociationPort, sendBuffer: number) {
    this.#port = port
    this.#inbound = new Inbound((message) => {
      // What one message leads to may close the connection before the next one.
      if (!this.#isStopped) port.deliver(message)
    })
    this.#outbound = new Outbound(
      {
        clock: port.clock,
        sendChunks: (chunks) => {
          this.#transmit(chunks)
        },
        sendForward: (forward) => {
          port.transmit(SACK_BYTES, (remote) => {
            remote.#receive(() => {
              remote.#inbound.forward(forward)
            })
          })
        },
        fail: () => {
          port.fail()
        },
      },
      sendBuffer,
    )
  }

  /** Smoothed, milliseconds; null while nothing was measured. */
  get roundTripTime(): number | null {
    return this.#outbound.roundTripTime
  }

  /** Returns false if the message waits for room in the send buffer. */
  enqueue(message: AssociationMessage): boolean {
    return !this.#isStopped && this.#outbound.enqueue(message)
  }

  stop(): void {
    this.#isStopped = true
    this.#outbound.stop()
    this.#port.clock.clearTimeout(this.#sackTimer)
  }

  #transmit(chunks: readonly Chunk[]): void {
    const bytes = chunks.reduce((sum, chunk) => sum + chunk.payload + CHUNK_HEADER, PACKET_OVERHEAD)
    this.#port.transmit(bytes, (remote) => {
      remote.#receive(() => {
        for (const chunk of chunks) remote.#inbound.receive(chunk)
      })
    })
  }

  /** Packets that arrive at the same moment are acknowledged together. */
  #receive(take: () => void): void {
    this.#sackTimer ??= this.#port.clock.setTimeout(() => {
      this.#sackTimer = null
      this.#acknowledge()
    }, 0)
    take()
  }

  #acknowledge(): void {
    const { acknowledgement } = this.#inbound
    this.#port.transmit(SACK_BYTES, (remote) => {
      remote.#outbound.acknowledged(acknowledgement)
    })
  }
}
