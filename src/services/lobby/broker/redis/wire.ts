import type { HostLeavePolicy, LobbyMode } from '../../../../protocol/lobby/extension.ts'
import type { BrokerRefusal, BrokerSignal, LobbyMember, LobbyRecord } from '../broker.ts'

/** A lobby's hash in Redis, all text. */
export interface LobbyFields {
  /** Session of who made it: another lobby that had the same name before had another one. */
  readonly birth: string
  /** Revision at which it was made. */
  readonly created: string
  /** Revision at which `sealed`, `host` or `metadata` changed last. */
  readonly base: string
  readonly mode: string
  readonly sealed: string
  readonly host: string
  readonly onHostLeave: string
  readonly listed: string
  readonly maxMembers: string
  readonly metadata: string
  readonly revision: string
  /** Servers that have brought back their members since data were lost, each followed by a space. */
  readonly settled?: string
}

/** A member in Redis. */
export interface WireMember extends LobbyMember {
  /** Revision at which it joined. */
  readonly order: number
  /** Revision at which it came to its server. */
  readonly since: number
}

interface WireLobby {
  readonly name: string
  readonly fields: LobbyFields
  readonly recovering: boolean
  /** In no order. */
  readonly members: readonly WireMember[]
}

/** What a script answers, and publishes. */
export interface WireReply {
  readonly changed?: WireLobby
  /** Without a revision it was gone before. */
  readonly closed?: { readonly name: string; readonly revision: number | null }
  readonly refused?: BrokerRefusal
  readonly recovering?: boolean
  readonly stale?: boolean
}

/** Signals for members at one server. */
export interface WireSignals {
  readonly signals: readonly BrokerSignal[]
  /** The server that sends them. */
  readonly from: string
  /** Grows with each batch of that server. */
  readonly batch: number
}

/** What comes on a server's channel. */
export type WireMessage = Pick<WireReply, 'changed' | 'closed'> & Partial<WireSignals>

/** What a renewal answers. */
export interface WireLease {
  /** Redis's time, from which on the lease has been held without a gap. */
  readonly since: number
  readonly servers: number
  readonly recovering: boolean
  /** There are more members of lost servers to be removed. */
  readonly more: boolean
  readonly swept: readonly string[]
}

/** What taking a lease answers. */
export interface WirePlace extends Pick<WireLease, 'since' | 'servers' | 'recovering'> {
  /** Which process Redis is; empty if it does not say. */
  readonly run: string
  /** Lobbies in which this server has members, as Redis knows. */
  readonly lobbies: readonly string[]
}

/** A lobby as Redis knows it, with what is needed to bring it back. */
export interface StoredLobby {
  readonly record: LobbyRecord
  readonly fields: LobbyFields
  readonly members: ReadonlyMap<number, WireMember>
  readonly recovering: boolean
}

/** A lobby from what a script says of it. */
export function toStored({ name, fields, members, recovering }: WireLobby): StoredLobby {
  return store(name, fields, members, recovering)
}

/**
 * While servers bring back what they know after a loss of data, a member whose server has not done so yet is still there, though Redis does not know it.
 *
 * @param own - the server for which this is asked; it knows best about its own members.
 */
export function withMissing(before: StoredLobby, now: StoredLobby, own: string): StoredLobby {
  if (!now.recovering || before.fields.birth !== now.fields.birth) return now
  const settled = new Set((now.fields.settled ?? '').split(' '))
  const missing = [...before.members.values()].filter(
    ({ id, node }) => node !== own && !now.members.has(id) && !settled.has(node),
  )
  return missing.length === 0
    ? now
    : store(now.record.name, now.fields, [...now.members.values(), ...missing], now.recovering)
}

function store(name: string, fields: LobbyFields, members: readonly WireMember[], recovering: boolean): StoredLobby {
  const ordered = [...members].sort((a, b) => a.order - b.order)
  const record: LobbyRecord = {
    name,
    mode: fields.mode as LobbyMode,
    sealed: fields.sealed === '1',
    host: hostOf(fields, ordered),
    onHostLeave: fields.onHostLeave as HostLeavePolicy,
    listed: fields.listed === '1',
    maxMembers: Number(fields.maxMembers),
    metadata: fields.metadata,
    revision: Number(fields.revision),
    members: new Map(ordered.map(({ id, session, node }) => [id, { id, session, node }])),
  }
  return { record, fields, members: new Map(ordered.map((member) => [member.id, member])), recovering }
}

/** After a loss of data the next host is only chosen when all servers have brought back their members; until then it is who would be it as far as is known. */
function hostOf({ host }: LobbyFields, ordered: readonly WireMember[]): number {
  const isThere = ordered.some(({ id }) => id === Number(host))
  return isThere ? Number(host) : (ordered[0]?.id ?? Number(host))
}

/** Text that is no valid Unicode would be refused by Redis's JSON reader; its broken characters become U+FFFD. */
export function encodeArguments(values: object): string {
  return JSON.stringify(values, (_key, value: unknown) =>
    typeof value === 'string' ? value.replace(/\p{Surrogate}/gu, '\ufffd') : value,
  )
}
