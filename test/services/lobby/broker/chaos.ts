import type { BrokerReply } from '../../../../src/services/lobby/broker/broker.ts'
import { Random } from '../../../../src/transport/simulated/random.ts'
import { accepted } from '../../../../src/testing/broker-acceptance/test-server.ts'
import { wait, waitFor } from '../../../support/real-time.ts'
import { type GatedServer, LEASE, RedisWorld } from './support.ts'

const SERVERS = 3
const LOBBIES = ['a', 'b']
const CLIENTS = 12
/** Milliseconds during which things break. */
const DURATION = 4000
const FAULTS = 5
/** Milliseconds after which a server takes out a member whose socket went elsewhere, if it has not heard that it moved. */
const GRACE = 1000

/** A client as it knows itself. */
interface Client {
  readonly lobby: string
  id: number
  tokenHash: string
  /** Where it is a member; null for nowhere. */
  at: number | null
}

/**
 * Clients join, move and leave at three servers, while Redis dies and comes back empty, ways to it are cut or swallow everything, and maybe one server dies. In each lobby every server has a
 * member that never leaves, so no lobby ends. When all is mended, exactly those are members who would say so of themselves.
 */
export class Chaos {
  readonly #random: Random
  readonly #world: RedisWorld
  readonly #clients: Client[] = []
  readonly #dead = new Set<number>()
  readonly #graces: Promise<void>[] = []
  #isOver = false
  #numbers = 100

  private constructor(world: RedisWorld, random: Random) {
    this.#world = world
    this.#random = random
  }

  /** Rejects with what was not as it should be. */
  static async run(seed: number): Promise<void> {
    const world = await RedisWorld.open(SERVERS)
    const chaos = new Chaos(world, new Random(seed))
    try {
      await chaos.#begin()
      const clients = chaos.#clients.filter(({ at }) => at === null).map((client) => chaos.#live(client))
      await chaos.#break()
      chaos.#isOver = true
      await Promise.all(clients)
      await Promise.all(chaos.#graces)
      await chaos.#compare()
    } catch (cause) {
      throw new Error(`Chaos of seed ${seed}: ${String(cause)}`, { cause })
    } finally {
      chaos.#isOver = true
      await world.dispose()
    }
  }

  async #begin(): Promise<void> {
    for (const lobby of LOBBIES) {
      await this.#world.lobby(lobby, SERVERS)
      for (let id = 1; id <= SERVERS; id++) {
        this.#clients.push({ lobby, id, tokenHash: `hash-${lobby}-${id}`, at: id - 1 })
      }
    }
    for (let count = 0; count < CLIENTS; count++) {
      this.#clients.push({ lobby: this.#pick(LOBBIES), id: 0, tokenHash: '', at: null })
    }
  }

