import { randomUUID } from 'node:crypto'
import type { LobbyErrorCode } from '../../../protocol/lobby/extension.ts'
import type { BrokerNode, BrokerReply, CreateLobby, JoinLobby } from '../broker/broker.ts'
import type { Connection } from './connection.ts'
import type { CoreContext } from './core-context.ts'
import type { Lobbies } from './lobbies.ts'
import { isLobbyName, randomLobbyName } from './lobby-names.ts'
import { type MemberClaim, createSecret, formatToken, hashSecret, parseToken } from './member-token.ts'
import type { CreateRequest } from './requests.ts'
import type { Arrival } from './room.ts'

/** Ids and names are random, so even the second try is hardly ever needed. */
const TRIES = 10

/** What came of trying to enter: null for success. */
type Outcome = LobbyErrorCode | 'id-taken' | null

type Operation = (node: BrokerNode, member: Pick<JoinLobby, 'session' | 'tokenHash'>) => Promise<BrokerReply>

/** How clients become members of lobbies: join, create, resume. Each tells the client what came of it. */
export class Entering {
  readonly #context: CoreContext
  readonly #lobbies: Lobbies

  constructor(context: CoreContext, lobbies: Lobbies) {
    this.#context = context
    this.#lobbies = lobbies
  }

  /** Joins the lobby of that name. */
  async join(connection: Connection, name: string): Promise<void> {
    const { lobby = name } = connection.client
    const outcome = lobby === name ? await this.#tryJoin(connection, name) : 'unauthorized'
    tell(connection, outcome)
  }

  /** Creates a lobby, and joins it if it is there already and the request allows that. */
  async create(connection: Connection, request: CreateRequest): Promise<void> {
    tell(connection, await this.#tryCreate(connection, request))
  }

  /** Takes up a member's place: at this server, or moving it here from another one. */
  async resume(connection: Connection, token: string): Promise<void> {
    const claim = parseToken(token)
    const { lobby = claim?.lobby } = connection.client
    if (claim === null) tell(connection, 'token-invalid')
    else if (lobby !== claim.lobby) tell(connection, 'unauthorized')
    else tell(connection, await this.#tryResume(connection, claim))
  }

  async #tryJoin(connection: Connection, lobby: string): Promise<LobbyErrorCode | null> {
    if (!isLobbyName(lobby)) return 'lobby-not-found'
    for (let tries = 0; tries < TRIES; tries++) {
      const id = this.#newId(lobby)
      const outcome = await this.#enter(connection, lobby, id, (node, member) => node.join({ lobby, id, ...member }))
      if (outcome !== 'id-taken') return outcome
    }
    return 'unavailable'
  }

  async #tryCreate(connection: Connection, request: CreateRequest): Promise<LobbyErrorCode | null> {
    const { lobby: only = null, role = 'host' } = connection.client
    if (request.name !== null && only !== null && request.name !== only) return 'unauthorized'
    const wanted = request.name ?? only
    // Who may enter one lobby only and asks for "a" lobby means that one, whether or not others were quicker.
    const orJoin = request.orJoin || (request.name === null && only !== null)
    for (let tries = 0; tries < TRIES; tries++) {
      if (wanted !== null && orJoin) {
        const outcome = await this.#tryJoin(connection, wanted)
        if (outcome !== 'lobby-not-found') return outcome
      }
      if (role !== 'host') return wanted !== null && orJoin ? 'lobby-not-found' : 'unauthorized'
      const outcome = await this.#createOnce(connection, request, wanted ?? randomLobbyName())
      if (outcome !== 'lobby-exists' || (wanted !== null && !orJoin)) return outcome
    }
    return 'unavailable'
  }

