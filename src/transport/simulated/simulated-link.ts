import type { Clock } from '../../clock.ts'
import { ConnectionState } from '../states.ts'
import { Association } from './sctp/association.ts'
import type { AssociationMessage } from './sctp/association-message.ts'
import { Handshake } from './handshake.ts'
import type { NetworkPath } from './network-path.ts'

/** Milliseconds without consent after which a connection is dead (RFC 7675); seen as 29.5 to 30 s in real ones. */
const CONSENT_TIMEOUT = 30_000
/** Bytes of the packet that tells of an orderly close. */
const CLOSE_BYTES = 100

/** Where a link's events go. */
export interface LinkEvents {
  /** ICE has found the path; DTLS and SCTP follow. */
  checked(): void
  established(): void
  message(message: AssociationMessage): void
  /** It is over: DISCONNECTED if the other side closed or does not acknowledge, FAILED if it is not even there. */
  ended(state: ConnectionState.DISCONNECTED | ConnectionState.FAILED): void
}

/** What a link is made of. */
export interface LinkParts {
  readonly clock: Clock
  readonly outgoing: NetworkPath
  readonly incoming: NetworkPath
  /** Bytes that the association's send buffer holds. */
  readonly sendBuffer: number
  readonly events: LinkEvents
}

/**
 * One end of what lies under a connection once both sides know each other: the handshake, the association, and the watch over whether the other
 * side is still there.
 */
export class SimulatedLink {
  readonly association: Association
  readonly #parts: LinkParts
  readonly #handshake: Handshake
  #remote: SimulatedLink | null = null
  #consentTimer: unknown = null
  #ended = false

  constructor(parts: LinkParts) {
    this.#parts = parts
    const { clock } = parts
    this.#handshake = new Handshake({
      clock,
      transmit: (bytes, arrive) => {
        this.#transmit(bytes, (remote) => {
          arrive(remote.#handshake)
        })
      },
      checked: () => {
        parts.events.checked()
      },
      complete: () => {
        this.pathChanged()
        parts.events.established()
      },
    })
    this.association = new Association(
      {
        clock,
        transmit: (bytes, arrive) => {
          this.#transmit(bytes, (remote) => {
            // Data from the other side proves that it has completed the handshake, even if its last packet was lost or overtaken.
            remote.#handshake.complete()
            arrive(remote.association)
          })
        },
        deliver: (message) => {
          parts.events.message(message)
        },
        fail: () => {
          this.#end(ConnectionState.DISCONNECTED)
        },
      },
      parts.sendBuffer,
    )
  }

  /** Connects two ends; the first one begins. */
  static join(a: SimulatedLink, b: SimulatedLink): void {
    a.#remote = b
    b.#remote = a
    a.#handshake.begin()
  }

  /** Something has changed: consent runs out while nothing passes in either direction, or nobody is there to give it. */
  pathChanged(): void {
    const { clock, outgoing, incoming } = this.#parts
    const isSilent = outgoing.isOutage || incoming.isOutage || (this.#remote !== null && this.#remote.#ended)
    if (this.#ended || !this.#handshake.isComplete || !isSilent) {
      clock.clearTimeout(this.#consentTimer)
      this.#consentTimer = null
    } else {
      this.#consentTimer ??= clock.setTimeout(() => {
        this.#end(ConnectionState.FAILED)
      }, CONSENT_TIMEOUT)
    }
  }

  /** Closes this end and tells the other one; no event follows. */
  close(): void {
    if (this.#ended) return
    this.#stop()
    this.#transmit(CLOSE_BYTES, (remote) => {
      remote.#end(ConnectionState.DISCONNECTED)
    })
  }

  /** The process of this end is dead: it does nothing and says nothing any more. */
  die(): void {
    if (!this.#ended) this.#stop()
  }

  #end(state: ConnectionState.DISCONNECTED | ConnectionState.FAILED): void {
    if (this.#ended) return
    this.close()
    this.#parts.events.ended(state)
  }

  #stop(): void {
    this.#ended = true
    this.#handshake.stop()
    this.association.stop()
    this.pathChanged()
    this.#remote?.pathChanged()
  }

  #transmit(bytes: number, arrive: (remote: SimulatedLink) => void): void {
    this.#parts.outgoing.carry(bytes, () => {
      const remote = this.#remote
      if (remote !== null && !remote.#ended) arrive(remote)
    })
  }
}
