import type {
  BrokerListener,
  BrokerNode,
  BrokerRefusal,
  BrokerReply,
  BrokerSignal,
  CreateLobby,
  LobbyBroker,
  LobbyRecord,
} from '../../services/lobby/broker/broker.ts'

/** A member as tests hold it: what its server would know of it. */
export interface TestMember {
  readonly lobby: string
  readonly id: number
  session: string
  readonly tokenHash: string
}

/** A server at the broker that writes down what it hears, and what it should not have heard. */
export class TestServer implements BrokerListener {
  readonly node: BrokerNode
  /** What was heard, as short texts. */
  readonly heard: string[] = []
  /** Lobbies as last told. */
  readonly lobbies = new Map<string, LobbyRecord>()
  readonly signals: BrokerSignal[] = []
  /** Rules of the contract that were broken. */
  readonly violations: string[] = []

  /** Members that operations of this server brought here, by lobby. */
  readonly #own = new Map<string, Set<number>>()
  /** Operations under way that may bring one here, by lobby. */
  readonly #entering = new Map<string, number>()
  /** Revisions as last told, also of lobbies that this server has no member in any more. */
  readonly #revisions = new Map<string, number>()
  readonly #sessions = new Map<string, Set<string>>()
  /** Of whom there were signals, though nothing had been told: that is right if they had left by then. */
  readonly #unknown = new Set<string>()
  readonly #sequences = new Map<string, number>()
  /** Members that came from other servers: what had been on its way there comes late. */
  readonly #moved = new Set<string>()
  #isConnected = false
  #isBusy = false

  private constructor() {
    // Filled in by connect(), before anything can be heard.
    this.node = undefined as unknown as BrokerNode
  }

  static async connect(broker: LobbyBroker): Promise<TestServer> {
    const server = new TestServer()
    Object.assign(server, { node: await broker.connect(server) })
    server.#isConnected = true
    return server
  }

  changed(lobby: LobbyRecord): void {
    this.#hear(`changed ${lobby.name}`, () => {
      const { name, revision, members } = lobby
      const before = this.lobbies.get(name)
      if (before !== undefined && revision <= before.revision) this.#violated(`revision ${revision} of ${name} is old`)
      if (!this.#hasOwn(lobby) && (before === undefined || !this.#hasOwn(before))) {
        this.#violated(`${name} has no member at this server`)
      }
      if (!members.has(lobby.host)) this.#violated(`the host of ${name} is not in it`)
      this.#revisions.set(name, revision)
      const known = this.#sessions.get(name) ?? new Set()
      for (const { session } of members.values()) {
        known.add(session)
        if (this.#unknown.has(session)) this.#violated(`a signal of ${session} came before it was told`)
      }
      this.#sessions.set(name, known)
      for (const id of this.#own.get(name) ?? []) {
        if (members.get(id)?.node !== this.node.id) this.#own.get(name)?.delete(id)
      }
      if (this.#hasOwn(lobby)) this.lobbies.set(name, lobby)
      else this.lobbies.delete(name)
    })
  }

