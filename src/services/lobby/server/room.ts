import type { TokenData } from '../../../protocol/lobby/extension.ts'
import type { LobbyMessage } from '../../../protocol/lobby/message.ts'
import type { BrokerSignal, LobbyRecord } from '../broker/broker.ts'
import { announceChanges, announceJoin, announceResume } from './announce.ts'
import type { Connection } from './connection.ts'
import type { CoreContext } from './core-context.ts'
import { tellIceServers } from './ice-servers.ts'
import { Member } from './member.ts'
import { CloseCode } from './refusal.ts'
import { RoomSignals } from './room-signals.ts'

/** A client that is about to become a member at this server. */
export interface Arrival {
  readonly connection: Connection
  readonly id: number
  /** The stay that begins with it; null for one that comes back and goes on with its own. */
  readonly session: string | null
  readonly tokenHash: string
  /** What the client is given, if it joins. */
  readonly token: TokenData | null
  /** Set once it is a member. */
  member: Member | null
}

const SEAL_COMPLETE = 'Seal complete'

/** One lobby, as far as it has members at this server: the last record of it, and who has to hear what of a new one. */
export class Room {
  readonly name: string
  readonly #context: CoreContext
  readonly #onEmpty: () => void
  readonly #members = new Map<number, Member>()
  readonly #arrivals = new Set<Arrival>()
  readonly #signals: RoomSignals
  #record: LobbyRecord | null = null
  #sealTimer: unknown = null
  #sealedAt: number | null = null

  constructor(name: string, context: CoreContext, onEmpty: () => void) {
    this.name = name
    this.#context = context
    this.#onEmpty = onEmpty
    this.#signals = new RoomSignals(this.#members, context)
  }

  /** The members at this server, by id. */
  get members(): ReadonlyMap<number, Member> {
    return this.#members
  }

  /** What is known of the lobby; null while there is no member. */
  get record(): LobbyRecord | null {
    return this.#record
  }

  /** From now until {@link endArrival} a record that has it as a member makes it one. */
  beginArrival(arrival: Arrival): void {
    this.#arrivals.add(arrival)
  }

  endArrival(arrival: Arrival): void {
    this.#arrivals.delete(arrival)
    this.#releaseIfEmpty()
  }

