import { realClock } from '../../../clock.ts'
import type { LobbyErrorCode, WelcomeData } from '../../../protocol/lobby/extension.ts'
import { type LobbyMessage, LobbyMessageType } from '../../../protocol/lobby/message.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import { generateUniqueId } from '../../multiplayer-peer/unique-id.ts'
import type { LobbyBroker } from '../broker/broker.ts'
import { AddressLimits } from './address-limits.ts'
import { Commands } from './commands.ts'
import { Connection, type ConnectionHooks, type RefusalDetails } from './connection.ts'
import { CoreContext } from './core-context.ts'
import type { ClientDescription, LobbyCoreOptions, ServerSocket, SocketHandler } from './core-options.ts'
import { resolveLobbyLimits } from './limits.ts'
import { Lobbies } from './lobbies.ts'
import { SILENT_LOBBY_LOGGER } from './lobby-logger.ts'
import { type LobbyStats, Tally } from './lobby-stats.ts'
import { checkTurnOptions } from './turn-credentials.ts'

/** Why a new socket is refused. */
export interface Admission extends RefusalDetails {
  readonly code: LobbyErrorCode
}

/**
 * Sockets that are refused and not closed yet, at most: a client that does not answer the close has its for two seconds. They count for no limit, so that whoever is refused takes nobody's
 * place; beyond this many, a refusal has to do without a socket.
 */
const MOST_REFUSED = 64

