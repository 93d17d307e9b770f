import type { LobbySummary } from '../../../protocol/lobby/extension.ts'
import { MultiplayerError } from '../../../multiplayer-error.ts'
import type {
  BrokerListener,
  BrokerNode,
  BrokerRefusal,
  BrokerReply,
  BrokerSignal,
  CreateLobby,
  JoinLobby,
  LobbyBroker,
  LobbyRecord,
  ResumeMember,
} from './broker.ts'
import { NodeInbox } from './node-inbox.ts'

/** A lobby, and what its members' tokens are compared with, by id. */
interface StoredLobby {
  readonly record: LobbyRecord
  readonly tokens: ReadonlyMap<number, string>
}

interface Store {
  readonly lobbies: Map<string, StoredLobby>
  readonly inboxes: Map<string, NodeInbox>
}

/**
 * A broker in this process's memory: for one server, or for several in one process. Always available; what it knows ends with the process.
 *
 * @example
 * ```ts
 * import { createLobbyServer, memoryBroker } from 'webrtc-multiplayer/lobby-server'
 *
 * const broker = memoryBroker()
 * const one = await createLobbyServer({ port: 0, broker })
 * const two = await createLobbyServer({ port: 0, broker })
 * console.log(one.url, two.url) // members of one lobby may be at either
 * await Promise.all([one.close(), two.close()])
 * ```
 */
export function memoryBroker(): LobbyBroker {
  const store: Store = { lobbies: new Map(), inboxes: new Map() }
  let count = 0
  return {
    connect: (listener: BrokerListener) => {
      const id = `memory-${++count}`
      store.inboxes.set(id, new NodeInbox(listener))
      return Promise.resolve(new MemoryNode(id, store))
    },
  }
}

class MemoryNode implements BrokerNode {
  readonly id: string
  readonly #store: Store
  #isClosed = false

  constructor(id: string, store: Store) {
    this.id = id
    this.#store = store
  }

  get isAvailable(): boolean {
    return !this.#isClosed
  }

