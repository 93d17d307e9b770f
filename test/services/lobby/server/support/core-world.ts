import { memoryBroker } from '../../../../../src/services/lobby/broker/memory-broker.ts'
import type { LobbyBroker } from '../../../../../src/services/lobby/broker/broker.ts'
import type {
  ClientDescription,
  LobbyCoreOptions,
  SocketHandler,
} from '../../../../../src/services/lobby/server/core-options.ts'
import { LobbyCore } from '../../../../../src/services/lobby/server/lobby-core.ts'
import type { LobbyDialect } from '../../../../../src/services/lobby/server/lobby-observer.ts'
import { VirtualClock } from '../../../../../src/transport/simulated/virtual-clock.ts'
import { type Closed, Inbox, type RawClient } from './raw-client.ts'

/** A client of a core, over a socket in memory. */
export class CoreClient implements RawClient {
  /** Bytes that wait to be sent to it, as far as the core is concerned. */
  bufferedAmount = 0
  readonly #inbox = new Inbox()
  readonly #handler: SocketHandler

  constructor(core: LobbyCore, description: ClientDescription) {
    const inbox = this.#inbox
    // eslint-disable-next-line @typescript-eslint/no-this-alias -- the getter below has its own `this`
    const client = this
    let isClosing = false
    this.#handler = core.accept(
      {
        send: (text) => {
          if (!isClosing) inbox.message(text)
        },
        close: (code, reason) => {
          isClosing = true
          // A real one closes when the other side has answered.
          queueMicrotask(() => {
            this.#ended({ code, reason })
          })
        },
        get bufferedAmount() {
          return client.bufferedAmount
        },
      },
      description,
    )
  }

  get rest(): readonly string[] {
    return this.#inbox.rest
  }

  get ended(): Closed | null {
    return this.#inbox.ended
  }

  send(data: string | Uint8Array): void {
    if (this.ended === null) this.#handler.message(typeof data === 'string' ? data : null)
  }

  take(count: number): Promise<string[]> {
    return this.#inbox.take(count)
  }

  /** Takes all that has come. */
  takeAll(): string[] {
    return this.#inbox.rest.splice(0)
  }

  closed(): Promise<Closed> {
    return this.#inbox.closed()
  }

  end(code = 1000): void {
    this.#ended({ code, reason: '' })
  }

  #ended(closed: Closed): void {
    if (this.ended !== null) return
    this.#inbox.close(closed)
    this.#handler.closed(closed.code)
  }
}

/** Lobby cores on one broker, under a virtual clock. */
export class CoreWorld {
  readonly clock: VirtualClock
  readonly cores: LobbyCore[] = []
  readonly broker: LobbyBroker
  readonly #options: Partial<LobbyCoreOptions>

  private constructor(options: Partial<LobbyCoreOptions>, clock: VirtualClock) {
    this.clock = clock
    this.broker = options.broker ?? memoryBroker()
    this.#options = options
  }

  static async open(
    options: Partial<LobbyCoreOptions> = {},
    servers = 1,
    clock = new VirtualClock(),
  ): Promise<CoreWorld> {
    const world = new CoreWorld(options, clock)
    for (let server = 0; server < servers; server++) await world.addServer()
    return world
  }

  get core(): LobbyCore {
    return this.cores[0] as LobbyCore
  }

  async addServer(): Promise<LobbyCore> {
    const core = new LobbyCore({ ...this.#options, broker: this.broker, clock: this.clock })
    await core.start()
    this.cores.push(core)
    return core
  }

  connect(dialect: LobbyDialect, description: Partial<ClientDescription> = {}, server = 0): CoreClient {
    const core = this.cores[server] as LobbyCore
    return new CoreClient(core, { dialect, identity: null, address: '192.0.2.1', ...description })
  }

  /** Lets everything happen that can happen now, or within so many milliseconds. */
  async pass(milliseconds = 0): Promise<void> {
    await this.clock.run(milliseconds)
  }

  async close(): Promise<void> {
    for (const core of this.cores) await core.close()
    await this.pass()
  }
}
