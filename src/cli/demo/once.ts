import { filter, firstValueFrom, fromEvent, map, merge, startWith } from 'rxjs'
import type { Inspector } from '../../services/inspector/server/inspector.ts'
import { ArrivalProgress } from './arrival-progress.ts'
import { openInspector, recordedText } from './demo-inspector.ts'
import { Fleet, type FleetEvent } from './fleet.ts'
import { LobbyHost } from './lobby-host.ts'
import type { TrafficTally } from './messages.ts'
import type { Pair, RunRecord, RunTimes, Sighting } from './run-record.ts'

/** Options of a bounded run. */
export interface OnceOptions {
  readonly peers: number
  /** Packets of each peer, on each channel, to each kind of target. */
  readonly packets: number
  /** Milliseconds after which the run is given up. */
  readonly limit: number
  /** A file to which an inspector records the run; null: there is none. */
  readonly record: string | null
}

/** Milliseconds between two rounds of packets: a packet on each channel to each kind of target, small enough not to queue. */
const ROUND_EVERY = 5
/** How often the peers are asked what has arrived. */
const TALLY_EVERY = 50
/** Milliseconds for everyone to close at the end: a graceful close is bounded at 2 s. */
const CLOSE_PATIENCE = 4_000

/**
 * A bounded run: peers connect, everyone sends on every channel to every kind of target, a late peer joins, everyone sends again, one
 * leaves, all close.
 */
export async function runOnce(program: string, options: OnceOptions, interrupted: AbortSignal): Promise<RunRecord> {
  const run = new OnceRun(program, options)
  interrupted.addEventListener('abort', () => {
    run.giveUp(interrupted.reason)
  })
  return run.run()
}

class OnceRun {
  readonly #options: OnceOptions
  readonly #fleet: Fleet
  readonly #ending = new AbortController()
  readonly #pairs: Pair[] = []
  readonly #sightings: Sighting[] = []
  readonly #expected: RunRecord['expected'][number][] = []
  readonly #tallies = new Map<number, TrafficTally>()
  readonly #times: RunTimes = {}
  readonly #failures: string[] = []
  readonly #sent = new Set<number>()
  readonly #up = new Set<number>()
  #host: LobbyHost | null = null
  #inspector: Inspector | null = null
  #leftAt = 0
  /** At the end everyone leaves at once, and who still hears of whom is chance. */
  #isClosing = false
  #stage = ''

