import type { LobbyRecord } from '../../../../src/services/lobby/broker/broker.ts'
import { type RedisBrokerOptions, redisBroker } from '../../../../src/services/lobby/broker/redis-broker.ts'
import type { RedisBrokerNode } from '../../../../src/services/lobby/broker/redis-broker.ts'
import { accepted, TestServer } from '../../../../src/testing/broker-acceptance/test-server.ts'
import { Child } from '../../../support/child-process.ts'
import { waitFor } from '../../../support/real-time.ts'
import { RedisServer } from '../../../support/redis-server.ts'
import { TcpGate } from '../../../support/tcp-gate.ts'
import type { News, Order } from './children/broker-process.ts'

/** Milliseconds after which a server is given up; short, so that tests take seconds. */
export const LEASE = 600

/** A server in this process, with a way to Redis of its own. */
export interface GatedServer {
  readonly gate: TcpGate
  readonly server: TestServer
  readonly node: RedisBrokerNode
}

/** A Redis and servers at it; everything is closed by {@link dispose}. */
export class RedisWorld {
  readonly redis: RedisServer
  readonly servers: GatedServer[] = []
  readonly children: Child<News>[] = []

  private constructor(redis: RedisServer) {
    this.redis = redis
  }

  static async open(servers = 0, options: { readonly directory?: string } = {}): Promise<RedisWorld> {
    const world = new RedisWorld(await RedisServer.start(options))
    for (let count = 0; count < servers; count++) await world.connect()
    return world
  }

  async connect(options: RedisBrokerOptions = {}): Promise<GatedServer> {
    const gate = await TcpGate.open(this.redis.port)
    const broker = redisBroker(`redis://127.0.0.1:${gate.port}`, { prefix: 'world:', lease: LEASE, ...options })
    const server = await TestServer.connect(broker).catch(async (error: unknown) => {
      await gate.close()
      throw error
    })
    const connected = { gate, server, node: server.node as RedisBrokerNode }
    this.servers.push(connected)
    return connected
  }

  /** A server in a process of its own, which can be killed or stopped. */
  async spawn(): Promise<Child<News>> {
    const script = 'test/services/lobby/broker/children/broker-process.ts'
    const child = await Child.start<News>(script, this.redis.url, 'world:', String(LEASE))
    this.children.push(child)
    await waitFor(() => child.news.length > 0 || child.errors !== '', 'the child is connected')
    if (child.news.length === 0) throw new Error(child.errors)
    return child
  }

  at(index: number): GatedServer {
    const server = this.servers[index % this.servers.length]
    if (server === undefined) throw new Error('There is no server.')
    return server
  }

  /** A lobby with members 1 to `count`, each at the next server. */
  async lobby(name: string, count: number, onHostLeave: 'keep' | 'close' = 'keep'): Promise<LobbyRecord> {
    accepted(await this.at(0).server.create(name, { onHostLeave, maxMembers: 100 }))
    for (let id = 2; id <= count; id++) accepted(await this.at(id - 1).server.join(name, id))
    await this.agree(name)
    return this.known(name)
  }

  /** What the first server knows of a lobby. */
  known(name: string): LobbyRecord {
    const lobby = this.at(0).server.lobbies.get(name)
    if (lobby === undefined) throw new Error(`Nothing is known of ${name}.`)
    return lobby
  }

  /** Until all servers that have members in a lobby know the same. */
  async agree(name: string): Promise<void> {
    await waitFor(() => {
      const known = this.servers
        .map(({ server }) => server.lobbies.get(name)?.revision)
        .filter((one) => one !== undefined)
      return known.length > 0 && new Set(known).size === 1
    }, `all know the same of ${name}`)
  }

  /** Has a child's server take in a member, and waits until the first server knows of it. */
  async joinInChild(child: Child<News>, name: string, id: number): Promise<void> {
    await order(child, { join: name, id })
    await waitFor(() => this.known(name).members.has(id), `the first server knows member ${id} of ${name}`)
  }

  async allAvailable(isAvailable = true): Promise<void> {
    await waitFor(
      () => this.servers.every(({ node }) => node.isAvailable === isAvailable),
      `all servers are ${isAvailable ? 'available' : 'unavailable'}`,
    )
  }

  /** No rule of the contract was broken at any server. */
  violations(): string[] {
    return this.servers.flatMap(({ server }) => server.violations)
  }

  async dispose(): Promise<void> {
    await Promise.all(this.servers.map(({ node }) => node.close()))
    await Promise.all(this.servers.map(({ gate }) => gate.close()))
    await Promise.all(this.children.map((child) => child.kill()))
    await this.redis.kill()
  }
}

/** Has a child do something, and waits until it has. */
export async function order(child: Child<News>, what: Order): Promise<void> {
  const { length } = child.news
  const outcome = (): News | undefined => child.news.slice(length).find((news) => 'done' in news || 'failed' in news)
  child.tell(what)
  await waitFor(() => outcome() !== undefined, `the child has done ${JSON.stringify(what)}`)
  const news = outcome()
  if (news !== undefined && 'failed' in news) throw new Error(news.failed)
}

/** The sessions of a lobby's members, by id, in their order. */
export function sessionsOf(lobby: LobbyRecord | undefined): [number, string][] {
  return [...(lobby?.members.values() ?? [])].map(({ id, session }) => [id, session])
}
