import type { BrokerSignal, LobbyBroker, LobbyRecord } from '../../services/lobby/broker/broker.ts'
import { assertEqual, assertTrue } from '../transport-acceptance/assertions.ts'
import type { TestApi } from '../transport-acceptance/transport-under-test.ts'
import type { BrokerUnderTest } from './broker-under-test.ts'
import { accepted, member, plain, TestServer } from './test-server.ts'

/** What every test starts from: a broker with some servers. */
export class Bench {
  readonly broker: LobbyBroker
  readonly servers: TestServer[] = []
  readonly #test: BrokerUnderTest
  #sequence = 0

  constructor(test: BrokerUnderTest, broker: LobbyBroker) {
    this.#test = test
    this.broker = broker
  }

  async connect(): Promise<TestServer> {
    const server = await TestServer.connect(this.broker)
    this.servers.push(server)
    return server
  }

  /** The server of this number, or, where there are fewer, the one that does its work. */
  at(index: number): TestServer {
    const server = this.servers[index % this.servers.length]
    if (server === undefined) throw new Error('There is no server.')
    return server
  }

  /** A lobby with members 1 to `count`, each at another server as far as there are so many. */
  async lobby(name: string, count: number, request: Parameters<TestServer['create']>[1] = {}): Promise<LobbyRecord> {
    let record = accepted(await this.at(0).create(name, request))
    for (let id = 2; id <= count; id++) record = accepted(await this.at(id - 1).join(name, id))
    await this.agree(name)
    return record
  }

  /** Waits until every server knows the same of the lobby, and returns it. */
  async agree(name: string): Promise<LobbyRecord | undefined> {
    const known = (): (LobbyRecord | undefined)[] =>
      this.servers.map(({ lobbies }) => lobbies.get(name)).filter((lobby) => lobby !== undefined)
    await this.waitFor(() => new Set(known().map((lobby) => lobby?.revision)).size <= 1, `all know the same of ${name}`)
    const [first, ...others] = known()
    for (const other of others) assertEqual(plain(other), plain(first), `${name} at another server`)
    return first
  }

  signal(lobby: string, from: number, to: number, data: string): BrokerSignal {
    return { lobby, from, session: member(lobby, from).session, stay: 1, sequence: this.#sequence++, to, type: 4, data }
  }

  async waitFor(condition: () => boolean, what: string): Promise<void> {
    await this.#test.waitFor(condition, what)
  }

  async settle(): Promise<void> {
    await this.#test.settle()
  }

  async dispose(): Promise<void> {
    await Promise.all(this.servers.map(({ node }) => node.close()))
    await this.#test.dispose?.(this.broker)
  }
}

/** Declares one test for some numbers of servers; whatever it does, no rule of the contract may be broken. */
export type Scenario = (name: string, body: (bench: Bench) => Promise<void>, serverCounts?: readonly number[]) => void

export function makeScenario({ test }: TestApi, underTest: BrokerUnderTest): Scenario {
  return (name, body, serverCounts = [1, 2, 3]) => {
    for (const count of serverCounts) {
      test(`${name} (${count} ${count === 1 ? 'server' : 'servers'})`, async () => {
        const bench = new Bench(underTest, await underTest.create())
        try {
          for (let connected = 0; connected < count; connected++) await bench.connect()
          await body(bench)
          await bench.settle()
          for (const { violations } of bench.servers) assertEqual(violations, [], 'broken rules')
        } finally {
          await bench.dispose()
        }
      })
    }
  }
}

/** The ids of a lobby's members, in order. */
export function idsOf(lobby: LobbyRecord | undefined): number[] {
  return [...(lobby?.members.keys() ?? [])]
}

/** The call rejects with `ERR_UNAVAILABLE`. */
export async function assertUnavailable(call: Promise<unknown>, what: string): Promise<void> {
  const error = await call.then(
    () => null,
    (reason: unknown) => reason,
  )
  const { code = null } = (error ?? {}) as { code?: string | null }
  assertTrue(code === 'ERR_UNAVAILABLE', `${what} rejects with ERR_UNAVAILABLE (it was ${String(error)})`)
}
