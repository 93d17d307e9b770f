import { type LobbyMessage, LobbyMessageType } from '../../../protocol/lobby/message.ts'
import type { BrokerSignal, LobbyRecord } from '../broker/broker.ts'
import type { CoreContext } from './core-context.ts'
import { concerns } from './lobby-changes.ts'
import type { Member } from './member.ts'
import { RecentIds } from './recent-ids.ts'

/** A number like those of all messages. */
const RETRY: number = LobbyMessageType.RETRY

/** The signals of one lobby, as far as its members at this server send or receive them. */
export class RoomSignals {
  readonly #members: ReadonlyMap<number, Member>
  readonly #context: CoreContext
  readonly #left: RecentIds
  readonly #movedAway: RecentIds

  constructor(members: ReadonlyMap<number, Member>, context: CoreContext) {
    this.#members = members
    this.#context = context
    this.#left = new RecentIds(context.clock)
    this.#movedAway = new RecentIds(context.clock)
  }

  /** Someone left the lobby: what is still sent to it is no fault. */
  noteLeft(id: number): void {
    this.#left.add(id)
    for (const { filter } of this.#members.values()) filter.forget(id)
  }

  /** A member went to another server. What it had not received yet goes after it. */
  noteMoved(member: Member): void {
    this.#movedAway.add(member.id)
    for (const signal of member.takeKept()) this.#context.node.signal(signal)
  }

  /** Whether a member may send something to that peer. To one that left a moment ago it may: it could not know. */
  reaches(record: LobbyRecord, sender: Member, to: number): boolean {
    return record.members.has(to) ? concerns(record, sender.id, to) : this.#left.has(to)
  }

  /** Hands on what a member sends another one. */
  relay(record: LobbyRecord, sender: Member, { type, id: to, data }: LobbyMessage): void {
    const { node, tally } = this.#context
    const receiver = record.members.get(to)
    if (receiver === undefined) {
      tally.dropped('receiver-left')
      return
    }
    const { id: from, session, stay } = sender
    const signal = { lobby: record.name, from, session, stay, sequence: sender.nextSequence(), to, type, data }
    if (receiver.node === node.id) this.#give(signal)
    else node.signal(signal)
  }

  /** Takes a signal that came through the broker. */
  deliver(record: LobbyRecord, signal: BrokerSignal): void {
    const { node, tally, clock } = this.#context
    const { from, session, to } = signal
    if (record.members.get(from)?.session !== session) {
      tally.dropped('sender-left')
      return
    }
    const member = this.#members.get(to)
    if (member === undefined && this.#movedAway.has(to)) {
      // Its sender's server had not heard yet that the receiver moved.
      node.signal(signal)
    } else if (member?.filter.accept(signal, clock.now()) === false) {
      tally.dropped('duplicate')
    } else {
      this.#give(signal)
    }
  }

  #give(signal: BrokerSignal): void {
    const { tally } = this.#context
    const member = this.#members.get(signal.to)
    if (member === undefined) tally.dropped('receiver-elsewhere')
    else if (signal.type === RETRY && !member.isExtended) tally.dropped('not-understood')
    else member.receive(signal)
  }
}
