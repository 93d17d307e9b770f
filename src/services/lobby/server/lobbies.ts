import type { BrokerListener, BrokerSignal, LobbyRecord } from '../broker/broker.ts'
import type { CoreContext } from './core-context.ts'
import { Room } from './room.ts'

/** The lobbies that have members at this server, and what the broker tells of them. */
export class Lobbies implements BrokerListener {
  readonly #context: CoreContext
  readonly #onChange: () => void
  readonly #rooms = new Map<string, Room>()

  /** @param onChange - called when a lobby is no longer here. */
  constructor(context: CoreContext, onChange: () => void) {
    this.#context = context
    this.#onChange = onChange
  }

  get size(): number {
    return this.#rooms.size
  }

  get(name: string): Room | undefined {
    return this.#rooms.get(name)
  }

  /** The room of that name, made if there is none. It is gone as soon as it has neither members nor arrivals. */
  open(name: string): Room {
    const known = this.#rooms.get(name)
    if (known !== undefined) return known
    const room = new Room(name, this.#context, () => {
      if (this.#rooms.get(name) !== room) return
      this.#rooms.delete(name)
      this.#onChange()
    })
    this.#rooms.set(name, room)
    return room
  }

  [Symbol.iterator](): Iterator<Room> {
    return [...this.#rooms.values()][Symbol.iterator]()
  }

  /** Every member of this server leaves. */
  leaveAll(): void {
    for (const room of this) for (const member of [...room.members.values()]) room.leave(member)
  }

  /** Forgets everything: the server has left the broker. */
  end(): void {
    for (const room of this) room.end()
  }

  changed(lobby: LobbyRecord): void {
    this.#safely(() => this.get(lobby.name)?.apply(lobby))
  }

  closed(lobby: string): void {
    this.#safely(() => this.get(lobby)?.closed())
  }

  signal(signal: BrokerSignal): void {
    this.#safely(() => {
      const room = this.get(signal.lobby)
      if (room === undefined) this.#context.tally.dropped('receiver-elsewhere')
      else room.deliver(signal)
    })
  }

  available(isAvailable: boolean): void {
    this.#context.logger.warn({ isAvailable }, isAvailable ? 'the broker is back' : 'the broker cannot be reached')
    this.#context.tally.brokerAvailable(isAvailable)
  }

  /** What goes wrong here is no business of the broker, whose other events must still come. */
  #safely(what: () => void): void {
    try {
      what()
    } catch (error) {
      this.#context.logger.error({ err: error }, 'what the broker told could not be carried out')
    }
  }
}
