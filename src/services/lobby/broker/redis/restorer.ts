import { randomUUID } from 'node:crypto'
import type { Inbox } from './inbox.ts'
import type { Lease } from './lease.ts'
import { unavailable } from './connection.ts'
import type { LobbyView } from './lobby-view.ts'
import type { BrokerLogger } from './options.ts'
import type { Outbox } from './outbox.ts'
import type { ScriptName } from './scripts.ts'
import type { WirePlace, WireReply } from './wire.ts'

/** What a {@link Restorer} brings together. */
export interface RestorerPort {
  readonly view: LobbyView
  readonly inbox: Inbox
  readonly outbox: Outbox
  readonly lease: Lease
  readonly logger: BrokerLogger
  /** Milliseconds after which to try again, if Redis answers, but not as it should. */
  readonly retryAfter: number
  /** Makes the connection ready to run scripts and to hear what is published for this server. */
  prepare(): Promise<void>
  run(name: ScriptName, values: object): Promise<unknown>
  available(isAvailable: boolean): void
}

/** Lobbies that are brought back at a time, so that Redis has time for others in between. */
const AT_A_TIME = 200

/**
 * Brings this server and Redis to agree, at the beginning and whenever the connection or the lease was lost: takes a lease, brings back the server's members, takes
 * out those that left meanwhile, hears what the others did. Only then is the broker available (again).
 */
export class Restorer {
  /** How often it has succeeded, but for the first time. */
  restored = 0
  /** Grows whenever the connection is lost and whenever this begins: what was sent before counts for nothing. */
  count = 0
  /** What commands have to show in Redis; another one each time, so that what was sent before is refused if it comes late. */
  token = ''

  readonly #port: RestorerPort
  /** Members who left while their lobbies were being brought back. */
  #leaves: { readonly name: string; readonly id: number }[] = []
  /** Which process Redis was; empty if that is not known. */
  #run = ''
  #hasBegun = false
  #isAvailable = false
  #isClosed = false
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(port: RestorerPort) {
    this.#port = port
  }

  get isAvailable(): boolean {
    return this.#isAvailable
  }

  /** The first time, of which nobody is told. @throws MultiplayerError `ERR_UNAVAILABLE` */
  async first(): Promise<void> {
    await this.#restore(++this.count)
    this.#hasBegun = true
  }

  /** Begins anew. */
  begin(): void {
    if (this.#isClosed || !this.#hasBegun) return
    this.interrupt()
    void this.#try(this.count)
  }

  /** The connection was lost: nothing is done until the next {@link begin}. */
  interrupt(): void {
    this.count++
    this.#stopTimer()
    this.#port.lease.stop()
    this.#port.outbox.pause()
    this.#port.inbox.hold()
    this.#port.view.interrupt()
    if (!this.#isAvailable) return
    this.#isAvailable = false
    this.#port.logger.warn({}, 'The Redis of the lobbies cannot be reached, or has given this server up.')
    this.#port.available(false)
  }

  leaveLater(name: string, id: number): void {
    this.#leaves.push({ name, id })
  }

  close(): void {
    this.#isClosed = true
    this.count++
    this.#isAvailable = false
    this.#stopTimer()
    this.#port.lease.stop()
    this.#port.view.interrupt()
  }

  async #try(count: number): Promise<void> {
    const { logger, retryAfter } = this.#port
    try {
      await this.#restore(count)
    } catch (error) {
      if (count !== this.count) return
      logger.warn({ err: error }, 'The lobbies could not be brought back to Redis; this is tried again.')
      this.#timer = setTimeout(() => {
        this.begin()
      }, retryAfter)
    }
  }

  async #restore(count: number): Promise<void> {
    const { view, inbox, outbox, lease, logger, prepare, run, available } = this.#port
    const step = async <Result>(what: Promise<Result>): Promise<Result> => {
      const result = await what
      if (count !== this.count) throw unavailable('The connection to Redis was lost again')
      return result
    }
    this.token = randomUUID()
    await step(prepare())
    const place = (await step(run('register', { run: this.#run }))) as WirePlace
    this.#run = place.run
    lease.begin(place)
    // Who left before this moment is not among those that are brought back.
    this.#leaves = []
    const restorations = [...new Set([...view.names, ...place.lobbies])].map((name) => view.restoration(name))
    for (let first = 0; first < restorations.length; first += AT_A_TIME) {
      const some = restorations.slice(first, first + AT_A_TIME)
      const replies = await step(Promise.all(some.map((values) => run('restore', values) as Promise<WireReply>)))
      if (replies.some(({ stale }) => stale)) throw unavailable('Another connection of this server is newer')
      for (const reply of replies) view.restored(reply)
    }
    for (let leave = this.#leaves.shift(); leave !== undefined; leave = this.#leaves.shift()) {
      await step(run('leave', { ...leave, session: '' }))
    }
    this.#isAvailable = true
    if (this.#hasBegun) {
      this.restored++
      logger.info({ lobbies: view.size }, 'The Redis of the lobbies knows this server again.')
      available(true)
    }
    inbox.release()
    outbox.open()
  }

  #stopTimer(): void {
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }
}