  isAlone(): Promise<boolean> {
    return Promise.resolve(this.#store.inboxes.size <= 1)
  }

  create({ session, tokenHash, maxLobbies, ...description }: CreateLobby): Promise<BrokerReply> {
    return this.#run(({ lobbies }) => {
      if (lobbies.has(description.name)) return refused('lobby-exists')
      if (lobbies.size >= maxLobbies) return refused('too-many-lobbies')
      const members = new Map([[1, { id: 1, session, node: this.id }]])
      const record: LobbyRecord = { ...description, sealed: false, host: 1, revision: 1, members }
      return this.#put({ record, tokens: new Map([[1, tokenHash]]) })
    })
  }

  join({ lobby, id, session, tokenHash }: JoinLobby): Promise<BrokerReply> {
    return this.#run(({ lobbies }) => {
      const stored = lobbies.get(lobby)
      if (stored === undefined) return refused('lobby-not-found')
      const { record, tokens } = stored
      if (record.sealed) return refused('lobby-sealed')
      if (record.members.size >= record.maxMembers) return refused('lobby-full')
      if (record.members.has(id)) return refused('id-taken')
      const members = new Map(record.members).set(id, { id, session, node: this.id })
      return this.#put({ record: { ...record, members }, tokens: new Map(tokens).set(id, tokenHash) })
    })
  }

  resume({ lobby, id, tokenHash }: ResumeMember): Promise<BrokerReply> {
    return this.#run(({ lobbies }) => {
      const stored = lobbies.get(lobby)
      if (stored === undefined) return refused('lobby-not-found')
      const { record, tokens } = stored
      const member = record.members.get(id)
      if (member === undefined || tokenHash === '' || tokens.get(id) !== tokenHash) return refused('token-invalid')
      const members = new Map(record.members).set(id, { ...member, node: this.id })
      return this.#put({ record: { ...record, members }, tokens }, member.node)
    })
  }

  leave(lobby: string, id: number, session: string): Promise<void> {
    const member = this.#store.lobbies.get(lobby)?.record.members.get(id)
    if (member?.session === session && member.node === this.id) this.#remove(lobby, id)
    return Promise.resolve()
  }

  seal(lobby: string, by: number): Promise<BrokerReply> {
    return this.#change(lobby, by, { sealed: true })
  }

  setMetadata(lobby: string, by: number, metadata: string): Promise<BrokerReply> {
    return this.#change(lobby, by, { metadata })
  }

  list(limit: number, only?: string): Promise<readonly LobbySummary[]> {
    return this.#run(({ lobbies }) => {
      const found: LobbySummary[] = []
      for (const { record } of lobbies.values()) {
        if (found.length >= limit) break
        const { name, mode, listed, sealed, members, maxMembers, metadata } = record
        if ((only !== undefined && name !== only) || !listed || sealed || members.size >= maxMembers) continue
        found.push({ name, mode, members: members.size, maxMembers, metadata })
      }
      return found
    })
  }

  countLobbies(): Promise<number> {
    return Promise.resolve(this.#store.lobbies.size)
  }

  signal(signal: BrokerSignal): void {
    const receiver = this.#store.lobbies.get(signal.lobby)?.record.members.get(signal.to)
    if (this.#isClosed || receiver === undefined) return
    this.#tell([receiver.node], (listener) => {
      listener.signal(signal)
    })
  }

  close(): Promise<void> {
    if (this.#isClosed) return Promise.resolve()
    this.#isClosed = true
    this.#store.inboxes.get(this.id)?.close()
    this.#store.inboxes.delete(this.id)
    for (const { record } of [...this.#store.lobbies.values()]) {
      for (const { id, node } of record.members.values()) if (node === this.id) this.#remove(record.name, id)
    }
    return Promise.resolve()
  }

  /** Carries out an operation at once, so that operations happen in the order in which they are called. */
  #run<Reply>(operation: (store: Store) => Reply): Promise<Reply> {
    if (!this.#isClosed) return Promise.resolve(operation(this.#store))
    return Promise.reject(new MultiplayerError('ERR_UNAVAILABLE', 'This server has left its broker; connect() again.'))
  }

  #change(lobby: string, by: number, change: Partial<Pick<LobbyRecord, 'sealed' | 'metadata'>>): Promise<BrokerReply> {
    return this.#run(({ lobbies }) => {
      const stored = lobbies.get(lobby)
      if (stored === undefined) return refused('lobby-not-found')
      if (stored.record.host !== by) return refused('not-host')
      return this.#put({ ...stored, record: { ...stored.record, ...change } })
    })
  }

  #remove(lobby: string, id: number): void {
    const stored = this.#store.lobbies.get(lobby)
    if (stored === undefined) return
    const { record } = stored
    const members = new Map(record.members)
    members.delete(id)
    const [heir] = members.keys()
    if (heir === undefined || (id === record.host && record.onHostLeave === 'close')) {
      this.#store.lobbies.delete(lobby)
      this.#tell(nodesOf(record), (listener) => {
        listener.closed(lobby)
      })
      return
    }
    const tokens = new Map(stored.tokens)
    tokens.delete(id)
    this.#put({ record: { ...record, members, host: id === record.host ? heir : record.host }, tokens })
  }

  /** Takes over a changed lobby and tells every server that has a member in it, and the one that `movedFrom` names. */
  #put({ record, tokens }: StoredLobby, movedFrom?: string): BrokerReply {
    const { lobbies } = this.#store
    const revision = (lobbies.get(record.name)?.record.revision ?? 0) + 1
    const next = { ...record, revision }
    lobbies.set(next.name, { record: next, tokens })
    const nodes = nodesOf(next)
    if (movedFrom !== undefined) nodes.add(movedFrom)
    this.#tell(nodes, (listener) => {
      listener.changed(next)
    })
    return { lobby: next }
  }

  #tell(nodes: Iterable<string>, what: (listener: BrokerListener) => void): void {
    const inboxes = [...nodes].flatMap((node) => this.#store.inboxes.get(node) ?? [])
    for (const inbox of inboxes) inbox.put(what)
    for (const inbox of inboxes) inbox.deliver()
  }
}

function nodesOf({ members }: LobbyRecord): Set<string> {
  return new Set([...members.values()].map(({ node }) => node))
}

function refused(reason: BrokerRefusal): BrokerReply {
  return { refused: reason }
}
