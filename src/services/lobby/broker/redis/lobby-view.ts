import type { LobbyRecord } from '../broker.ts'
import { unavailable } from './connection.ts'
import { MovedMembers } from './moved-members.ts'
import type { Reports } from './reports.ts'
import { type StoredLobby, toStored, type WireReply, withMissing } from './wire.ts'

/** A member at this server. Its session changes if the member had been given up. */
interface OwnMember {
  session: string
  readonly tokenHash: string
}

/** A member that an operation under way may bring to this server. */
export interface Expected {
  readonly id: number
  /** Null for one that comes from another server with its own. */
  readonly session: string | null
  readonly tokenHash: string
  /** The server has been told that it came. */
  hasArrived: boolean
}

/** What this server knows of one lobby. */
interface Place {
  /** Members at this server, as told, but for those who are about to leave. */
  readonly own: Map<number, OwnMember>
  readonly expected: Set<Expected>
  /** Members of whom it is not known whether they came here: the connection was lost while they were asked for. */
  readonly uncertain: Map<number, Expected>
  /** Operations under way that take a member away. */
  leaving: number
  /** As last told. */
  lobby: StoredLobby | null
  /** Revision of the last change that was heard of, told or not. */
  revision: number
  waiting: { readonly revision: number; resolve(): void; reject(error: Error): void }[]
}

/** What is sent to Redis to bring back a lobby's members, after the connection was lost. */
export interface Restoration {
  readonly name: string
  readonly fields?: StoredLobby['fields']
  readonly members: readonly {
    readonly id: number
    readonly session: string
    /** The session that it gets if it was reported gone. */
    readonly fresh: string
    readonly tokenHash: string
    readonly order: number
    readonly since: number
  }[]
  /** The host was here, and has left. */
  readonly isHostGone: boolean
  /** Members who stay if they are here, though this server does not know. */
  readonly uncertain: readonly number[]
}

/** What a {@link LobbyView} needs. */
export interface LobbyViewPort {
  readonly node: string
  readonly reports: Reports
  newSession(): string
  /** The others have given this server's members up. */
  givenUp(): void
}

/**
 * The lobbies that have members at this server, as last heard of, and which members those are. Tells the server what changes. All changes come by the
 * server's channel, in Redis's order, those that its own operations made too; only a restoration looks at the answers instead.
 */
export class LobbyView {
  readonly #port: LobbyViewPort
  readonly #places = new Map<string, Place>()
  readonly #moved = new MovedMembers()

  constructor(port: LobbyViewPort) {
    this.#port = port
  }

