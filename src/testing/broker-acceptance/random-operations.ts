import type { BrokerReply } from '../../services/lobby/broker/broker.ts'
import { Random } from '../../transport/simulated/random.ts'
import { assertEqual } from '../transport-acceptance/assertions.ts'
import type { Bench, Scenario } from './bench.ts'
import { BrokerModel } from './model.ts'
import { creation, plain, type TestServer } from './test-server.ts'

const STEPS = 600
/** Few, so that much happens in each. */
const NAMES = ['a', 'b', 'c', 'd', 'e']
const IDS = [2, 3, 4, 5, 6, 7]

/** Hundreds of random operations at three servers, each compared with a model. */
export function randomTests(scenario: Scenario, seed = Math.floor(Math.random() * 2 ** 32)): void {
  scenario(
    `random operations lead to what a model says, seed ${seed}`,
    async (bench) => {
      const run = new RandomRun(bench, new Random(seed))
      for (let step = 1; step <= STEPS; step++) {
        await run.step(step)
        if (step % 50 === 0) await run.compare(step)
      }
    },
    [3],
  )
}

class RandomRun {
  readonly #bench: Bench
  readonly #random: Random
  readonly #model = new BrokerModel()

  constructor(bench: Bench, random: Random) {
    this.#bench = bench
    this.#random = random
  }

  async step(step: number): Promise<void> {
    const server = this.#bench.at(this.#random.below(3))
    const name = this.#pick(NAMES)
    const roll = this.#random.next()
    if (roll < 0.12) await this.#create(server, name, step)
    else if (roll < 0.45) await this.#join(server, name, step)
    else if (roll < 0.65) await this.#leave(name)
    else if (roll < 0.8) await this.#resume(server, name)
    else if (roll < 0.82) await this.#seal(server, name)
    else if (roll < 0.88) await this.#describe(server, name, step)
    else this.#signal(name, step)
  }

  /** What every server was told is what the model says, and so is what is listed. */
  async compare(step: number): Promise<void> {
    const arrived = (): boolean =>
      this.#bench.servers.every(({ node, lobbies }) => {
        const known = this.#model.knownTo(node.id)
        return lobbies.size === known.size && [...known].every(([name, lobby]) => same(plain(lobbies.get(name)), lobby))
      })
    // What is different after some seconds is told below in detail.
    await this.#bench.waitFor(arrived, 'all servers know it').catch(() => undefined)
    for (const [index, { node, lobbies }] of this.#bench.servers.entries()) {
      const told = new Map([...lobbies].map(([name, lobby]) => [name, plain(lobby)]))
      assertEqual(sorted(told), sorted(this.#model.knownTo(node.id)), `lobbies of server ${index} after step ${step}`)
    }
    const { node } = this.#bench.at(0)
    const names = (await node.list(100)).map(({ name }) => name)
    assertEqual(names.sort(), this.#model.listed(), `the list after step ${step}`)
    assertEqual(await node.countLobbies(), this.#model.lobbies.size, `lobbies after step ${step}`)
  }

  async #create(server: TestServer, name: string, step: number): Promise<void> {
    const request = creation(name, {
      session: `created-${step}`,
      tokenHash: `hash-${step}`,
      onHostLeave: this.#random.chance(0.3) ? 'close' : 'keep',
      listed: this.#random.chance(0.7),
      maxMembers: 3 + this.#random.below(4),
      maxLobbies: 4,
    })
    assertOutcome(await server.node.create(request), this.#model.create(server.node.id, request), `create ${step}`)
  }

  async #join(server: TestServer, lobby: string, step: number): Promise<void> {
    const member = { id: this.#pick(IDS), session: `joined-${step}`, tokenHash: `hash-${step}` }
    const expected = this.#model.join(server.node.id, lobby, member)
    assertOutcome(await server.node.join({ lobby, ...member }), expected, `join ${step}`)
  }

  /** Mostly as it should be; sometimes of another session or from another server. */
  async #leave(name: string): Promise<void> {
    const member = this.#member(name)
    if (member === null) return
    const server = this.#random.chance(0.8) ? this.#at(member.node) : this.#bench.at(this.#random.below(3))
    const session = this.#random.chance(0.9) ? member.session : 'another'
    this.#model.leave(server.node.id, name, member.id, session)
    await server.node.leave(name, member.id, session)
    // A server whose last member left is not told so. One that still waits to hear that others of its members moved away is told that first.
    const others = [...(server.lobbies.get(name)?.members.values() ?? [])].filter(({ id }) => id !== member.id)
    const waits = session !== member.session || others.some(({ node }) => node === server.node.id)
    if (!waits && !this.#model.knownTo(server.node.id).has(name)) server.lobbies.delete(name)
  }

  async #resume(server: TestServer, lobby: string): Promise<void> {
    const { id, tokenHash } = this.#member(lobby) ?? { id: 2, tokenHash: 'none' }
    const shown = this.#random.chance(0.8) ? tokenHash : 'wrong'
    const expected = this.#model.resume(server.node.id, lobby, id, shown)
    assertOutcome(await server.node.resume({ lobby, id, tokenHash: shown }), expected, `resume of ${id}`)
  }

  async #seal(server: TestServer, lobby: string): Promise<void> {
    const { id } = this.#member(lobby) ?? { id: 1 }
    assertOutcome(await server.node.seal(lobby, id), this.#model.seal(lobby, id), `seal by ${id}`)
  }

  async #describe(server: TestServer, lobby: string, step: number): Promise<void> {
    const { id } = this.#member(lobby) ?? { id: 1 }
    const expected = this.#model.setMetadata(lobby, id, `described ${step}`)
    assertOutcome(await server.node.setMetadata(lobby, id, `described ${step}`), expected, `setMetadata by ${id}`)
  }

  /** Between two members, from the server that the sender is at. That no rule is broken is watched at the receiver. */
  #signal(lobby: string, step: number): void {
    const from = this.#member(lobby)
    const to = this.#member(lobby)
    if (from === null || to === null) return
    const { session } = from
    const server = this.#at(from.node)
    // The order is kept for each server that the sender was at; the type tells them apart.
    const type = 4 + this.#bench.servers.indexOf(server)
    server.node.signal({
      lobby,
      from: from.id,
      session,
      stay: 1,
      sequence: step,
      to: to.id,
      type,
      data: `signal ${step}`,
    })
  }

  #member(name: string): { id: number; session: string; node: string; tokenHash: string } | null {
    const members = [...(this.#model.lobbies.get(name)?.members.values() ?? [])]
    return members.length === 0 ? null : this.#pick(members)
  }

  #at(id: string): TestServer {
    const server = this.#bench.servers.find(({ node }) => node.id === id)
    if (server === undefined) throw new Error(`There is no server ${id}.`)
    return server
  }

  #pick<T>(list: readonly T[]): T {
    return list[this.#random.below(list.length)] as T
  }
}

function assertOutcome(reply: BrokerReply, expected: readonly string[], what: string): void {
  const outcome = 'refused' in reply ? reply.refused : 'ok'
  const allowed = expected.length === 0 ? ['ok'] : expected
  if (!allowed.includes(outcome)) throw new Error(`${what}: expected ${allowed.join(' or ')}, found ${outcome}.`)
}

function sorted(map: ReadonlyMap<string, unknown>): [string, unknown][] {
  return [...map].sort(([a], [b]) => (a < b ? -1 : 1))
}

function same(a: unknown, b: unknown): boolean {
  return JSON.stringify(a) === JSON.stringify(b)
}
