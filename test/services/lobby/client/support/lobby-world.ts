import { LOBBY_SUBPROTOCOL } from '../../../../../src/protocol/lobby/message.ts'
import { joinLobby } from '../../../../../src/services/lobby/client/join-lobby.ts'
import type { JoinLobbyOptions } from '../../../../../src/services/lobby/client/join-options.ts'
import type { JoinedLobby } from '../../../../../src/services/lobby/client/joined-lobby.ts'
import type { Verdict } from '../../../../../src/services/lobby/client/verdict.ts'
import { memoryBroker } from '../../../../../src/services/lobby/broker/memory-broker.ts'
import type { LobbyLimits } from '../../../../../src/services/lobby/server/limits.ts'
import { LobbyCore } from '../../../../../src/services/lobby/server/lobby-core.ts'
import type { LobbyCoreOptions } from '../../../../../src/services/lobby/server/core-options.ts'
import { SimulatedNetwork, type SimulatedNetworkOptions } from '../../../../../src/testing/index.ts'
import { Random } from '../../../../../src/transport/simulated/random.ts'
import type { VirtualClock } from '../../../../../src/transport/simulated/virtual-clock.ts'
import { MemorySockets } from './memory-sockets.ts'

export const URL_OF_WORLD = 'ws://lobby.test'

export interface LobbyWorldOptions {
  network?: SimulatedNetworkOptions
  limits?: Partial<LobbyLimits>
  core?: Partial<LobbyCoreOptions>
  /** Whether the server knows the extended protocol. Default true. */
  isExtended?: boolean
  seed?: number
}

/** A lobby server, a network and clients on it, in memory and under virtual time. */
export class LobbyWorld {
  readonly network: SimulatedNetwork
  readonly clock: VirtualClock
  readonly core: LobbyCore
  readonly sockets: MemorySockets
  readonly random: Random

  private constructor({ network, limits, core, isExtended = true, seed = 1 }: LobbyWorldOptions) {
    this.network = new SimulatedNetwork({ latency: 5, seed, ...network })
    this.clock = this.network.clock
    this.random = new Random(seed)
    let nextId = 1
    this.core = new LobbyCore({
      broker: memoryBroker(),
      clock: this.clock,
      limits: { newSocketsPerMinute: 100_000, socketsPerAddress: 4096, ...limits },
      generateId: () => ++nextId,
      ...core,
    })
    this.sockets = new MemorySockets(this.clock, {
      choose: (protocols) => (isExtended && protocols.includes(LOBBY_SUBPROTOCOL) ? LOBBY_SUBPROTOCOL : ''),
      accept: (socket, protocol, address) =>
        this.core.accept(socket, { dialect: protocol === '' ? 'json' : 'extended', identity: null, address }),
    })
  }

  static async start(options: LobbyWorldOptions = {}): Promise<LobbyWorld> {
    const world = new LobbyWorld(options)
    await world.core.start()
    return world
  }

  /** Options of a client on that host. */
  options(host: string, options: JoinLobbyOptions = {}): JoinLobbyOptions {
    return {
      WebSocket: this.sockets.of(host),
      PeerConnection: this.network.host(host).PeerConnection,
      clock: this.clock,
      random: () => this.random.next(),
      ...options,
    }
  }

  /** Joins, letting time pass. */
  async join(host: string, options: JoinLobbyOptions = {}): Promise<JoinedLobby> {
    return this.settle(joinLobby(URL_OF_WORLD, this.options(host, options)))
  }

  /** Lets time pass until the promise settles. */
  async settle<Value>(promise: Promise<Value>): Promise<Value> {
    let isSettled = false
    const settled = (): void => {
      isSettled = true
    }
    promise.then(settled, settled)
    // A timer keeps time passing where only promises are waited for.
    const tick = (): void => {
      if (!isSettled) this.clock.setTimeout(tick, 1)
    }
    tick()
    await this.clock.runUntil(() => isSettled, { limit: 300_000 })
    return promise
  }

  /** Makes a host and others that join its lobby. */
  async form(count: number, options: JoinLobbyOptions = {}): Promise<JoinedLobby[]> {
    const [host] = [await this.join('host-1', { create: true, ...options })]
    const { lobby } = host
    const members = [host]
    for (let number = 2; number <= count; number++) {
      members.push(await this.join(`host-${number}`, { ...options, lobby }))
    }
    return members
  }

  async untilConnected(lobbies: readonly JoinedLobby[], limit = 60_000): Promise<void> {
    await this.clock.runUntil(() => lobbies.every((lobby) => isConnectedToAll(lobby, lobbies)), {
      limit,
      what: 'a full mesh',
    })
  }

  async run(milliseconds: number): Promise<void> {
    await this.clock.run(milliseconds)
  }

  /** Closes the server; afterwards nothing may be left. */
  async end(): Promise<void> {
    await this.settle(this.core.close())
    // A connection that was closed says so to its other end, and a broken path is given up after 40 s.
    await this.clock.run(120_000)
  }
}

/** Ids of the peers that are connected, ascending. */
export function connectedTo(lobby: JoinedLobby): number[] {
  return [...lobby.peer.getPeers()]
    .filter(([, { connected }]) => connected)
    .map(([id]) => id)
    .sort((a, b) => a - b)
}

export function isConnectedToAll(lobby: JoinedLobby, lobbies: readonly JoinedLobby[]): boolean {
  const others = lobbies.filter((other) => other !== lobby).map(({ id }) => id)
  return connectedTo(lobby).join() === others.sort((a, b) => a - b).join()
}

/** Collects the verdicts of a lobby from now on. */
export function verdictsOf(lobby: JoinedLobby): Verdict[] {
  const verdicts: Verdict[] = []
  lobby.verdicts$.subscribe((verdict) => verdicts.push(verdict))
  return verdicts
}
