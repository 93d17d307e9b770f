import { BehaviorSubject, type Observable } from 'rxjs'
import type { Clock } from '../../../clock.ts'
import { type BackOffOptions, fullJitter } from '../../lobby/client/back-off.ts'
import type { LobbyWebSocketConstructor } from '../../lobby/client/web-socket.ts'
import { Inspection } from '../inspection.ts'
import type { WatchMessage } from '../wire/messages.ts'
import { backgroundClock } from './background.ts'
import { ReportSocket } from './report-socket.ts'
import type { Reporter, ReporterState } from './reporter.ts'

export interface ReconnectingReporterOptions {
  readonly url: string
  readonly name?: string
  readonly WebSocket: LobbyWebSocketConstructor
  readonly clock?: Clock
  /** From 0 to 1. */
  readonly random?: () => number
}

/** An inspector that is started again is to be there soon; one that is not there costs little. */
const BACK_OFF: BackOffOptions = { first: 500, longest: 5_000 }

/** Tells an inspector what happens here whenever that is there and wants to know it. */
export class ReconnectingReporter implements Reporter {
  readonly state$: Observable<ReporterState>
  readonly watch: Reporter['watch']
  readonly inspect: Reporter['inspect']

  readonly #options: ReconnectingReporterOptions
  readonly #clock: Clock
  readonly #random: () => number
  readonly #inspection: Inspection
  readonly #state = new BehaviorSubject<ReporterState>('connecting')
  readonly #ended = new AbortController()
  #socket: ReportSocket | null = null
  #retry: unknown
  #failures = 0
  #closed: Promise<void> | null = null

  constructor(options: ReconnectingReporterOptions) {
    const { clock, random = Math.random, name } = options
    this.#options = options
    this.#clock = clock ?? backgroundClock
    this.#random = random
    const inspection = new Inspection({ ...(name !== undefined && { name }), ...(clock && { clock }) })
    this.#inspection = inspection
    this.state$ = this.#state.asObservable()
    this.watch = (target, watchOptions) => inspection.watch(target, watchOptions)
    this.inspect = (event) => {
      inspection.inspect(event)
    }
    this.#connect()
  }

  get state(): ReporterState {
    return this.#state.value
  }

  /** Aborts when it is closed. */
  get ended(): AbortSignal {
    return this.#ended.signal
  }

  readonly close = (): Promise<void> => {
    this.#closed ??= this.#close()
    return this.#closed
  }

  async [Symbol.asyncDispose](): Promise<void> {
    await this.close()
  }

  #connect(): void {
    this.#enter('connecting')
    // Whoever heard of that may have closed it.
    if (this.#closed !== null) return
    const { url, WebSocket } = this.#options
    try {
      this.#socket = new ReportSocket(url, WebSocket, this.#clock, {
        watch: (watch) => {
          this.#obey(watch)
        },
        lost: () => {
          this.#lost()
        },
      })
    } catch {
      // A page may not be allowed to, or there are no sockets left.
      this.#lost()
    }
  }

  #obey({ active, sampleInterval }: WatchMessage): void {
    this.#failures = 0
    const socket = this.#socket
    if (socket === null) return
    this.#inspection.stop()
    if (active) this.#inspection.start((message) => socket.tell(message), { sampleInterval })
    this.#enter(active ? 'reporting' : 'idle')
  }

  #lost(): void {
    this.#socket = null
    this.#inspection.stop()
    this.#failures++
    this.#retry = this.#clock.setTimeout(
      () => {
        this.#connect()
      },
      fullJitter(BACK_OFF, this.#failures, this.#random),
    )
    // Last, since whoever hears of it may close this.
    this.#enter('waiting')
  }

  #enter(state: ReporterState): void {
    if (this.#state.value !== state) this.#state.next(state)
  }

  async #close(): Promise<void> {
    this.#clock.clearTimeout(this.#retry)
    this.#inspection.close()
    await this.#socket?.close()
    this.#ended.abort()
    this.#enter('closed')
    this.#state.complete()
  }
}
