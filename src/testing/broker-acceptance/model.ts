import type { BrokerRefusal, CreateLobby } from '../../services/lobby/broker/broker.ts'

interface ModelMember {
  readonly id: number
  readonly session: string
  node: string
  readonly tokenHash: string
}

interface ModelLobby {
  readonly request: CreateLobby
  sealed: boolean
  host: number
  metadata: string
  readonly members: Map<number, ModelMember>
}

/** What a broker does, said as simply as can be. Where several refusals apply, any of them will do; none: it is to succeed. */
export class BrokerModel {
  readonly lobbies = new Map<string, ModelLobby>()

  create(node: string, request: CreateLobby): BrokerRefusal[] {
    const { name, session, tokenHash, metadata, maxLobbies } = request
    const refusals = these({
      'lobby-exists': this.lobbies.has(name),
      'too-many-lobbies': this.lobbies.size >= maxLobbies,
    })
    if (refusals.length === 0) {
      const members = new Map([[1, { id: 1, session, node, tokenHash }]])
      this.lobbies.set(name, { request, sealed: false, host: 1, metadata, members })
    }
    return refusals
  }

  join(node: string, name: string, member: Omit<ModelMember, 'node'>): BrokerRefusal[] {
    const lobby = this.lobbies.get(name)
    if (lobby === undefined) return ['lobby-not-found']
    const refusals = these({
      'lobby-sealed': lobby.sealed,
      'lobby-full': lobby.members.size >= lobby.request.maxMembers,
      'id-taken': lobby.members.has(member.id),
    })
    if (refusals.length === 0) lobby.members.set(member.id, { ...member, node })
    return refusals
  }

  resume(node: string, name: string, id: number, tokenHash: string): BrokerRefusal[] {
    const lobby = this.lobbies.get(name)
    if (lobby === undefined) return ['lobby-not-found']
    const member = lobby.members.get(id)
    if (member?.tokenHash !== tokenHash) return ['token-invalid']
    member.node = node
    return []
  }

  leave(node: string, name: string, id: number, session: string): void {
    const lobby = this.lobbies.get(name)
    const member = lobby?.members.get(id)
    if (lobby === undefined || member?.session !== session || member.node !== node) return
    lobby.members.delete(id)
    const [heir] = lobby.members.keys()
    if (heir === undefined || (id === lobby.host && lobby.request.onHostLeave === 'close')) this.lobbies.delete(name)
    else if (id === lobby.host) lobby.host = heir
  }

  seal(name: string, by: number): BrokerRefusal[] {
    const lobby = this.lobbies.get(name)
    if (lobby === undefined) return ['lobby-not-found']
    if (lobby.host !== by) return ['not-host']
    lobby.sealed = true
    return []
  }

  setMetadata(name: string, by: number, metadata: string): BrokerRefusal[] {
    const lobby = this.lobbies.get(name)
    if (lobby === undefined) return ['lobby-not-found']
    if (lobby.host !== by) return ['not-host']
    lobby.metadata = metadata
    return []
  }

  /** The lobbies that a server is to know, by name, to be compared with what it was told. */
  knownTo(node: string): Map<string, object> {
    const known = new Map<string, object>()
    for (const [name, { request, sealed, host, metadata, members }] of this.lobbies) {
      const list = [...members.values()].map(({ id, session, node: at }) => ({ id, session, node: at }))
      if (list.every((member) => member.node !== node)) continue
      const { mode, onHostLeave, listed, maxMembers } = request
      known.set(name, { name, mode, sealed, host, onHostLeave, listed, maxMembers, metadata, members: list })
    }
    return known
  }

  listed(): string[] {
    return [...this.lobbies]
      .filter(([, { request, sealed, members }]) => request.listed && !sealed && members.size < request.maxMembers)
      .map(([name]) => name)
      .sort()
  }
}

/** The refusals that apply. */
function these(reasons: Partial<Record<BrokerRefusal, boolean>>): BrokerRefusal[] {
  return (Object.keys(reasons) as BrokerRefusal[]).filter((reason) => reasons[reason])
}
