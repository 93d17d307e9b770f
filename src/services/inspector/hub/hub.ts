import { type Clock, realClock } from '../../../clock.ts'
import type { SourceGoneMessage, WatchMessage } from '../wire/messages.ts'
import type { BacklogLimits } from './backlog.ts'
import { type Entry, toEntry } from './entry.ts'
import { Feed, type Outlet } from './feed.ts'
import { History } from './history.ts'
import { HubCounters, type HubDrops } from './hub-counters.ts'
import { LatestFacts } from './latest-facts.ts'
import { DEFAULT_HUB_LIMITS, type HubLimits } from './limits.ts'
import { Registry } from './registry.ts'
import { type HubSource, SourcePort } from './source-port.ts'

/** Milliseconds for which sources go on telling after the last who looked is gone: a page that is reloaded comes back sooner. */
const LINGER = 3_000

export interface HubOptions {
  /** Milliseconds between two looks at the connections, for those who report. */
  readonly sampleInterval: number
  readonly clock?: Clock
  /** Milliseconds since 1970. */
  readonly epoch?: () => number
  readonly limits?: Partial<HubLimits>
  readonly backlogLimits?: BacklogLimits
}

export interface AddSourceOptions {
  /** Hears at once, and whenever it changes, whether anybody looks; with where to tell what. */
  readonly watch: (watch: WatchMessage, source: HubSource) => void
  /** Of this process: nobody else can take over what it tells of. */
  readonly isLocal?: boolean
}

/** What a hub counts. */
export interface HubStats {
  /** Processes and pages that have told of themselves and are not gone. */
  readonly sources: number
  /** Messages that were taken. */
  readonly messages: number
  /** Messages that were lost on the way here, by the numbers of those that came. */
  readonly lost: number
  readonly drops: HubDrops
  /** Actors that somebody who looks late will not see, since there are too many. */
  readonly refusedActors: number
}

/**
 * Where everything that is told comes together and goes out: to viewers and recordings. It remembers what is there and what happened last, bounded, so that whoever looks late sees
 * the same as all others.
 */
export class Hub {
  readonly counters = new HubCounters()
  readonly limits: HubLimits

  readonly #sampleInterval: number
  readonly #clock: Clock
  readonly #epoch: () => number
  readonly #backlogLimits: BacklogLimits | undefined
  readonly #registry: Registry
  readonly #history: History
  readonly #facts: LatestFacts
  readonly #feeds = new Set<Feed>()
  readonly #ports = new Set<SourcePort>()
  /** Who speaks for which source. */
  readonly #speakers = new Map<string, SourcePort>()
  #isWatched = false
  #lingering: unknown = null
  #messages = 0
  #lost = 0

  constructor({ sampleInterval, clock = realClock, epoch = Date.now, limits, backlogLimits }: HubOptions) {
    this.limits = { ...DEFAULT_HUB_LIMITS, ...limits }
    this.#sampleInterval = sampleInterval
    this.#clock = clock
    this.#epoch = epoch
    this.#backlogLimits = backlogLimits
    this.#registry = new Registry(this.limits)
    // What is older than the history is summed up: together they are what there is now.
    this.#history = new History(this.limits, (entry) => {
      this.#registry.apply(entry)
    })
    this.#facts = new LatestFacts(this.limits.factsSize)
  }

  /** Whether anybody looks or records, or did a moment ago. */
  get isWatched(): boolean {
    return this.#isWatched
  }

  /** Somebody who tells of one or more sources. */
  addSource({ watch, isLocal = false }: AddSourceOptions): HubSource {
    const port: SourcePort = new SourcePort(
      {
        limits: this.limits,
        counters: this.counters,
        speaker: (source) => this.#speakers.get(source),
        begin: (source) => {
          this.#begin(source, port)
        },
        end: (source) => {
          this.#end(source)
        },
        take: (message, text, lost) => {
          this.#lost += lost
          this.#take({ message, text })
        },
        left: () => this.#ports.delete(port),
      },
      watch,
      isLocal,
    )
    this.#ports.add(port)
    port.watch(this.#watchMessage())
    return port
  }

  /** Leads everything that is told there, beginning with what is known now. The feed ends by {@link removeFeed}. */
  addFeed(outlet: Outlet): Feed {
    const feed = new Feed(outlet, this.#clock, this.#backlogLimits)
    for (const entries of [this.#registry.entries(), this.#history.entries, this.#facts.entries]) {
      for (const entry of entries) feed.push(entry)
    }
    this.#feeds.add(feed)
    this.#clock.clearTimeout(this.#lingering)
    this.#watch(true)
    return feed
  }

  removeFeed(feed: Feed): void {
    feed.close()
    if (!this.#feeds.delete(feed) || this.#feeds.size > 0) return
    this.#lingering = this.#clock.setTimeout(() => {
      this.#watch(false)
    }, LINGER)
  }

  stats(): HubStats {
    return {
      sources: this.#speakers.size,
      messages: this.#messages,
      lost: this.#lost,
      drops: this.counters.drops,
      refusedActors: this.#registry.refused,
    }
  }

  /** Sources are told that nobody looks; what waits to go out is written. */
  close(): void {
    this.#clock.clearTimeout(this.#lingering)
    for (const feed of this.#feeds) feed.end()
    this.#feeds.clear()
    this.#watch(false)
  }

  #watch(isWatched: boolean): void {
    if (this.#isWatched === isWatched) return
    this.#isWatched = isWatched
    const watch = this.#watchMessage()
    for (const port of this.#ports) port.watch(watch)
  }

  #watchMessage(): WatchMessage {
    return { type: 'webrtc.watch', active: this.#isWatched, sampleInterval: this.#sampleInterval }
  }

  /** A source that begins while it is there, as after a pause, has ended before: what it does not tell again is not there any more. */
  #begin(source: string, port: SourcePort): void {
    this.#end(source)
    this.#speakers.set(source, port)
  }

  #end(source: string): void {
    const port = this.#speakers.get(source)
    if (port === undefined) return
    this.#speakers.delete(source)
    const last = port.forget(source)
    const gone: SourceGoneMessage = {
      type: 'webrtc.source-gone',
      source,
      seq: Math.min(last.seq + 1, Number.MAX_SAFE_INTEGER),
      time: Math.max(last.time, this.#epoch()),
    }
    this.#take(toEntry(gone))
  }

  #take(entry: Entry): void {
    const { message } = entry
    this.#messages++
    if (message.type === 'webrtc.source-gone') this.#facts.forget(message.source)
    if (message.type === 'webrtc.facts') this.#facts.keep(message, entry)
    else this.#history.push(entry)
    for (const feed of this.#feeds) feed.push(entry)
  }
}
