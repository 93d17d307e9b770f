import { TARGET_PEER_SERVER } from '../../../machines/mesh-types.ts'
import type { MultiplayerError } from '../../../multiplayer-error.ts'
import { type IceServersData, type LobbyMode, parseExtension } from '../../../protocol/lobby/extension.ts'
import { type LobbyMessage, LobbyMessageType, messageTypeOf } from '../../../protocol/lobby/message.ts'
import type { Logger } from '../../multiplayer-peer/options.ts'
import type { LobbyClientCounters } from './client-counters.ts'
import type { Dials } from './dials.ts'
import { readIceServersData } from './ice-servers-data.ts'
import { readError, refusalError } from './lobby-errors.ts'
import type { LobbyFacts } from './lobby-facts.ts'
import type { PendingReplies } from './pending-replies.ts'
import { isPeerId, readResume } from './resume-data.ts'

/** What the inbox leaves to the session. */
export interface LobbyInboxListener {
  /** The server gave this side its id. */
  identified(id: number, mode: LobbyMode): void
  /** The place is taken up again. */
  resumed(): void
  tokenGiven(token: string): void
  iceServersGiven(data: IceServersData): void
  /** The server closes the socket after this. */
  refused(error: MultiplayerError): void
}

export interface LobbyInboxParts {
  readonly facts: LobbyFacts
  readonly dials: Dials
  readonly replies: PendingReplies
  readonly counters: LobbyClientCounters
  readonly logger: Logger
  readonly listener: LobbyInboxListener
}

/** Longer tokens than any server makes are not kept. */
const MAX_TOKEN = 4_096

/** Takes what the lobby server says, and drops what makes no sense: a server may be of another version, or hostile. */
export class LobbyInbox {
  readonly #parts: LobbyInboxParts

  constructor(parts: LobbyInboxParts) {
    this.#parts = parts
  }

  /** @param message - null for something that is no message. */
  receive(message: LobbyMessage | null): void {
    const { facts, counters } = this.#parts
    if (facts.state === 'leaving' || facts.state === 'left') return
    if (message === null || !this.#take(message)) counters.malformedMessages++
  }

  /** @returns false for what makes no sense. */
  #take(message: LobbyMessage): boolean {
    const { id, data } = message
    const type = messageTypeOf(message)
    const { facts, dials, counters, replies } = this.#parts
    switch (type) {
      case LobbyMessageType.ID:
        return this.#identified(id, data)
      case LobbyMessageType.PEER_CONNECT:
        return this.#connected(id)
      case LobbyMessageType.PEER_DISCONNECT:
        if (!dials.remove(id)) return this.#isIgnored(id)
        facts.members = dials.ids
        return true
      case LobbyMessageType.OFFER:
      case LobbyMessageType.ANSWER:
      case LobbyMessageType.CANDIDATE:
      case LobbyMessageType.RETRY:
        if (!dials.receive(id, type, data)) counters.unknownMembers++
        return true
      case LobbyMessageType.JOIN:
        return this.#joined(data)
      case LobbyMessageType.SEAL:
        if (facts.state !== 'joined') return false
        facts.state = 'sealed'
        replies.settle('seal')
        return true
      default:
        return type !== undefined && this.#takeExtension(type, id, data)
    }
  }

  #takeExtension(type: LobbyMessageType, id: number, data: string): boolean {
    const { facts, dials, replies, listener } = this.#parts
    switch (type) {
      case LobbyMessageType.ERROR:
        return this.#refused(parseExtension(data))
      case LobbyMessageType.RESUME:
        return this.#resumed(parseExtension(data))
      case LobbyMessageType.METADATA:
        facts.metadata = data
        replies.settle('metadata')
        return true
      case LobbyMessageType.HOST:
        if (id !== facts.id && !dials.ids.includes(id)) return false
        facts.host = id
        return true
      case LobbyMessageType.TOKEN:
        return this.#tokenGiven(parseExtension(data))
      // What else a WELCOME says is the connection's business.
      case LobbyMessageType.WELCOME:
      case LobbyMessageType.ICE_SERVERS: {
        const servers = readIceServersData(parseExtension(data))
        if (servers !== null) listener.iceServersGiven(servers)
        return servers !== null || type === LobbyMessageType.WELCOME
      }
      default:
        return false
    }
  }

  #identified(id: number, data: string): boolean {
    const { facts, replies, listener } = this.#parts
    // Godot's server says it once, before the answer to JOIN. An id that changed later would leave every peer with a wrong one.
    if (!isPeerId(id) || !replies.has('join')) return false
    facts.members = []
    facts.host = TARGET_PEER_SERVER
    facts.metadata = ''
    listener.identified(id, data === 'true' ? 'mesh' : 'client-server')
    return true
  }

  #connected(id: number): boolean {
    const { facts, dials } = this.#parts
    if (!isPeerId(id) || facts.id === 0 || id === facts.id || facts.state === 'sealed') return false
    if (this.#isIgnored(id)) return true
    if (!dials.add(id)) return false
    facts.members = dials.ids
    return true
  }

  /** Godot's demo server tells the clients of a client/server lobby of each other, though they have nothing to do with each other. */
  #isIgnored(id: number): boolean {
    const { facts } = this.#parts
    return facts.mode === 'client-server' && facts.id !== TARGET_PEER_SERVER && id !== TARGET_PEER_SERVER
  }

  #joined(name: string): boolean {
    const { facts, replies } = this.#parts
    if (facts.id === 0 || name === '' || !replies.has('join')) return false
    facts.lobby = name
    facts.state = 'joined'
    replies.settle('join')
    return true
  }

  #resumed(value: unknown): boolean {
    const { facts, dials, replies, listener } = this.#parts
    const data = readResume(value)
    if (data === null || facts.state !== 'reconnecting' || !replies.has('join')) return false
    for (const id of dials.ids) if (!data.members.includes(id)) dials.remove(id)
    for (const id of data.members) if (id !== facts.id && !this.#isIgnored(id)) dials.add(id)
    facts.members = dials.ids
    facts.host = data.host
    facts.metadata = data.metadata
    listener.resumed()
    facts.state = data.sealed ? 'sealed' : 'joined'
    replies.settle('join')
    return true
  }

  #refused(value: unknown): boolean {
    const { replies, listener, logger } = this.#parts
    const data = readError(value)
    if (data === null) return false
    const error = refusalError(data)
    logger.warn(error.message, data)
    if (data.closing) listener.refused(error)
    // A signal to somebody who has just left is nobody's request.
    if (data.code !== 'invalid-destination') replies.fail(error)
    return true
  }

  #tokenGiven(value: unknown): boolean {
    const { token } = (value ?? {}) as { token?: unknown }
    if (typeof token !== 'string' || token.length > MAX_TOKEN) return false
    this.#parts.listener.tokenGiven(token)
    return true
  }
}