  get names(): readonly string[] {
    return [...this.#places.keys()]
  }

  get size(): number {
    return this.#places.size
  }

  /** The server that a member is at; null if nothing is known of it. */
  locate(lobby: string, id: number): string | null {
    return this.#places.get(lobby)?.lobby?.members.get(id)?.node ?? this.#moved.where(lobby, id)
  }

  /** What was last told of a lobby; null if it has no member at this server. */
  told(lobby: string): LobbyRecord | null {
    return this.#places.get(lobby)?.lobby?.record ?? null
  }

  /** The session of a member at this server. */
  sessionOf(lobby: string, id: number): string | null {
    return this.#places.get(lobby)?.own.get(id)?.session ?? null
  }

  /** An operation begins that may bring a member here; {@link expectNoMore} when it has ended. */
  expect(name: string, expected: Expected): void {
    this.#place(name).expected.add(expected)
  }

  expectNoMore(name: string, expected: Expected): void {
    this.#place(name).expected.delete(expected)
    this.#tidy(name)
  }

  /** Whether it came is not known, and it would be lost if it were taken out: it had been there before. */
  leaveUncertain(name: string, expected: Expected): void {
    this.#place(name).uncertain.set(expected.id, expected)
  }

  /** Nobody has asked for it again. */
  forgetUncertain(name: string, id: number): void {
    this.#places.get(name)?.uncertain.delete(id)
    this.#tidy(name)
  }

  /** A member is about to leave; {@link left} when it has. @returns false if it is not here, or another stay of that id is. */
  leave(name: string, id: number, session: string): boolean {
    const place = this.#places.get(name)
    if (place?.own.get(id)?.session !== session) return false
    place.own.delete(id)
    place.leaving++
    return true
  }

  left(name: string): void {
    this.#place(name).leaving--
    this.#tidy(name)
  }

  /**
   * Resolves with the lobby as known when that change of it was heard of; null if it is closed by then, or has no member here.
   *
   * @throws MultiplayerError `ERR_UNAVAILABLE` if the connection is lost before.
   */
  async reached(name: string, revision: number): Promise<LobbyRecord | null> {
    const place = this.#places.get(name)
    if (place === undefined) return null
    if (place.revision < revision) {
      await new Promise<void>((resolve, reject) => place.waiting.push({ revision, resolve, reject }))
    }
    return this.told(name)
  }

  /** The connection was lost: nothing more is heard of what was asked for. */
  interrupt(): void {
    for (const place of this.#places.values()) {
      const { waiting } = place
      place.waiting = []
      for (const { reject } of waiting) reject(unavailable('The connection to Redis was lost meanwhile; try again'))
    }
  }

  /** Takes in what was published. */
  hear({ changed, closed }: WireReply): void {
    if (changed !== undefined) this.#changed(toStored(changed))
    if (closed !== undefined) this.#closed(closed.name, closed.revision ?? Infinity)
  }

  /** What a restoration is to bring back. */
  restoration(name: string): Restoration {
    const place = this.#places.get(name)
    const uncertain = [...(place?.uncertain.keys() ?? [])]
    if (place === undefined || place.lobby === null) return { name, members: [], uncertain, isHostGone: false }
    const { own, lobby } = place
    const members = [...own].map(([id, { session, tokenHash }]) => {
      const { order = 0, since = 0 } = lobby.members.get(id) ?? {}
      return { id, session, fresh: this.#port.newSession(), tokenHash, order, since }
    })
    const { fields } = lobby
    const host = lobby.members.get(Number(fields.host))
    const isHostGone = host?.node === this.#port.node && !own.has(host.id)
    return { name, fields, members, uncertain, isHostGone }
  }

  /** Takes in the answer to a {@link Restoration}. */
  restored(reply: WireReply): void {
    if (reply.changed === undefined) {
      this.hear(reply)
      return
    }
    const lobby = toStored(reply.changed)
    const place = this.#places.get(lobby.record.name)
    if (place === undefined) return
    for (const [id, { tokenHash }] of [...place.own, ...place.uncertain]) {
      const member = lobby.members.get(id)
      if (member?.node !== this.#port.node) continue
      place.own.set(id, { session: member.session, tokenHash })
      this.#moved.forget(lobby.record.name, id)
    }
    this.#changed(lobby, true)
  }

  /** @param isRestored - whoever is missing is not only given up, but gone. */
  #changed(incoming: StoredLobby, isRestored = false): void {
    const { name, revision } = incoming.record
    const place = this.#places.get(name)
    if (place === undefined || revision <= place.revision) return
    const lobby = place.lobby === null ? incoming : withMissing(place.lobby, incoming, this.#port.node)
    const before = [...place.own.keys()]
    if (!isRestored && before.some((id) => !lobby.members.has(id))) {
      this.#port.givenUp()
      return
    }
    place.revision = revision
    for (const id of before) {
      const node = lobby.members.get(id)?.node
      if (node === this.#port.node) continue
      place.own.delete(id)
      if (node !== undefined) this.#moved.note(name, id, node)
    }
    for (const expected of place.expected) if (this.#isArrival(expected, lobby)) this.#arrive(place, expected, lobby)
    if (before.length > 0 || place.own.size > 0) {
      place.lobby = lobby
      this.#port.reports.changed(lobby.record)
    }
    this.#progress(place)
    this.#tidy(name)
  }

  /** The lobby is gone. Its name may be used again, with a higher revision. */
  #closed(name: string, revision: number): void {
    const place = this.#places.get(name)
    if (place === undefined || revision <= place.revision) return
    const wasTold = place.lobby !== null
    place.own.clear()
    place.uncertain.clear()
    place.lobby = null
    if (Number.isFinite(revision)) place.revision = revision
    if (wasTold) this.#port.reports.closed(name)
    this.#progress(place)
    this.#tidy(name)
  }

  /** Whether this is the change that brought the member here: it joined with its session, or came with this very revision. */
  #isArrival({ id, session }: Expected, { members, record }: StoredLobby): boolean {
    const member = members.get(id)
    if (member?.node !== this.#port.node) return false
    return session === null ? member.since === record.revision : member.session === session
  }

  #arrive(place: Place, expected: Expected, lobby: StoredLobby): void {
    const { id, tokenHash } = expected
    const { session = '' } = lobby.members.get(id) ?? {}
    expected.hasArrived = true
    this.#moved.forget(lobby.record.name, id)
    place.own.set(id, { session, tokenHash })
    place.uncertain.delete(id)
  }

  #progress(place: Place): void {
    const { waiting } = place
    place.waiting = waiting.filter(({ revision }) => revision > place.revision)
    for (const { revision, resolve } of waiting) if (revision <= place.revision) resolve()
  }

  #place(name: string): Place {
    let place = this.#places.get(name)
    if (place === undefined) {
      place = {
        own: new Map(),
        expected: new Set(),
        uncertain: new Map(),
        leaving: 0,
        lobby: null,
        revision: 0,
        waiting: [],
      }
      this.#places.set(name, place)
    }
    return place
  }

  #tidy(name: string): void {
    const place = this.#places.get(name)
    if (place === undefined || place.leaving > 0) return
    // Without members here nothing more is told, not even its end.
    if (place.own.size === 0) place.lobby = null
    if ([place.own, place.expected, place.uncertain].every(({ size }) => size === 0)) this.#places.delete(name)
  }
}