/** A lobby server without its sockets: whoever has some hands them to {@link accept}. */
export class LobbyCore {
  readonly #context: CoreContext
  readonly #broker: LobbyBroker
  readonly #lobbies: Lobbies
  readonly #commands: Commands
  readonly #addresses: AddressLimits
  /** Each with what gives back its address's place. */
  readonly #connections = new Map<Connection, () => void>()
  /** Those that only live to be told why. */
  readonly #refused = new Set<Connection>()
  /** Those that have not joined a lobby. */
  readonly #pending = new Set<Connection>()
  readonly #hooks: ConnectionHooks = {
    handle: (from, message, arrivedAt) => this.#handle(from, message, arrivedAt),
    joined: (from) => {
      this.#pending.delete(from)
    },
    gone: (from, keepsPlace) => {
      this.#gone(from, keepsPlace)
    },
    closed: (from) => {
      this.#connections.get(from)?.()
      this.#connections.delete(from)
      this.#refused.delete(from)
    },
  }
  #isDraining = false
  #drained: Promise<void> | null = null
  #onEmpty: (() => void) | null = null

  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` for a limit or TURN option that is none. */
  constructor(options: LobbyCoreOptions) {
    const { broker, turn = null, logger = SILENT_LOBBY_LOGGER, observer = {}, clock = realClock } = options
    const { generateId = generateUniqueId } = options
    if (turn !== null) checkTurnOptions(turn)
    const limits = resolveLobbyLimits(options.limits)
    this.#broker = broker
    this.#context = new CoreContext({ limits, clock, logger, tally: new Tally(observer, logger), turn, generateId })
    this.#addresses = new AddressLimits(limits, clock)
    this.#lobbies = new Lobbies(this.#context, () => {
      if (this.#lobbies.size === 0) this.#onEmpty?.()
    })
    this.#commands = new Commands(this.#context, this.#lobbies)
  }

  /** @throws MultiplayerError `ERR_UNAVAILABLE` if the broker cannot be reached. */
  async start(): Promise<void> {
    this.#context.node = await this.#broker.connect(this.#lobbies)
  }

  /** Why a socket from that address would be refused now; null if it would not. */
  admission(address: string): Admission | null {
    return this.#lackOfRoom() ?? this.#addresses.refusal(address)
  }

  /**
   * Counts a client as there for its address before it has a socket, while it is decided whether it may come in.
   *
   * @returns why it may not even be asked about; or what gives the place back, for {@link accept} or to be called when nothing comes of it (again does nothing).
   */
  reserve(address: string): Admission | (() => void) {
    return this.admission(address) ?? this.#addresses.opened(address)
  }

  /**
   * Takes a socket that has just opened. What it gets back has to be told of all that arrives, and of the end.
   *
   * @param release - from {@link reserve}; absent: it has no place yet.
   */
  accept(socket: ServerSocket, client: ClientDescription, release?: () => void): SocketHandler {
    const refusal = release === undefined ? this.admission(client.address) : this.#lackOfRoom()
    if (refusal !== null) {
      release?.()
      return this.refuse(socket, client, refusal)
    }
    const connection = this.#connect(socket, client)
    this.#connections.set(connection, release ?? this.#addresses.opened(client.address))
    this.#pending.add(connection)
    connection.start()
    if (connection.isExtended) this.#welcome(connection)
    return connection
  }

  /** Whether one more client may have a socket just to be told why it is refused. */
  get canExplain(): boolean {
    return this.#refused.size < MOST_REFUSED
  }

  /** Takes a socket only to tell it why it is refused; to be asked before: {@link canExplain}. */
  refuse(socket: ServerSocket, client: ClientDescription, { code, ...details }: Admission): SocketHandler {
    const connection = this.#connect(socket, client)
    this.#refused.add(connection)
    connection.refuse(code, { ...details, closes: true })
    return connection
  }

  /** Counts a refusal that was told in another way than over a socket. */
  countRefusal(code: LobbyErrorCode): void {
    this.#context.tally.refused(code)
  }

  /**
   * Takes no new sockets and closes all that there are, so that their clients go to other servers. Resolves when every member has resumed elsewhere or its grace time is over; at
   * once if there is no other server.
   */
  drain(): Promise<void> {
    this.#drained ??= this.#drain()
    return this.#drained
  }

  /** Closes every socket; all members leave; the broker hears no more of this server. */
  async close(): Promise<void> {
    this.#closeSockets()
    this.#lobbies.end()
    await this.#context.end()
  }

  stats(): LobbyStats {
    const members = [...this.#lobbies].flatMap((room) => [...room.members.values()])
    return {
      sockets: this.#connections.size,
      pendingSockets: this.#pending.size,
      lobbies: this.#lobbies.size,
      members: members.length,
      lostMembers: members.filter(({ connection }) => connection === null).length,
      keptSignals: members.reduce((sum, { keptSignals }) => sum + keptSignals, 0),
      isBrokerAvailable: this.#context.isStarted && this.#context.node.isAvailable,
      isDraining: this.#isDraining,
      ...this.#context.tally.counts(),
    }
  }

  #connect(socket: ServerSocket, client: ClientDescription): Connection {
    if (!this.#context.isStarted) {
      throw new MultiplayerError('ERR_UNCONFIGURED', 'start() the lobby core before it is given sockets.')
    }
    this.#context.tally.socketOpened(client.dialect)
    return new Connection(socket, client, this.#context, this.#hooks)
  }

  #lackOfRoom(): Admission | null {
    const { sockets, pendingSockets } = this.#context.limits
    if (this.#isDraining) return { code: 'draining' }
    if (this.#connections.size >= sockets) return { code: 'too-many-sockets' }
    return this.#pending.size >= pendingSockets ? { code: 'too-many-pending' } : null
  }

  async #drain(): Promise<void> {
    const { members } = this.stats()
    this.#context.logger.info({ members }, 'draining')
    this.#closeSockets()
    // Where it cannot be asked, somebody may be there.
    const isAlone = await this.#context.node.isAlone?.().catch(() => false)
    if (isAlone === true) this.#lobbies.leaveAll()
    if (this.#lobbies.size === 0) return
    await new Promise<void>((resolve) => {
      this.#onEmpty = resolve
    })
  }

  #closeSockets(): void {
    this.#isDraining = true
    for (const connection of [...this.#connections.keys()]) connection.refuse('draining')
  }

  #welcome(connection: Connection): void {
    const { heartbeat, messageSize: maxMessageSize } = this.#context.limits
    const data: WelcomeData = { version: 1, heartbeat, maxMessageSize }
    connection.send({ type: LobbyMessageType.WELCOME, id: 0, data: JSON.stringify(data) })
  }

  /** Whatever goes wrong in here concerns this one client. */
  #handle(connection: Connection, message: LobbyMessage, arrivedAt: number): Promise<void> | undefined {
    const failed = (error: unknown): void => {
      this.#context.logger.error({ err: error, type: message.type }, 'a message could not be handled')
      connection.refuse('unavailable', { closes: true })
    }
    try {
      return this.#commands.handle(connection, message, arrivedAt)?.catch(failed)
    } catch (error) {
      failed(error)
      return undefined
    }
  }

  #gone(connection: Connection, keepsPlace: boolean): void {
    this.#pending.delete(connection)
    const { member } = connection
    const room = member === null ? undefined : this.#lobbies.get(member.lobby)
    if (member === null || room === undefined) return
    if (keepsPlace && this.#context.limits.graceTime > 0) room.lose(member)
    else room.leave(member)
  }
}
