import type { LobbyErrorCode } from '../../../protocol/lobby/extension.ts'
import { type LobbyMessage, LobbyMessageType, SIGNAL_TYPES } from '../../../protocol/lobby/message.ts'
import { isMetadata } from '../../../protocol/lobby/metadata.ts'
import type { BrokerNode, BrokerReply } from '../broker/broker.ts'
import type { CostlyRequest } from './allowance.ts'
import type { Connection, RefusalDetails } from './connection.ts'
import type { CoreContext } from './core-context.ts'
import { Entering } from './entering.ts'
import { iceServersFor } from './ice-servers.ts'
import type { Lobbies } from './lobbies.ts'
import { listMessage } from './lobby-list.ts'
import type { Member } from './member.ts'
import { CloseCode } from './refusal.ts'
import { METADATA_RULE, parseCreate, parseListQuery, plainCreation } from './requests.ts'

/** A number like the others that come in. */
const RETRY: number = LobbyMessageType.RETRY

/** A promise where the broker has to be asked. */
type Handled = Promise<void> | undefined

type Handle<Subject> = (subject: Subject, message: LobbyMessage) => Handled

/** A member and its socket. */
interface Sender {
  readonly connection: Connection
  readonly member: Member
}

/** What clients can ask for, and the order in which Godot's demo checks whether it is allowed. */
export class Commands {
  readonly #context: CoreContext
  readonly #lobbies: Lobbies
  readonly #entering: Entering

  /** What every client may send. */
  readonly #ofAll: ReadonlyMap<number, Handle<Connection>> = new Map<number, Handle<Connection>>([
    [LobbyMessageType.JOIN, (connection, message) => this.#join(connection, message)],
    [LobbyMessageType.CREATE, (connection, message) => this.#create(connection, message)],
    [LobbyMessageType.RESUME, (connection, message) => this.#resume(connection, message)],
    [LobbyMessageType.LIST, (connection, message) => this.#list(connection, message)],
    [LobbyMessageType.PING, (connection, message) => sendNow(connection, { ...message, type: LobbyMessageType.PONG })],
    [LobbyMessageType.ICE_SERVERS, (connection) => sendNow(connection, iceServersFor(connection, this.#context.turn))],
    [LobbyMessageType.LEAVE, (connection) => leave(connection)],
  ])

  /** What members may send besides, but for signals. */
  readonly #ofMembers: ReadonlyMap<number, Handle<Sender>> = new Map<number, Handle<Sender>>([
    [LobbyMessageType.SEAL, (sender) => this.#seal(sender)],
    [LobbyMessageType.METADATA, (sender, message) => this.#setMetadata(sender, message)],
  ])

  constructor(context: CoreContext, lobbies: Lobbies) {
    this.#context = context
    this.#lobbies = lobbies
    this.#entering = new Entering(context, lobbies)
  }

  /** @returns a promise where the broker has to be asked. */
  handle(connection: Connection, message: LobbyMessage, arrivedAt: number): Handled {
    const ofAll = this.#ofAll.get(message.type)
    if (ofAll !== undefined) return ofAll(connection, message)
    const { member } = connection
    if (member === null) return refuseNow(connection, 'not-in-lobby')
    const ofMembers = this.#ofMembers.get(message.type)
    if (ofMembers !== undefined) return ofMembers({ connection, member }, message)
    this.#relay(connection, member, message, arrivedAt)
    return undefined
  }

  /** As the demo, looks at the destination first and then at the type. */
  #relay(connection: Connection, member: Member, message: LobbyMessage, arrivedAt: number): void {
    const { clock, tally } = this.#context
    const { type, id: peer } = message
    const isSignal = SIGNAL_TYPES.has(type) || type === RETRY
    const room = this.#lobbies.get(member.lobby)
    if (room?.reaches(member, peer) !== true) {
      connection.refuse('invalid-destination', { peer })
    } else if (!isSignal) {
      connection.refuse('unknown-command')
    } else {
      room.relay(member, message)
      tally.signalRelayed(type, clock.now() - arrivedAt)
    }
  }

  #join(connection: Connection, { id, data }: LobbyMessage): Handled {
    if (connection.member !== null) return refuseNow(connection, 'already-in-lobby')
    if (data !== '') return this.#entering.join(connection, data)
    return this.#entering.create(connection, plainCreation(id === 0, this.#context.limits.members))
  }

  #create(connection: Connection, { data }: LobbyMessage): Handled {
    if (connection.member !== null) return refuseNow(connection, 'already-in-lobby')
    const request = parseCreate(data, this.#context.limits.members)
    if ('problem' in request) return refuseNow(connection, 'invalid-message', { message: request.problem })
    return this.#entering.create(connection, request)
  }

  #resume(connection: Connection, { data }: LobbyMessage): Handled {
    if (connection.member !== null) return refuseNow(connection, 'already-in-lobby')
    return this.#entering.resume(connection, data)
  }

  #list(connection: Connection, { data }: LobbyMessage): Handled {
    const limit = parseListQuery(data)
    if (typeof limit !== 'number') return refuseNow(connection, 'invalid-message', { message: limit.problem })
    return isTooOften(connection, 'LIST') ? undefined : this.#sendList(connection, limit)
  }

  async #sendList(connection: Connection, limit: number): Promise<void> {
    const { node } = this.#context
    try {
      connection.send(listMessage(await node.list(limit, connection.client.lobby)))
    } catch (error) {
      this.#unavailable(connection, error)
    }
  }

  #seal(sender: Sender): Handled {
    const { lobby, id } = sender.member
    return this.#asHost(sender, (node) => node.seal(lobby, id))
  }

  #setMetadata(sender: Sender, { data }: LobbyMessage): Handled {
    const { connection, member } = sender
    if (!isMetadata(data)) return refuseNow(connection, 'invalid-message', { message: `METADATA: ${METADATA_RULE}` })
    if (isTooOften(connection, 'METADATA')) return undefined
    return this.#asHost(sender, (node) => node.setMetadata(member.lobby, member.id, data))
  }

  /** Something that only the host may do. */
  #asHost({ connection, member }: Sender, ask: (node: BrokerNode) => Promise<BrokerReply>): Handled {
    const record = this.#lobbies.get(member.lobby)?.record
    return record?.host === member.id ? this.#ask(connection, ask) : refuseNow(connection, 'not-host')
  }

  async #ask(connection: Connection, ask: (node: BrokerNode) => Promise<BrokerReply>): Promise<void> {
    try {
      const reply = await ask(this.#context.node)
      // Between its asking and the broker's answer it may have lost the place, or the lobby its host.
      if ('refused' in reply) connection.refuse('not-host')
    } catch (error) {
      this.#unavailable(connection, error)
    }
  }

  #unavailable(connection: Connection, error: unknown): void {
    this.#context.logger.warn({ err: error }, 'the broker could not be asked')
    connection.refuse('unavailable')
  }
}

function sendNow(connection: Connection, message: LobbyMessage): Handled {
  connection.send(message)
  return undefined
}

function refuseNow(connection: Connection, code: LobbyErrorCode, details?: RefusalDetails): Handled {
  connection.refuse(code, details)
  return undefined
}

/** Refuses it if so; the socket stays. */
function isTooOften(connection: Connection, request: CostlyRequest): boolean {
  const retryAfter = connection.allowance.takeCostly(request)
  if (retryAfter === null) return false
  connection.refuse('rate-limited', { retryAfter, closes: false, message: `${request} at most once in a second.` })
  return true
}

function leave(connection: Connection): Handled {
  connection.close(CloseCode.NORMAL, '')
  return undefined
}