  /** Ends with everything mended, but for the server that died. */
  async #break(): Promise<void> {
    const { redis, servers } = this.#world
    const random = this.#random.fork('faults')
    const faults = [
      async () => {
        await redis.kill()
        await wait(random.below(1.5 * LEASE))
        await redis.restart()
      },
      async () => {
        const index = random.below(SERVERS)
        const { gate } = this.#world.at(index)
        gate.cut()
        await wait(random.below(2.5 * LEASE))
        gate.mend()
      },
      async () => {
        const index = random.below(SERVERS)
        const { gate } = this.#world.at(index)
        gate.mute()
        await wait(random.below(2.5 * LEASE))
        gate.cut()
        gate.mend()
      },
    ]
    const victim = random.chance(0.5) ? random.below(SERVERS) : null
    const dying = victim === null ? null : wait(random.below(DURATION)).then(() => this.#die(victim))
    const breaking = Array.from({ length: FAULTS }, async (_, index) => {
      await wait(random.below(DURATION))
      // One Redis can only be killed once at a time.
      await (index === 0 ? faults[0] : faults[1 + random.below(2)])?.()
    })
    await Promise.all([...breaking, dying])
    for (const [index, { gate }] of servers.entries()) if (!this.#dead.has(index)) gate.mend()
    for (const index of this.#dead) this.#world.at(index).gate.cut()
  }

  #die(index: number): void {
    this.#dead.add(index)
    // What a process that dies leaves behind: connections that break.
    const { gate } = this.#world.at(index)
    gate.cut()
    Object.assign(gate, { mend: () => undefined })
    for (const client of this.#clients) if (client.at === index) client.at = null
  }

  async #live(client: Client): Promise<void> {
    while (!this.#isOver) {
      await wait(this.#random.below(120))
      if (client.at === null) await this.#join(client)
      else if (this.#random.chance(0.4)) await this.#move(client)
      else if (this.#random.chance(0.4)) await this.#leave(client)
      else this.#signal(client)
    }
  }

  async #join(client: Client): Promise<void> {
    const at = this.#living()
    const number = this.#numbers++
    const { node } = this.#world.at(at)
    const member = { id: number, session: `session-${number}`, tokenHash: `hash-${number}` }
    const reply = await asked(node.join({ lobby: client.lobby, ...member }))
    if (reply === null || this.#dead.has(at)) return
    accepted(reply)
    Object.assign(client, { ...member, at })
  }

  /** Asks until it is told. One that was given up with its old server, or gone with it, is out. */
  async #move(client: Client): Promise<void> {
    const { lobby, id, tokenHash, at: before } = client
    for (;;) {
      const at = this.#living()
      const { server, node } = this.#world.at(at)
      server.expectLate(lobby, id)
      const reply = await asked(node.resume({ lobby, id, tokenHash }))
      if (reply !== null && !this.#dead.has(at)) {
        if ('lobby' in reply) this.#arrive(client, at)
        else if (reply.refused === 'token-invalid') await this.#giveUp(client, before)
        else throw new Error(`A member of ${lobby} cannot move: ${reply.refused}.`)
        return
      }
      if (reply === null && client.at !== null && this.#dead.has(client.at)) client.at = null
      await wait(30)
    }
  }

  #arrive(client: Client, at: number): void {
    const { lobby, id, at: before } = client
    client.at = at
    if (before === null || before === at) return
    const lost = wait(GRACE).then(async () => {
      const isThere = client.id === id && client.at === before
      if (!isThere) await this.#leaveAt(this.#world.at(before), { lobby, id })
    })
    this.#graces.push(lost)
  }

  /** As a server does with a member whose socket does not come back. */
  async #giveUp(client: Client, before: number | null): Promise<void> {
    client.at = null
    if (before !== null) await this.#leaveAt(this.#world.at(before), client)
  }

  async #leave(client: Client): Promise<void> {
    const { at } = client
    client.at = null
    if (at !== null && !this.#dead.has(at)) await this.#leaveAt(this.#world.at(at), client)
  }

  async #leaveAt({ server, node }: GatedServer, { lobby, id }: Pick<Client, 'lobby' | 'id'>): Promise<void> {
    const session = server.lobbies.get(lobby)?.members.get(id)?.session
    if (session !== undefined) await node.leave(lobby, id, session)
  }

  #signal({ lobby, id, at }: Client): void {
    if (at === null) return
    const { server, node } = this.#world.at(at)
    const members = server.lobbies.get(lobby)?.members
    const session = members?.get(id)?.session
    if (members === undefined || session === undefined) return
    const to = this.#pick([...members.keys()])
    const sequence = this.#numbers++
    // The order is kept for each server that the sender was at; the type tells them apart.
    node.signal({ lobby, from: id, session, stay: 1, sequence, to, type: 4 + at, data: `signal ${sequence}` })
  }

  async #compare(): Promise<void> {
    const living = this.#world.servers.filter((_, index) => !this.#dead.has(index))
    await waitFor(() => living.every(({ node }) => node.isAvailable), 'all are available')
    await wait(4 * LEASE)
    for (const lobby of LOBBIES) {
      const expected = this.#clients
        .filter((client) => client.lobby === lobby && client.at !== null)
        .map(({ id, at }) => `${id} at ${at ?? ''}`)
        .sort()
      const known = ({ server }: GatedServer): string[] => {
        const members = server.lobbies.get(lobby)?.members.values() ?? []
        const indexOf = (node: string): number => this.#world.servers.findIndex((other) => other.node.id === node)
        return [...members].map(({ id, node }) => `${id} at ${indexOf(node)}`).sort()
      }
      const isRight = (server: GatedServer): boolean => known(server).join() === expected.join()
      await waitFor(() => living.every(isRight), 'everyone knows').catch(() => undefined)
      for (const server of living) {
        if (!isRight(server)) throw new Error(`in ${lobby} there are ${known(server).join()}, not ${expected.join()}`)
      }
    }
    const violations = living.flatMap(({ server }) => server.violations)
    if (violations.length > 0) throw new Error(`broken rules: ${violations.join('; ')}`)
    const lobbies = await living[0]?.node.countLobbies()
    if (lobbies !== LOBBIES.length) throw new Error(`there are ${lobbies ?? 0} lobbies`)
  }

  #living(): number {
    return this.#pick([0, 1, 2].filter((index) => !this.#dead.has(index)))
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random.below(list.length)] as T
  }
}

/** Null if the broker could not be reached, or nobody knows. */
async function asked(reply: Promise<BrokerReply>): Promise<BrokerReply | null> {
  try {
    return await reply
  } catch (error) {
    if ((error as { code?: string }).code === 'ERR_UNAVAILABLE') return null
    throw error
  }
}