  apply(next: LobbyRecord): void {
    const previous = this.#record
    if (previous !== null && next.revision <= previous.revision) return
    this.#record = next
    if (previous !== null) {
      for (const id of previous.members.keys()) if (!next.members.has(id)) this.#signals.noteLeft(id)
      this.#reconcile(next)
      // At the seal's end another server's members are gone from the lobby, but not from the game: whoever heard of it would end the connection.
      if (!this.#isSealComplete) announceChanges([...this.#members.values()], previous, next)
    }
    for (const arrival of [...this.#arrivals]) this.#admit(arrival, next)
    if (next.sealed && this.#sealTimer === null && this.#members.size > 0) this.#startSealTime()
    this.#releaseIfEmpty()
  }

  /** The lobby is gone. */
  closed(): void {
    const { tally } = this.#context
    for (const member of [...this.#members.values()]) {
      const connection = this.#drop(member)
      tally.memberLeft()
      if (this.#isSealComplete) connection?.close(CloseCode.NORMAL, SEAL_COMPLETE)
      else connection?.refuse('host-left')
    }
    this.#releaseIfEmpty()
  }

  /** Whether a member may send something to that peer: it is in the lobby, or was a moment ago, and they have to do with each other. */
  reaches(sender: Member, to: number): boolean {
    return this.#record !== null && this.#signals.reaches(this.#record, sender, to)
  }

  /** Hands on what a member sends another. */
  relay(sender: Member, message: LobbyMessage): void {
    if (this.#record !== null) this.#signals.relay(this.#record, sender, message)
  }

  deliver(signal: BrokerSignal): void {
    if (this.#record === null) this.#context.tally.dropped('receiver-elsewhere')
    else this.#signals.deliver(this.#record, signal)
  }

  /** Forgets everything: the server has left the broker. */
  end(): void {
    for (const member of [...this.#members.values()]) {
      this.#drop(member)
      this.#context.tally.memberLeft()
    }
    this.#releaseIfEmpty()
  }

  /** A member of this server leaves the lobby. */
  leave(member: Member): void {
    if (this.#members.get(member.id) !== member) return
    this.#drop(member)
    this.#depart(member)
    this.#releaseIfEmpty()
  }

  /** A member has lost its socket; its place is kept for a while. */
  lose(member: Member): void {
    this.#log(member, 'lost its socket')
    member.lose(() => {
      this.leave(member)
    })
  }

  /** A member of this server takes up its place with another socket. */
  resume(member: Member, connection: Connection): void {
    const { record } = this
    if (record === null) return
    member.detach()?.refuse('moved')
    member.attach(connection)
    this.#context.tally.memberResumed(false)
    this.#log(member, 'resumed')
    tellIceServers(connection, this.#context.turn)
    announceResume(connection, member.id, record)
    this.#giveKept(member, record)
  }

  #giveKept(member: Member, record: LobbyRecord): void {
    for (const signal of member.takeKept()) {
      if (record.members.get(signal.from)?.session === signal.session) member.receive(signal)
      else this.#context.tally.dropped('sender-left')
    }
  }

  /** Members of this server that are none any more, or at another one; and those that others have to take for new. */
  #reconcile(next: LobbyRecord): void {
    for (const member of [...this.#members.values()]) {
      const entry = next.members.get(member.id)
      if (entry === undefined) {
        this.#context.tally.memberLeft()
        this.#drop(member)?.refuse('lobby-not-found', { reason: 'Server error, lobby not found', closes: true })
      } else if (entry.node !== this.#context.node.id) {
        this.#signals.noteMoved(member)
        this.#drop(member)?.refuse('moved')
      } else {
        member.session = entry.session
      }
    }
  }

  #admit(arrival: Arrival, record: LobbyRecord): void {
    const { connection, id, tokenHash, token } = arrival
    const entry = record.members.get(id)
    if (entry?.node !== this.#context.node.id || this.#members.has(id)) return
    if (this.#context.departing.has(entry.session)) return
    const isHandedOver = arrival.session === null
    // A joiner without a socket has nothing by which to come back. One that was a member has.
    if (!isHandedOver && (entry.session !== arrival.session || !connection.isOpen)) return
    this.#arrivals.delete(arrival)
    const { revision } = record
    const { session } = entry
    const isExtended = connection.isExtended
    arrival.member = new Member(
      { lobby: this.name, id, session, isExtended, tokenHash, revision, isHandedOver },
      this.#context,
    )
    this.#members.set(id, arrival.member)
    if (isHandedOver) this.#context.tally.memberResumed(true)
    else this.#context.tally.memberJoined(connection.client.dialect)
    this.#log(arrival.member, isHandedOver ? 'resumed, coming from another server' : 'joined', connection)
    if (!connection.isOpen) {
      this.lose(arrival.member)
      return
    }
    arrival.member.attach(connection)
    tellIceServers(connection, this.#context.turn)
    if (isHandedOver) announceResume(connection, id, record)
    else announceJoin(connection, id, record, token)
  }

  #startSealTime(): void {
    const { clock, limits } = this.#context
    this.#sealedAt = clock.now()
    this.#sealTimer = clock.setTimeout(() => {
      // All of them before the broker hears of any, so that none is told that another is gone.
      const members = [...this.#members.values()]
      for (const member of members) this.#drop(member)?.close(CloseCode.NORMAL, SEAL_COMPLETE)
      for (const member of members) this.#depart(member)
      this.#releaseIfEmpty()
    }, limits.sealTime)
  }

  /** Whether the time after the seal is over. Each server counts it from when it heard of the seal, and another may be a little ahead. */
  get #isSealComplete(): boolean {
    const { clock, limits } = this.#context
    return this.#sealedAt !== null && clock.now() - this.#sealedAt >= 0.9 * limits.sealTime
  }

  #depart(member: Member): void {
    this.#log(member, 'left')
    this.#context.tally.memberLeft()
    this.#context.depart(this.name, member.id, member.session)
  }

  #log({ id }: Member, what: string, connection?: Connection): void {
    const { identity, address } = connection?.client ?? {}
    this.#context.logger.debug({ lobby: this.name, id, ...(connection && { identity, address }) }, `a member ${what}`)
  }

  #drop(member: Member): Connection | null {
    this.#members.delete(member.id)
    return member.end()
  }

  /** Without a member here nothing more is heard of the lobby, and what is known of it is worth nothing. */
  #releaseIfEmpty(): void {
    if (this.#members.size > 0) return
    this.#context.clock.clearTimeout(this.#sealTimer)
    this.#sealTimer = null
    this.#sealedAt = null
    this.#record = null
    if (this.#arrivals.size === 0) this.#onEmpty()
  }
}