  constructor(program: string, options: OnceOptions) {
    this.#options = options
    this.#fleet = new Fleet(program)
    this.#fleet.events$.subscribe((event) => {
      this.#hear(event)
    })
  }

  giveUp(reason: unknown): void {
    this.#ending.abort(reason)
  }

  async run(): Promise<RunRecord> {
    const { peers, limit } = this.#options
    const started = performance.now()
    const timer = setTimeout(() => {
      this.giveUp(new Error(`gave up after ${limit / 1000} s`))
    }, limit)
    try {
      await this.#play()
    } catch (error) {
      this.#failures.push(`${this.#stage}: ${error instanceof Error ? error.message : String(error)}`)
    } finally {
      clearTimeout(timer)
    }
    await this.#timed('close', () => this.#close())
    this.#times.total = performance.now() - started
    return {
      peers,
      pairs: this.#pairs,
      sightings: this.#sightings,
      expected: this.#expected,
      tallies: this.#tallies,
      times: this.#times,
      failures: this.#failures,
    }
  }

  async #play(): Promise<void> {
    const { peers, record } = this.#options
    this.#stage = 'starting'
    if (record !== null) this.#inspector = await openInspector({ record, isLive: false })
    const host = await LobbyHost.open({ port: 0, isLive: false, inspector: this.#inspector?.reportUrl ?? null })
    this.#host = host
    await this.#timed('start', async () => {
      for (let i = 0; i < peers; i++) this.#fleet.add()
      await this.#until('starting the peers', () => this.#up.size === peers)
    })
    await this.#timed('form', async () => {
      const ids = this.#fleet.peers.map((peer) => peer.id)
      for (const a of ids) for (const b of ids) if (a < b) this.#expect(a, b)
      for (const id of ids) this.#fleet.join(id, host.meeting)
      await this.#until('forming the mesh', () => this.#allSeen())
    })
    const first = await this.#measured('sending', () => this.#traffic())
    await this.#timed('join', () => this.#join(host))
    this.#times.traffic = first + (await this.#measured('sending with the late peer', () => this.#traffic()))
    await this.#timed('leave', () => this.#leave())
  }

  async #join({ meeting }: LobbyHost): Promise<void> {
    const { id } = this.#fleet.add()
    await this.#until('starting the late peer', () => this.#up.has(id))
    for (const { id: other } of this.#fleet.running) this.#expect(other, id)
    this.#fleet.join(id, meeting)
    await this.#until('connecting the late peer', () => this.#allSeen())
  }

  /** Everyone sends, and it is waited until everything has arrived, or what is missing can no longer come. */
  async #traffic(): Promise<void> {
    const { running } = this.#fleet
    this.#sent.clear()
    for (const peer of running) peer.tell({ type: 'send', rounds: this.#options.packets, every: ROUND_EVERY })
    await this.#until(this.#stage, () => this.#sent.size === running.length)
    // From here on whatever is told was told after the last packet was sent.
    this.#tallies.clear()
    const progress = new ArrivalProgress()
    const asking = setInterval(() => {
      for (const peer of running) peer.tell({ type: 'tally' })
    }, TALLY_EVERY)
    try {
      await this.#until(this.#stage, () =>
        progress.isComplete([...this.#tallies.values()], running.length, performance.now()),
      )
    } finally {
      clearInterval(asking)
    }
  }

  async #leave(): Promise<void> {
    const [, leaver] = this.#fleet.running
    if (leaver === undefined) return
    for (const { id } of this.#fleet.running) {
      if (id !== leaver.id) this.#expected.push({ signal: 'peerDisconnected', observer: id, subject: leaver.id })
    }
    this.#leftAt = performance.now()
    leaver.leave()
    await this.#until(`leaving of peer ${leaver.id}`, () => this.#allSeen())
  }

  async #close(): Promise<void> {
    this.#isClosing = true
    const late = await this.#fleet.close(CLOSE_PATIENCE)
    for (const id of late) this.#failures.push(`peer ${id} did not close within ${CLOSE_PATIENCE / 1000} s`)
    await this.#host?.close()
    await this.#inspector?.close()
    if (this.#inspector?.stats().recording?.error) this.#failures.push(recordedText(this.#inspector) ?? '')
  }

  #expect(low: number, high: number): void {
    this.#pairs.push([low, high])
    this.#expected.push({ signal: 'peerConnected', observer: low, subject: high })
    this.#expected.push({ signal: 'peerConnected', observer: high, subject: low })
  }

  #hear(event: FleetEvent): void {
    switch (event.type) {
      case 'peerConnected':
        this.#sightings.push({ signal: event.type, observer: event.of, subject: event.peer, took: event.took })
        break
      case 'peerDisconnected':
        if (this.#isClosing) break
        this.#sightings.push({
          signal: event.type,
          observer: event.of,
          subject: event.peer,
          took: performance.now() - this.#leftAt,
        })
        break
      case 'sent':
        this.#sent.add(event.of)
        break
      case 'tally':
        this.#tallies.set(event.of, event.tally)
        break
      case 'failed':
        this.#fail(`peer ${event.of}: ${event.message}`)
        break
      case 'neverConnected':
        if (!this.#isClosing) this.#fail(`peer ${event.of} gave up on peer ${event.peer} (${event.reason})`)
        break
      case 'ready':
        this.#up.add(event.of)
        break
      case 'visitor':
        this.#fail(`peer ${event.of} is none of this run`)
        break
      case 'joined':
      case 'report':
      case 'ended':
        break
    }
  }

  /** The first failure ends the run; later ones only add to it. */
  #fail(message: string): void {
    if (this.#ending.signal.aborted || this.#isClosing) this.#failures.push(message)
    else this.giveUp(new Error(message))
  }

  #allSeen(): boolean {
    return this.#sightings.length >= this.#expected.length
  }

  async #until(stage: string, condition: () => boolean): Promise<void> {
    this.#stage = stage
    const { signal } = this.#ending
    signal.throwIfAborted()
    const aborted$ = fromEvent(signal, 'abort').pipe(
      map(() => {
        throw signal.reason
      }),
    )
    await firstValueFrom(merge(this.#fleet.events$, aborted$).pipe(startWith(null), filter(condition)))
  }

  async #timed(part: keyof RunTimes, work: () => Promise<void>): Promise<void> {
    this.#times[part] = await this.#measured(part, work)
  }

  async #measured(stage: string, work: () => Promise<void>): Promise<number> {
    this.#stage = stage
    const started = performance.now()
    await work()
    return performance.now() - started
  }
}
