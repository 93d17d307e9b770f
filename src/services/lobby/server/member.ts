import type { LobbyMessage } from '../../../protocol/lobby/message.ts'
import type { BrokerSignal } from '../broker/broker.ts'
import type { Connection } from './connection.ts'
import type { CoreContext } from './core-context.ts'
import { KeptSignals } from './kept-signals.ts'
import { SignalFilter } from './signal-filter.ts'

/** Who a member is. */
export interface MemberIdentity {
  readonly lobby: string
  readonly id: number
  readonly session: string
  readonly isExtended: boolean
  /** Hash of the secret in its token; '' for one without a token. */
  readonly tokenHash: string
  /** Revision of the lobby with which it came to this server. */
  readonly revision: number
  /** Whether it was at another server before. */
  readonly isHandedOver: boolean
}

/** A member of a lobby whose socket is, or was and may be again, at this server. */
export class Member {
  readonly lobby: string
  readonly id: number
  readonly isExtended: boolean
  readonly tokenHash: string
  readonly filter: SignalFilter
  /** See {@link BrokerSignal.stay}. */
  readonly stay: number
  /** Changes when the other servers were told that this one was gone. */
  session: string
  readonly #context: CoreContext
  #kept: KeptSignals | null = null
  #connection: Connection | null = null
  #graceTimer: unknown = null
  #sequence = 0

  constructor(identity: MemberIdentity, context: CoreContext) {
    this.lobby = identity.lobby
    this.id = identity.id
    this.isExtended = identity.isExtended
    this.tokenHash = identity.tokenHash
    this.session = identity.session
    this.filter = new SignalFilter(identity.isHandedOver ? context.clock.now() : null)
    this.#context = context
    // The session may have sent signals from another server: revisions only grow, so this stay is above all of those.
    this.stay = identity.revision
  }

  /** Its socket; null while it has none. */
  get connection(): Connection | null {
    return this.#connection
  }

  get keptSignals(): number {
    return this.#kept?.length ?? 0
  }

  nextSequence(): number {
    return ++this.#sequence
  }

  /** For what it is told only while it has a socket: it hears how things stand when it comes back. */
  tell(message: LobbyMessage): void {
    this.#connection?.send(message)
  }

  /** A signal for it: sent, or kept until it comes back. */
  receive(signal: BrokerSignal): void {
    if (this.#connection !== null) {
      this.#connection.send({ type: signal.type, id: signal.from, data: signal.data })
      return
    }
    const { limits, tally } = this.#context
    this.#kept ??= new KeptSignals(limits.keptSignals, limits.keptSignalBytes)
    for (let dropped = this.#kept.push(signal); dropped > 0; dropped--) tally.dropped('kept-overflow')
  }

  /** Takes the signals that were kept. */
  takeKept(): BrokerSignal[] {
    const taken = this.#kept?.take() ?? []
    this.#kept = null
    return taken
  }

  attach(connection: Connection): void {
    this.#context.clock.clearTimeout(this.#graceTimer)
    this.#connection = connection
    connection.member = this
  }

  /** Takes its socket away, which lives on. */
  detach(): Connection | null {
    const connection = this.#connection
    this.#connection = null
    if (connection !== null) connection.member = null
    return connection
  }

  /** It has lost its socket, and time to come back. */
  lose(onExpired: () => void): void {
    this.detach()
    const { clock, limits } = this.#context
    clock.clearTimeout(this.#graceTimer)
    this.#graceTimer = clock.setTimeout(onExpired, limits.graceTime)
  }

  /** It is no member of this server any more. @returns the socket that it had. */
  end(): Connection | null {
    this.#context.clock.clearTimeout(this.#graceTimer)
    return this.detach()
  }
}
