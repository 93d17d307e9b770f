import { randomUUID } from 'node:crypto'
import type { LobbySummary } from '../../../../protocol/lobby/extension.ts'
import type {
  BrokerListener,
  BrokerNode,
  BrokerReply,
  BrokerSignal,
  CreateLobby,
  JoinLobby,
  ResumeMember,
} from '../broker.ts'
import { type MakeClient, RedisConnection, unavailable } from './connection.ts'
import { Inbox } from './inbox.ts'
import { Lease } from './lease.ts'
import { LobbyView } from './lobby-view.ts'
import type { ResolvedOptions } from './options.ts'
import { Outbox } from './outbox.ts'
import { Reports } from './reports.ts'
import { Restorer } from './restorer.ts'
import type { ScriptName } from './scripts.ts'
import { UncertainMembers } from './uncertain-members.ts'
import { type LobbyFields, toStored, type WireLease, type WireReply } from './wire.ts'

/** What a {@link RedisBrokerNode} counts. */
export interface RedisBrokerStats {
  /** Lobbies that have members at this server. */
  readonly lobbies: number
  /** Servers at the broker, as last known. */
  readonly servers: number
  /** Signals from here that were not sent: their receivers had gone, or Redis or the receivers' server could not be reached and too much waited. */
  readonly droppedOutgoing: number
  /** Signals that came here for members who were not here any more. */
  readonly droppedIncoming: number
  /** How often this server has brought back its members, after the connection to Redis or its lease was lost. */
  readonly restored: number
}

/** A server's place at a Redis. */
export interface RedisBrokerNode extends BrokerNode {
  stats(): RedisBrokerStats
}

/** What brings a member here. */
interface Entering {
  readonly name: string
  readonly id: number
  readonly tokenHash: string
  readonly session?: string
  readonly maxLobbies?: number
  readonly fields?: object
}

/** Leases for which a member stays of whom it is not known whether it came back: clients that were told to try again do so within seconds. */
const UNCERTAIN_LEASES = 3

/** Lobbies that are settled at a time, so that Redis has time for others in between. */
const AT_A_TIME = 200

/** How many times the lease keys live on when no server is left to keep them. */
const TTL_LEASES = 20

/**
 * One server's place at a Redis. Every operation is one script, which publishes what it changed to all servers concerned, this one included; the operation has succeeded
 * when that has come back, so that all servers, and all listeners, see the same changes in the same order.
 */
export class RedisNode implements RedisBrokerNode {
  readonly id = randomUUID()

  readonly #options: ResolvedOptions
  readonly #reports: Reports
  readonly #view: LobbyView
  readonly #uncertain: UncertainMembers
  readonly #inbox: Inbox
  readonly #outbox: Outbox
  readonly #lease: Lease
  readonly #restorer: Restorer
  readonly #connection: RedisConnection
  #closing: Promise<void> | null = null