  closed(lobby: string): void {
    this.#hear(`closed ${lobby}`, () => {
      if (!this.#sessions.has(lobby)) this.#violated(`${lobby} was never told`)
      this.lobbies.delete(lobby)
      // Another lobby of that name may begin anew.
      this.#revisions.delete(lobby)
      this.#own.delete(lobby)
    })
  }

  signal(signal: BrokerSignal): void {
    this.#hear(`signal ${signal.data}`, () => {
      const { lobby, session, sequence, to, type } = signal
      if (this.#sessions.get(lobby)?.has(session) !== true) this.#unknown.add(session)
      const receiver = this.lobbies.get(lobby)?.members.get(to)
      if (receiver !== undefined && receiver.node !== this.node.id)
        this.#violated(`a signal for ${to}, who is elsewhere`)
      const pair = JSON.stringify([lobby, session, to, type])
      const isLateAllowed = this.#moved.has(JSON.stringify([lobby, to]))
      if (!isLateAllowed && sequence <= (this.#sequences.get(pair) ?? -1))
        this.#violated(`signal ${sequence} of ${pair} is old`)
      this.#sequences.set(pair, sequence)
      this.signals.push(signal)
    })
  }

  available(isAvailable: boolean): void {
    this.#hear(isAvailable ? 'available' : 'unavailable', () => undefined)
  }

  async create(name: string, request: Partial<CreateLobby> = {}): Promise<BrokerReply> {
    return this.#enter(name, 1, this.node.create(creation(name, request)))
  }

  async join(lobby: string, id: number): Promise<BrokerReply> {
    const { session, tokenHash } = member(lobby, id)
    return this.#enter(lobby, id, this.node.join({ lobby, id, session, tokenHash }))
  }

  async resume(lobby: string, id: number, tokenHash = member(lobby, id).tokenHash): Promise<BrokerReply> {
    this.expectLate(lobby, id)
    return this.#enter(lobby, id, this.node.resume({ lobby, id, tokenHash }))
  }

  /** A member is about to come from another server: signals that are on their way there may come after newer ones. */
  expectLate(lobby: string, id: number): void {
    this.#moved.add(JSON.stringify([lobby, id]))
  }

  async leave(lobby: string, id: number, session = member(lobby, id).session): Promise<void> {
    if (session === member(lobby, id).session) this.#own.get(lobby)?.delete(id)
    await this.node.leave(lobby, id, session)
    this.#forgetIfEmpty(lobby)
  }

  async seal(lobby: string, by: number): Promise<BrokerReply> {
    return this.#checked(await this.node.seal(lobby, by))
  }

  async setMetadata(lobby: string, by: number, metadata: string): Promise<BrokerReply> {
    return this.#checked(await this.node.setMetadata(lobby, by, metadata))
  }

  signals$(lobby: string, to: number): string[] {
    return this.signals.filter((signal) => signal.lobby === lobby && signal.to === to).map(({ data }) => data)
  }

  async #enter(lobby: string, id: number, operation: Promise<BrokerReply>): Promise<BrokerReply> {
    this.#entering.set(lobby, (this.#entering.get(lobby) ?? 0) + 1)
    try {
      return this.#arrived(id, await operation)
    } finally {
      this.#entering.set(lobby, (this.#entering.get(lobby) ?? 0) - 1)
      this.#forgetIfEmpty(lobby)
    }
  }

  /** A server whose last member left is not told of the lobby any more; but one of whom it was told may still wait for the answer to its join. */
  #forgetIfEmpty(lobby: string): void {
    if (this.#own.get(lobby)?.size === 0 && (this.#entering.get(lobby) ?? 0) === 0) this.lobbies.delete(lobby)
  }

  #arrived(id: number, reply: BrokerReply): BrokerReply {
    if ('lobby' in reply) {
      const { name } = reply.lobby
      this.#own.set(name, (this.#own.get(name) ?? new Set()).add(id))
    }
    return this.#checked(reply)
  }

  /** The promise of an operation resolves after `changed` has told what it led to. */
  #checked(reply: BrokerReply): BrokerReply {
    if ('lobby' in reply && this.#hasOwn(reply.lobby)) {
      const { name, revision } = reply.lobby
      if ((this.#revisions.get(name) ?? -1) < revision)
        this.#violated(`revision ${revision} of ${name} was not told first`)
    }
    return reply
  }

  #hasOwn({ members }: LobbyRecord): boolean {
    return [...members.values()].some(({ node }) => node === this.node.id)
  }

  #hear(what: string, take: () => void): void {
    this.heard.push(what)
    if (!this.#isConnected) this.#violated(`${what} before connect() returned`)
    if (this.#isBusy) this.#violated(`${what} while another call runs`)
    this.#isBusy = true
    take()
    this.#isBusy = false
  }

  #violated(rule: string): void {
    this.violations.push(rule)
  }
}

/** Session and token of a member, always the same for an id of a lobby unless a test says otherwise. */
export function member(lobby: string, id: number): TestMember {
  return { lobby, id, session: `session-${lobby}-${id}`, tokenHash: `hash-${lobby}-${id}` }
}

export function creation(name: string, request: Partial<CreateLobby> = {}): CreateLobby {
  const { session, tokenHash } = member(name, 1)
  return {
    name,
    mode: 'mesh',
    onHostLeave: 'keep',
    listed: true,
    maxMembers: 8,
    metadata: '',
    session,
    tokenHash,
    maxLobbies: 1000,
    ...request,
  }
}

export function accepted(reply: BrokerReply): LobbyRecord {
  if ('lobby' in reply) return reply.lobby
  throw new Error(`Expected that it succeeds; it was refused: ${reply.refused}.`)
}

export function refusalOf(reply: BrokerReply): BrokerRefusal {
  if ('refused' in reply) return reply.refused
  throw new Error('Expected that it is refused; it succeeded.')
}

/** What can be compared of a lobby. */
export function plain(lobby: LobbyRecord | undefined): object | null {
  if (lobby === undefined) return null
  const { name, mode, sealed, host, onHostLeave, listed, maxMembers, metadata, members } = lobby
  const list = [...members.values()].map(({ id, session, node }) => ({ id, session, node }))
  return { name, mode, sealed, host, onHostLeave, listed, maxMembers, metadata, members: list }
}
