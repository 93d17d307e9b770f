import { inspect } from 'node:util'
import type { LobbyBroker } from '../../../src/services/lobby/broker/broker.ts'
import { memoryBroker } from '../../../src/services/lobby/broker/memory-broker.ts'
import type { LobbyWebSocketConstructor } from '../../../src/services/lobby/client/web-socket.ts'
import type { ServerSocket, SocketHandler } from '../../../src/services/lobby/server/core-options.ts'
import { LobbyCore } from '../../../src/services/lobby/server/lobby-core.ts'
import { LOBBY_SUBPROTOCOL } from '../../../src/protocol/lobby/message.ts'
import type { Random, VirtualClock } from '../../../src/testing/index.ts'
import { disturbSignals } from '../../services/lobby/client/support/disturb-signals.ts'
import { MemorySockets } from '../../services/lobby/client/support/memory-sockets.ts'

export interface SignalingOptions {
  readonly clock: VirtualClock
  readonly random: Random
  /** Milliseconds. */
  readonly graceTime: number
  /** The id that a host gets, if no other member has it. */
  readonly idOf: (host: string) => number
  readonly failed: (message: string) => void
}

/** Ids that are given where the preferred one is taken begin here. */
const OTHER_IDS = 100

/** The lobby servers of a simulation, one after the other. */
export class Signaling {
  readonly sockets: MemorySockets
  readonly #options: SignalingOptions
  #broker: LobbyBroker = memoryBroker()
  #core: LobbyCore
  readonly #closing: Promise<void>[] = []
  /** Hosts that cannot reach the server, each as often as there are reasons. */
  readonly #cut = new Map<string, number>()
  #away = 0
  #asking = ''
  #given = 0

  constructor(options: SignalingOptions) {
    this.#options = options
    this.#core = this.#createCore()
    this.sockets = new MemorySockets(options.clock, {
      choose: (protocols) => (protocols.includes(LOBBY_SUBPROTOCOL) ? LOBBY_SUBPROTOCOL : ''),
      accept: (socket, protocol, host) => this.#accept(socket, protocol, host),
    })
  }

  async start(): Promise<void> {
    await this.#core.start()
  }

  of(host: string): LobbyWebSocketConstructor {
    return this.sockets.of(host)
  }

  /** The server's process dies, and all it knew with it. */
  lose(): void {
    this.#away++
    this.sockets.isDown = true
    this.sockets.cut()
    this.#retire(this.#core.close())
  }

  async recover(): Promise<void> {
    if (--this.#away > 0) return
    this.#broker = memoryBroker()
    this.#core = this.#createCore()
    await this.#core.start()
    this.sockets.isDown = false
  }

  /** Another server takes over, and this one sends its clients there. */
  async handOver(): Promise<void> {
    if (this.#away > 0) return
    const before = this.#core
    this.#core = this.#createCore()
    await this.#core.start()
    this.#retire(before.drain().then(() => before.close()))
  }

  cut(host: string): void {
    this.#cut.set(host, (this.#cut.get(host) ?? 0) + 1)
    this.sockets.cut(host)
  }

  join(host: string): void {
    this.#cut.set(host, (this.#cut.get(host) ?? 0) - 1)
  }

  disorder(delay: number): void {
    this.sockets.disturb = disturbSignals(this.#options.random.fork('signals'), this.sockets.latency, delay)
  }

  calm(): void {
    this.sockets.disturb = () => [this.sockets.latency]
  }

  /** Members and lobbies that the server knows of. */
  get known(): number {
    const { members, lobbies } = this.#core.stats()
    return members + lobbies
  }

  async close(): Promise<void> {
    await this.#core.close()
    await Promise.all(this.#closing)
  }

  #createCore(): LobbyCore {
    const { clock, graceTime, failed } = this.#options
    const silent = (): void => undefined
    return new LobbyCore({
      broker: this.#broker,
      clock,
      limits: { graceTime, newSocketsPerMinute: 100_000 },
      generateId: () => this.#newId(),
      logger: {
        debug: silent,
        info: silent,
        warn: silent,
        error: (details, message) => {
          failed(`lobby server: ${message} ${inspect(details)}`)
        },
      },
    })
  }

  #accept(socket: ServerSocket, protocol: string, host: string): SocketHandler {
    // A host without signaling finds a server that it cannot talk to.
    if ((this.#cut.get(host) ?? 0) > 0) {
      socket.close(1006, '')
      return { message: () => undefined, closed: () => undefined }
    }
    const dialect = protocol === '' ? 'json' : 'extended'
    const handler = this.#core.accept(socket, { dialect, identity: null, address: host })
    return {
      message: (data) => {
        this.#asking = host
        this.#given = 0
        handler.message(data)
      },
      closed: (code) => {
        handler.closed(code)
      },
    }
  }

  /** The host that asks gets its own id first: so one that died comes back with the same, once its place was given up. */
  #newId(): number {
    const id = this.#options.idOf(this.#asking)
    return this.#given++ === 0 ? id : OTHER_IDS + this.#given * 10 + id
  }

  #retire(closed: Promise<void>): void {
    this.#closing.push(
      closed.catch((error: unknown) => {
        this.#options.failed(`lobby server: closing failed: ${String(error)}`)
      }),
    )
  }
}
