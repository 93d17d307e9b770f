import type { IncomingMessage, Server } from 'node:http'
import type { Duplex } from 'node:stream'
import { realClock } from '../../../clock.ts'
import { memoryBroker } from '../broker/memory-broker.ts'
import type { Grant } from './authorization.ts'
import { clientAddress } from './client-address.ts'
import { type ClientOffer, readOffer } from './client-offer.ts'
import type { ClientDescription, ServerSocket, SocketHandler } from './core-options.ts'
import { Gatekeeper } from './gatekeeper.ts'
import { boundAddress, closeHttpServer, createHttpServer, listen, socketUrl } from './http-front.ts'
import { refuseUpgrade, statusOf } from './http-refusal.ts'
import { resolveLobbyLimits } from './limits.ts'
import { type Admission, LobbyCore } from './lobby-core.ts'
import { type LobbyLogger, SILENT_LOBBY_LOGGER } from './lobby-logger.ts'
import type { LobbyServer } from './lobby-server.ts'
import type { LobbyServerOptions } from './lobby-server-options.ts'
import type { LobbyStats } from './lobby-stats.ts'
import { REFUSALS } from './refusal.ts'
import { WebSocketFront } from './web-socket-front.ts'

/** A request that is to become a WebSocket. */
interface Upgrade {
  readonly request: IncomingMessage
  readonly stream: Duplex
  readonly head: Buffer
  readonly offer: ClientOffer
  readonly address: string
}

/** HTTP status for pages of other origins. */
const FORBIDDEN = 403

/** A lobby server: HTTP requests become WebSockets, and those the core's. */
export class RunningServer implements LobbyServer {
  readonly #http: Server
  readonly #ownsHttp: boolean
  readonly #core: LobbyCore
  readonly #front: WebSocketFront
  readonly #gatekeeper: Gatekeeper
  readonly #path: string | null
  readonly #trustProxy: number
  readonly #mostAsking: number
  readonly #logger: LobbyLogger
  /** Connections of clients about whom is not decided yet. */
  readonly #undecided = new Set<Duplex>()
  #closed: Promise<void> | null = null
  #drained: Promise<void> | null = null

  constructor(options: LobbyServerOptions) {
    const { server, path = null, trustProxy = 0, authorize = null, allowedOrigins = null, routes = new Map() } = options
    const { broker = memoryBroker(), logger = SILENT_LOBBY_LOGGER, clock = realClock } = options
    const { messageSize, heartbeat, pendingSockets } = resolveLobbyLimits(options.limits)
    this.#gatekeeper = new Gatekeeper({ authorize, allowedOrigins, logger, clock })
    this.#core = new LobbyCore({ ...options, broker })
    this.#front = new WebSocketFront({ clock, messageSize, heartbeat })
    this.#http = server ?? createHttpServer(routes, logger)
    this.#ownsHttp = server === undefined
    this.#path = path
    this.#trustProxy = trustProxy
    this.#mostAsking = pendingSockets
    this.#logger = logger
  }

