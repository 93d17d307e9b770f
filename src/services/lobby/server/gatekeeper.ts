import type { IncomingMessage } from 'node:http'
import type { Clock } from '../../../clock.ts'
import { invalid } from '../../../checks.ts'
import type { Authorize, Denial, Grant } from './authorization.ts'
import type { ClientOffer } from './client-offer.ts'
import { isLobbyName } from './lobby-names.ts'
import type { LobbyLogger } from './lobby-logger.ts'
import { REFUSALS } from './refusal.ts'

/** Milliseconds that `authorize` may take. */
const AUTHORIZE_TIMEOUT = 10_000

interface GatekeeperOptions {
  readonly authorize: Authorize | null
  readonly allowedOrigins: readonly string[] | null
  readonly logger: LobbyLogger
  readonly clock: Clock
}

/** Asks who may come in, before there is a socket. */
export class Gatekeeper {
  readonly #authorize: Authorize | null
  readonly #origins: ReadonlySet<string> | null
  readonly #logger: LobbyLogger
  readonly #clock: Clock
  #asking = 0

  /** @throws MultiplayerError `ERR_INVALID_PARAMETER` for an origin that is none. */
  constructor({ authorize, allowedOrigins, logger, clock }: GatekeeperOptions) {
    this.#authorize = authorize
    this.#origins = allowedOrigins === null ? null : new Set(allowedOrigins.map(checkOrigin))
    this.#logger = logger
    this.#clock = clock
  }

  /** Clients about whom `authorize` has not decided yet. */
  get asking(): number {
    return this.#asking
  }

  /** Whether a page of that origin may open sockets; null is no page. */
  allowsOrigin(origin: string | null): boolean {
    return origin === null || this.#origins === null || this.#origins.has(origin.toLowerCase())
  }

  /** Never rejects. */
  async ask({ headers, url = '/' }: IncomingMessage, offer: ClientOffer, address: string): Promise<Grant | Denial> {
    if (this.#authorize === null) return {}
    const { token, origin, dialect } = offer
    this.#asking++
    try {
      return checkAnswer(await this.#inTime(this.#authorize({ token, origin, address, dialect, url, headers })))
    } catch (error) {
      this.#logger.error({ err: error, address }, 'authorize failed')
      return { refuse: 'unavailable', message: 'Who may come in cannot be told for the moment.' }
    } finally {
      this.#asking--
    }
  }

  async #inTime<Answer>(answer: Answer | Promise<Answer>): Promise<Answer> {
    let timer: unknown
    const limit = new Promise<never>((_resolve, reject) => {
      timer = this.#clock.setTimeout(() => {
        reject(new Error(`authorize() has not decided within ${AUTHORIZE_TIMEOUT} ms`))
      }, AUTHORIZE_TIMEOUT)
    })
    try {
      return await Promise.race([answer, limit])
    } finally {
      this.#clock.clearTimeout(timer)
    }
  }
}

/** What an application's own code gives may be anything. */
function checkAnswer(answer: Grant | Denial): Grant | Denial {
  if (typeof (answer as unknown) !== 'object' || (answer as unknown) === null) {
    throw new TypeError('authorize() must give an object: { identity?, lobby?, role? }, or { refuse, message? }')
  }
  if ('refuse' in answer) {
    if (!Object.hasOwn(REFUSALS, answer.refuse)) throw new TypeError(`authorize() refused with no known code`)
  } else if (answer.lobby !== undefined && !isLobbyName(answer.lobby)) {
    throw new TypeError(`authorize() named a lobby that cannot be`)
  }
  return answer
}

function checkOrigin(origin: string): string {
  const known = URL.canParse(origin) ? new URL(origin).origin : 'null'
  if (known === 'null' || known !== origin.toLowerCase().replace(/\/$/, '')) {
    throw invalid('allowedOrigins are of the form https://game.example or http://localhost:8080.', origin)
  }
  return known
}