  async #createOnce(connection: Connection, request: CreateRequest, name: string): Promise<LobbyErrorCode | null> {
    const { limits, tally } = this.#context
    const { mode, listed, maxMembers, onHostLeave, metadata } = request
    const lobby: Omit<CreateLobby, 'session' | 'tokenHash'> = {
      ...{ name, mode, listed, maxMembers, onHostLeave, metadata },
      maxLobbies: limits.lobbies,
    }
    const outcome = await this.#enter(connection, name, 1, (node, member) => node.create({ ...lobby, ...member }))
    if (outcome === null) tally.lobbyCreated()
    return outcome === 'id-taken' ? 'lobby-exists' : outcome
  }

  async #tryResume(connection: Connection, claim: MemberClaim): Promise<LobbyErrorCode | null> {
    const local = this.#takeUp(connection, claim)
    if (local !== 'not-here') return local
    const { lobby, id, tokenHash } = claim
    const arrival: Arrival = { connection, id, session: null, tokenHash, token: null, member: null }
    const outcome = await this.#arrive(arrival, lobby, (node) => node.resume({ lobby, id, tokenHash }))
    // Another socket was a moment earlier with the same token, and came here as that member: the later one takes its place.
    const isOutrun = arrival.member === null && (outcome === null || outcome === 'host-left')
    if (isOutrun && this.#takeUp(connection, claim) === null) return null
    return outcome === 'id-taken' ? 'token-invalid' : outcome
  }

  /** Takes up the place of a member of this server; the broker need not know, so this works without it. */
  #takeUp(connection: Connection, { lobby, id, tokenHash }: MemberClaim): 'token-invalid' | 'not-here' | null {
    const room = this.#lobbies.get(lobby)
    const member = room?.members.get(id)
    if (room === undefined || member === undefined || !connection.isOpen) return 'not-here'
    if (member.tokenHash !== tokenHash) return 'token-invalid'
    room.resume(member, connection)
    return null
  }

  /** Enters as a new member. */
  async #enter(connection: Connection, lobby: string, id: number, operation: Operation): Promise<Outcome> {
    const secret = connection.isExtended ? createSecret() : null
    const session = randomUUID()
    const tokenHash = secret === null ? '' : hashSecret(secret)
    const { graceTime } = this.#context.limits
    const token = secret === null ? null : { token: formatToken(secret, id, lobby), graceTime }
    const arrival: Arrival = { connection, id, session, tokenHash, token, member: null }
    const outcome = await this.#arrive(arrival, lobby, (node) => operation(node, { session, tokenHash }))
    // Its socket closed meanwhile, or the broker may or may not have let it in before it became unreachable.
    if (arrival.member === null && (outcome === null || outcome === 'unavailable')) {
      this.#context.depart(lobby, id, session)
    }
    return outcome
  }

  /** Asks the broker. The room makes a member of it while the broker reports the change, so that nobody's signals come before it knows of them. */
  async #arrive(arrival: Arrival, lobby: string, ask: (node: BrokerNode) => Promise<BrokerReply>): Promise<Outcome> {
    const { node, logger } = this.#context
    const room = this.#lobbies.open(lobby)
    room.beginArrival(arrival)
    try {
      const reply = await ask(node)
      if ('refused' in reply) return reply.refused
      // In, and out again at once: its lobby was closed before anything else was heard of it.
      return arrival.member === null && arrival.connection.isOpen ? 'host-left' : null
    } catch (error) {
      if (arrival.member !== null) return null
      logger.warn({ err: error, lobby }, 'the broker could not be asked')
      return 'unavailable'
    } finally {
      room.endArrival(arrival)
    }
  }

  /** An id that no member has, as far as this server knows; the broker knows for sure. */
  #newId(lobby: string): number {
    const members = this.#lobbies.get(lobby)?.record?.members
    let id = this.#context.generateId()
    for (let tries = 0; members?.has(id) === true && tries < TRIES; tries++) id = this.#context.generateId()
    return id
  }
}

function tell(connection: Connection, outcome: LobbyErrorCode | null): void {
  if (outcome !== null) connection.refuse(outcome)
}
