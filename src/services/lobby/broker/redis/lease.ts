import type { BrokerLogger } from './options.ts'
import type { WireLease, WirePlace } from './wire.ts'

/** What a {@link Lease} needs. */
export interface LeasePort {
  /** Prolongs it; null if it was given up. */
  renew(values: { readonly since: number; readonly refresh: boolean }): Promise<WireLease | null>
  /** Rejects if what is published does not arrive any more. */
  ping(): Promise<void>
  /** Others have given this server up. */
  lost(): void
  /** Everyone has had the time to bring back what was lost. */
  recovered(): void
  readonly renewEvery: number
  readonly logger: BrokerLogger
}

/** How many renewals there are between two that keep the lobbies' keys from expiring; those live for some hundred renewals. */
const REFRESH_EVERY = 20

/** Shows the other servers that this one lives, and gives up those that do not. */
export class Lease {
  readonly #port: LeasePort
  #since = 0
  #servers = 1
  #isRecovering = false
  #renewals = 0
  /** Which time it was begun; what belongs to an earlier one does nothing any more. */
  #run = 0
  #timer: ReturnType<typeof setTimeout> | null = null

  constructor(port: LeasePort) {
    this.#port = port
  }

  /** Servers that have a lease, this one included. */
  get servers(): number {
    return this.#servers
  }

  /** The same as of now. Rejects while Redis cannot be reached. */
  async count(): Promise<number> {
    const run = this.#run
    const lease = await this.#port.renew({ since: this.#since, refresh: false })
    if (lease !== null && run === this.#run) this.#take(lease)
    return this.#servers
  }

  begin({ since, servers, recovering }: WirePlace): void {
    this.stop()
    this.#since = since
    this.#servers = servers
    this.#isRecovering = recovering
    this.#renewals = 0
    this.#schedule(this.#port.renewEvery)
  }

  stop(): void {
    this.#run++
    if (this.#timer !== null) clearTimeout(this.#timer)
    this.#timer = null
  }

  #schedule(milliseconds: number): void {
    const run = this.#run
    this.#timer = setTimeout(() => {
      this.#timer = null
      void this.#renew(run)
    }, milliseconds)
  }

  async #renew(run: number): Promise<void> {
    const { renewEvery } = this.#port
    const begun = performance.now()
    const refresh = this.#renewals++ % REFRESH_EVERY === 0
    let lease: WireLease | null
    try {
      ;[lease] = await Promise.all([this.#port.renew({ since: this.#since, refresh }), this.#port.ping()])
    } catch {
      // Where the connection is lost, this has been stopped; else the next one may succeed.
      if (run === this.#run) this.#schedule(renewEvery)
      return
    }
    if (run !== this.#run) return
    if (lease === null) {
      this.stop()
      this.#port.lost()
      return
    }
    this.#take(lease)
    this.#schedule(lease.more ? 0 : Math.max(0, renewEvery - (performance.now() - begun)))
  }

  #take({ since, servers, recovering, swept }: WireLease): void {
    this.#since = since
    this.#servers = servers
    const isOver = this.#isRecovering && !recovering
    this.#isRecovering = recovering
    if (swept.length > 0) this.#port.logger.warn({ servers: swept }, 'Servers were given up; their members have left.')
    if (isOver) this.#port.recovered()
  }
}