  constructor(make: MakeClient, options: ResolvedOptions, listener: BrokerListener) {
    this.#options = options
    const { logger, renewEvery, lease } = options
    this.#reports = new Reports(listener, logger)
    this.#view = new LobbyView({
      node: this.id,
      reports: this.#reports,
      newSession: randomUUID,
      givenUp: () => {
        this.#restorer.begin()
      },
    })
    this.#uncertain = new UncertainMembers({
      patience: UNCERTAIN_LEASES * lease,
      expired: (lobby, id) => {
        const session = this.#view.sessionOf(lobby, id)
        this.#view.forgetUncertain(lobby, id)
        if (session !== null) void this.leave(lobby, id, session)
      },
    })
    this.#inbox = new Inbox(this.id, this.#view, this.#reports, (signal) => {
      this.#outbox.put(signal)
    })
    this.#connection = new RedisConnection(make, options, {
      ready: () => {
        this.#restorer.begin()
      },
      broken: () => {
        this.#restorer.interrupt()
      },
      message: (text) => {
        if (!this.#inbox.put(text)) this.#connection.reset()
      },
    })
    this.#outbox = new Outbox({
      node: this.id,
      patience: lease,
      locate: ({ lobby, to }) => this.#view.locate(lobby, to),
      publish: (node, signals) => this.#connection.publish(this.#channel(node), JSON.stringify(signals)),
    })
    this.#lease = new Lease({
      renewEvery,
      logger,
      renew: async (values) => {
        const reply = (await this.#run('renew', values)) as WireLease & WireReply
        return reply.stale === true ? null : reply
      },
      ping: () => this.#connection.ping(),
      lost: () => {
        this.#restorer.begin()
      },
      recovered: () => void this.#settle(),
    })
    this.#restorer = new Restorer({
      view: this.#view,
      inbox: this.#inbox,
      outbox: this.#outbox,
      lease: this.#lease,
      logger,
      retryAfter: renewEvery,
      prepare: async () => {
        await this.#connection.loadScripts()
        await this.#connection.subscribe(this.#channel(this.id))
      },
      run: (name, values) => this.#run(name, values),
      available: (isAvailable) => {
        this.#reports.available(isAvailable)
      },
    })
  }

  /** @throws MultiplayerError `ERR_UNAVAILABLE`, and nothing is open any more. */
  async open(): Promise<this> {
    await this.#connection.open()
    try {
      await this.#restorer.first()
    } catch (error) {
      await this.close()
      throw error
    }
    return this
  }

  get isAvailable(): boolean {
    return this.#restorer.isAvailable
  }

  async isAlone(): Promise<boolean> {
    return (await this.#lease.count()) <= 1
  }

  async create(request: CreateLobby): Promise<BrokerReply> {
    const { name, session, tokenHash, maxLobbies, mode, onHostLeave, listed, maxMembers, metadata } = request
    const fields: Omit<LobbyFields, 'created' | 'base' | 'revision'> = {
      birth: session,
      mode,
      sealed: '0',
      host: '1',
      onHostLeave,
      listed: listed ? '1' : '0',
      maxMembers: String(maxMembers),
      metadata,
    }
    return this.#enter('create', { name, id: 1, session, tokenHash, maxLobbies, fields })
  }

  async join({ lobby, id, session, tokenHash }: JoinLobby): Promise<BrokerReply> {
    return this.#enter('join', { name: lobby, id, session, tokenHash })
  }

  async resume({ lobby, id, tokenHash }: ResumeMember): Promise<BrokerReply> {
    return this.#enter('resume', { name: lobby, id, tokenHash })
  }

  async leave(lobby: string, id: number, session: string): Promise<void> {
    if (!this.#view.leave(lobby, id, session)) return
    try {
      if (this.isAvailable) {
        const { changed, closed } = await this.#operate('leave', { name: lobby, id, session })
        await this.#view.reached(lobby, Number(changed?.fields.revision ?? closed?.revision ?? 0))
      } else this.#restorer.leaveLater(lobby, id)
    } catch {
      // The restoration that follows takes out who is not here any more.
    } finally {
      this.#view.left(lobby)
    }
  }

  async seal(lobby: string, by: number): Promise<BrokerReply> {
    return this.#change(lobby, by, 'sealed', '1')
  }

  async setMetadata(lobby: string, by: number, metadata: string): Promise<BrokerReply> {
    return this.#change(lobby, by, 'metadata', metadata)
  }

  async list(limit: number, only?: string): Promise<readonly LobbySummary[]> {
    this.#mustBeAvailable()
    return limit < 1 ? [] : ((await this.#run('list', { limit, only })) as LobbySummary[])
  }

  async countLobbies(): Promise<number> {
    this.#mustBeAvailable()
    return Number(await this.#run('count', {}))
  }

  signal(signal: BrokerSignal): void {
    if (this.#closing === null) this.#outbox.put(signal)
  }

  stats(): RedisBrokerStats {
    return {
      lobbies: this.#view.size,
      servers: this.#lease.servers,
      droppedOutgoing: this.#outbox.dropped,
      droppedIncoming: this.#inbox.dropped,
      restored: this.#restorer.restored,
    }
  }

  close(): Promise<void> {
    this.#closing ??= this.#close()
    return this.#closing
  }

  async #close(): Promise<void> {
    this.#reports.close()
    this.#restorer.close()
    this.#outbox.close()
    this.#uncertain.close()
    try {
      while (this.#connection.isUp && Number(await this.#run('unregister', {})) > 0);
    } catch (error) {
      this.#options.logger.warn({ err: error }, 'Redis could not be told of the close; the lease will run out.')
    }
    await this.#connection.close()
  }

  async #enter(script: 'create' | 'join' | 'resume', values: Entering): Promise<BrokerReply> {
    this.#mustBeAvailable()
    const { name, id, tokenHash, session = null } = values
    const expected = { id, session, tokenHash, hasArrived: false }
    this.#view.expect(name, expected)
    let reply: WireReply | null = null
    try {
      reply = await this.#operate(script, values)
      if (reply.changed === undefined) return refusal(reply)
      const lobby = await this.#view.reached(name, Number(reply.changed.fields.revision))
      this.#uncertain.remove(name, id)
      return lobby === null ? { refused: 'lobby-not-found' } : { lobby }
    } catch (error) {
      if (reply !== null && reply.changed === undefined) throw error
      const lobby = this.#view.told(name)
      if (expected.hasArrived && lobby !== null) return { lobby }
      if (script === 'resume' && this.#closing === null) {
        this.#view.leaveUncertain(name, expected)
        this.#uncertain.add(name, id)
      }
      throw error
    } finally {
      this.#view.expectNoMore(name, expected)
    }
  }

  async #change(name: string, by: number, field: 'sealed' | 'metadata', value: string): Promise<BrokerReply> {
    this.#mustBeAvailable()
    const reply = await this.#operate('change', { name, by, field, value })
    if (reply.changed === undefined) return refusal(reply)
    const { record } = toStored(reply.changed)
    return { lobby: (await this.#view.reached(name, record.revision)) ?? record }
  }

  /** What is still missing when everyone has had the time to bring it back is gone. */
  async #settle(): Promise<void> {
    const { names } = this.#view
    try {
      for (let first = 0; first < names.length; first += AT_A_TIME) {
        const some = names.slice(first, first + AT_A_TIME)
        for (const { closed } of await Promise.all(some.map((name) => this.#operate('settle', { name })))) {
          if (closed !== undefined) this.#view.hear({ closed })
        }
      }
    } catch {
      // Interrupted: there will be another restoration, and this again.
    }
  }

  #mustBeAvailable(): void {
    if (this.#closing !== null) throw unavailable('This server has left its broker; connect() again')
    if (!this.isAvailable) throw unavailable('Redis cannot be reached at present; try again')
  }

  /** Runs a script that may change something. @throws MultiplayerError `ERR_UNAVAILABLE` also if the outcome counts for nothing, since a restoration has begun. */
  async #operate(name: ScriptName, values: object): Promise<WireReply> {
    const { count } = this.#restorer
    const isCurrent = (): boolean => count === this.#restorer.count && this.isAvailable
    let reply: WireReply
    try {
      reply = (await this.#run(name, values)) as WireReply
    } catch (error) {
      // Redis stands, but refuses, maybe half way: the restoration brings it to what this server's members are.
      if (isCurrent()) this.#restorer.begin()
      throw error
    }
    if (reply.stale === true && isCurrent()) this.#restorer.begin()
    if (!isCurrent()) throw unavailable('The connection to Redis was lost meanwhile; try again')
    return reply
  }

  #run(name: ScriptName, values: object): Promise<unknown> {
    const { lease } = this.#options
    const { token } = this.#restorer
    return this.#connection.run(name, { ...values, node: this.id, token, lease, ttl: lease * TTL_LEASES })
  }

  #channel(node: string): string {
    return `${this.#options.prefix}node:${node}`
  }
}

function refusal({ refused = 'lobby-not-found', recovering }: WireReply): BrokerReply {
  if (recovering === true) throw unavailable('Redis has lost its data, and they are being restored; try again')
  return { refused }
}