  get url(): string {
    return socketUrl(this.#http)
  }

  get port(): number {
    return boundAddress(this.#http).port
  }

  get address(): string {
    return boundAddress(this.#http).address
  }

  get isReady(): boolean {
    const { isDraining, isBrokerAvailable } = this.#core.stats()
    return this.#http.listening && isBrokerAvailable && !isDraining
  }

  stats(): LobbyStats {
    return this.#core.stats()
  }

  /** Nothing is left open if that fails. */
  async start(port: number, host: string): Promise<void> {
    try {
      await this.#core.start()
      this.#http.on('upgrade', this.#upgrade)
      if (this.#ownsHttp) await listen(this.#http, port, host)
    } catch (error) {
      this.#http.off('upgrade', this.#upgrade)
      await this.#core.close()
      await this.#front.close()
      throw error
    }
  }

  drain(): Promise<void> {
    this.#drained ??= this.#core.drain().then(() => this.close())
    return this.#drained
  }

  close(): Promise<void> {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  async #close(): Promise<void> {
    this.#http.off('upgrade', this.#upgrade)
    await this.#core.close()
    for (const stream of this.#undecided) stream.destroy()
    await this.#front.close()
    if (this.#ownsHttp) await closeHttpServer(this.#http)
  }

  readonly #upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer): void => {
    const offer = readOffer(request)
    // Whoever takes it: one that breaks before it is taken would otherwise end the process, as Node's own listeners are gone by now.
    stream.on('error', () => stream.destroy())
    // On an application's server, other paths are the application's, if it cares for any.
    const isOthers = !this.#ownsHttp && this.#http.listenerCount('upgrade') > 1
    if (offer !== null && !this.#takes(offer.path) && isOthers) return
    if (offer === null) refuseUpgrade(stream, 400, 'The target of the request is no path.')
    else if (!this.#takes(offer.path)) refuseUpgrade(stream, 404, 'There is no lobby server at this path.')
    else this.#begin({ request, stream, head, offer, address: clientAddress(request, this.#trustProxy) })
  }

  /** Whatever goes wrong in here concerns this one client. */
  #begin(upgrade: Upgrade): void {
    this.#admit(upgrade).catch((error: unknown) => {
      this.#logger.error({ err: error, address: upgrade.address }, 'a client could not be let in')
      upgrade.stream.destroy()
    })
  }

  #takes(path: string): boolean {
    return this.#path === null || path === this.#path || path === `${this.#path.replace(/\/$/, '')}/godot3`
  }

  async #admit(upgrade: Upgrade): Promise<void> {
    const { request, stream, offer, address } = upgrade
    if (!this.#gatekeeper.allowsOrigin(offer.origin)) {
      this.#refuse(upgrade, { code: 'unauthorized', message: 'Pages of this origin may not connect.' }, FORBIDDEN)
      return
    }
    const release = this.#reserve(address)
    if (typeof release !== 'function') {
      this.#refuse(upgrade, release)
      return
    }
    stream.once('close', release)
    this.#undecided.add(stream)
    const answer = await this.#gatekeeper.ask(request, offer, address)
    this.#undecided.delete(stream)
    if (this.#closed !== null) stream.destroy()
    else if ('refuse' in answer) {
      release()
      this.#refuse(upgrade, { code: answer.refuse, ...answer })
    } else this.#open(upgrade, (socket) => this.#core.accept(socket, describe(upgrade, answer), release))
  }

  #reserve(address: string): Admission | (() => void) {
    if (this.#gatekeeper.asking >= this.#mostAsking) return { code: 'too-many-pending' }
    return this.#core.reserve(address)
  }

  /** Browsers tell a page nothing of an HTTP status, so clients that understand errors get a socket with one. Godot's demo does the same when there are too many peers. */
  #refuse(upgrade: Upgrade, refusal: Admission, status = statusOf(refusal.code)): void {
    const { code } = refusal
    if ((upgrade.offer.dialect === 'extended' || code === 'too-many-sockets') && this.#core.canExplain) {
      this.#open(upgrade, (socket) => this.#core.refuse(socket, describe(upgrade, {}), refusal))
      return
    }
    const usual = REFUSALS[code]
    const { message = usual.message ?? usual.reason, retryAfter = usual.retryAfter } = refusal
    this.#core.countRefusal(code)
    refuseUpgrade(upgrade.stream, status, message, retryAfter)
  }

  #open({ request, stream, head, offer }: Upgrade, open: (socket: ServerSocket) => SocketHandler): void {
    this.#front.upgrade(request, stream, head, offer.subprotocol, open)
  }
}

function describe({ offer, address }: Upgrade, { identity = null, lobby, role }: Grant): ClientDescription {
  const { dialect } = offer
  return { dialect, identity, address, ...(lobby !== undefined && { lobby }), ...(role !== undefined && { role }) }
}
