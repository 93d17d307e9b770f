import type { Clock } from '../../../clock.ts'
import type { IceServersData } from '../../../protocol/lobby/extension.ts'
import type { Logger } from '../../multiplayer-peer/options.ts'
import type { IceServer } from '../../../transport/peer-connection.ts'
import { isIceServer } from './ice-servers-data.ts'
import { fullJitter } from './back-off.ts'
import { within } from './within.ts'

/** ICE servers with the moment until which they are good. */
export interface ExpiringIceServers {
  readonly iceServers: readonly IceServer[]
  /** A date, or milliseconds since the epoch. Absent: they do not expire. */
  readonly expiresAt?: number | Date
}

/** What an application may give as `iceServers`: a list, or a function that is asked before joining and again before what it gave expires. */
export type IceServersOption =
  | readonly IceServer[]
  | (() => ExpiringIceServers | readonly IceServer[] | Promise<ExpiringIceServers | readonly IceServer[]>)

export interface IceServerSourceParts {
  /** Undefined: those of the lobby server are used, if it gives any. */
  readonly own: IceServersOption | undefined
  readonly clock: Clock
  /** Milliseconds since the epoch. */
  readonly epoch: () => number
  readonly random: () => number
  readonly logger: Logger
  /** Asks the lobby server for fresh ones; false if there is none to ask, or it knows nothing of them. */
  readonly askServer: () => boolean
}

/** Share of their life after which servers are asked for anew. */
const REFRESH_AT = 0.8
/** Milliseconds that a dial, or joining, waits for servers at most; then it goes on with what there is. */
const PATIENCE = 5_000
/** Milliseconds after which a function that has not answered counts as failed. */
const LONGEST_ANSWER = 30_000
const RETRY = { first: 1_000, longest: 60_000 }
/** What the platforms' timers take. */
const LONGEST_TIMER = 2_147_483_647
/** Servers that were good for less are refreshed no more often than this, milliseconds. */
const SHORTEST_LIFE = 1_000

/** The ICE servers for the next connection, kept fresh. */
export class IceServerSource {
  readonly #parts: IceServerSourceParts
  #servers: readonly IceServer[] = []
  /** Since the epoch. */
  #expiresAt = Infinity
  #timer: unknown = null
  #failures = 0
  #asking: Promise<void> | null = null
  readonly #waiting = new Set<() => void>()
  /** Of the last question to the lobby server. */
  #unanswered: () => void = () => undefined
  readonly #life = new AbortController()

  constructor(parts: IceServerSourceParts) {
    this.#parts = parts
    if (typeof parts.own === 'object') this.#servers = parts.own
  }

  /** Asks the application's function for the first time; resolves when it has answered or failed, or after five seconds. */
  async start(): Promise<void> {
    if (typeof this.#parts.own === 'function') await this.#bounded(this.#ask())
  }

  /** What there is now; may have expired. */
  get current(): readonly IceServer[] {
    return this.#servers
  }

  /** What a connection is to be made with; a promise, which never rejects, only if what there is has expired. */
  fresh(): readonly IceServer[] | Promise<readonly IceServer[]> {
    if (this.#parts.epoch() < this.#expiresAt) return this.#servers
    return this.#bounded(this.#ask()).then(() => this.#servers)
  }

  /** The lobby server gave some. */
  fromServer({ iceServers, expiresIn }: IceServersData): void {
    if (this.#parts.own !== undefined || this.#life.signal.aborted) return
    this.#take(iceServers, expiresIn === undefined ? Infinity : this.#parts.epoch() + expiresIn)
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  stop(): void {
    this.#life.abort()
    this.#parts.clock.clearTimeout(this.#timer)
    for (const resolve of this.#waiting) resolve()
    this.#waiting.clear()
  }

  #ask(): Promise<void> {
    if (this.#life.signal.aborted) return Promise.resolve()
    if (this.#asking === null) {
      const asking = this.#askNow().finally(() => {
        if (this.#asking === asking) this.#asking = null
      })
      this.#asking = asking
    }
    return this.#asking
  }

  async #askNow(): Promise<void> {
    const { own, clock, logger, random } = this.#parts
    if (typeof own !== 'function') {
      await this.#askServer()
      return
    }
    try {
      const { iceServers, expiresAt } = readServers(await within(LONGEST_ANSWER, clock, this.#life.signal, own))
      if (this.#life.signal.aborted) return
      this.#failures = 0
      this.#take(iceServers, expiresAt)
    } catch (error) {
      if (this.#life.signal.aborted) return
      logger.warn('iceServers() failed; the last ones are kept and it is asked again', error)
      this.#schedule(RETRY.first / 2 + fullJitter(RETRY, ++this.#failures, random))
    }
  }

  /** Resolves when the lobby server has answered, or is asked again. */
  async #askServer(): Promise<void> {
    this.#unanswered()
    this.#waiting.delete(this.#unanswered)
    // Without a socket dials go on with what there is, and the first one after it is back asks.
    if (!this.#parts.askServer()) return
    await new Promise<void>((resolve) => {
      this.#unanswered = resolve
      this.#waiting.add(resolve)
      this.#schedule(RETRY.longest)
    })
  }

  #take(servers: readonly IceServer[], expiresAt: number): void {
    this.#servers = servers
    this.#expiresAt = expiresAt
    this.#parts.clock.clearTimeout(this.#timer)
    if (expiresAt === Infinity) return
    this.#schedule(Math.max(SHORTEST_LIFE, (expiresAt - this.#parts.epoch()) * REFRESH_AT))
  }

  #schedule(milliseconds: number): void {
    const { clock } = this.#parts
    clock.clearTimeout(this.#timer)
    this.#timer = clock.setTimeout(
      () => {
        // One that was asked of the server and never answered is asked again.
        if (typeof this.#parts.own !== 'function') this.#asking = null
        void this.#ask()
      },
      Math.min(milliseconds, LONGEST_TIMER),
    )
  }

  async #bounded(work: Promise<void>): Promise<void> {
    const { clock } = this.#parts
    let expire = (): void => undefined
    const expired = new Promise<void>((resolve) => {
      expire = resolve
    })
    this.#waiting.add(expire)
    const timer = clock.setTimeout(expire, PATIENCE)
    await Promise.race([work, expired])
    this.#waiting.delete(expire)
    clock.clearTimeout(timer)
  }
}

function readServers(answer: ExpiringIceServers | readonly IceServer[]): {
  iceServers: readonly IceServer[]
  expiresAt: number
} {
  const { iceServers, expiresAt = Infinity } = isList(answer) ? { iceServers: answer } : answer
  const end = Number(expiresAt)
  if (!isList(iceServers) || !iceServers.every(isIceServer) || Number.isNaN(end)) {
    throw new TypeError('iceServers() must give a list of servers, or { iceServers, expiresAt }.')
  }
  return { iceServers, expiresAt: end }
}

const isList = (value: unknown): value is readonly IceServer[] => Array.isArray(value)

/** Whether a TURN server is among them. */
export function hasTurn(servers: readonly IceServer[]): boolean {
  return hasScheme(servers, /^turns?:/i)
}

/** Whether a STUN or TURN server is among them. */
export function hasStun(servers: readonly IceServer[]): boolean {
  return hasScheme(servers, /^(?:stun|turn)s?:/i)
}

function hasScheme(servers: readonly IceServer[], scheme: RegExp): boolean {
  return servers.some(({ urls }) => [urls].flat().some((url) => scheme.test(url)))
}
