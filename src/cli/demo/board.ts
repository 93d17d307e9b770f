import { DEMO_CHANNELS } from './channels.ts'
import { Departures } from './departures.ts'
import type { FleetEvent } from './fleet.ts'
import { formatDuration } from './format.ts'
import type { PeerReport } from './messages.ts'
import { type ChannelRates, NO_RATES, ratesBetween } from './rates.ts'
import type { NewsItem, PeerRow, Tone } from './screen-state.ts'

/** As much as any screen shows. */
const NEWS_KEPT = 200
/** With more observers than this, only the first and the last to notice are told. */
const OBSERVERS_TOLD = 6

interface Entry {
  /** Null: it is a page, and no process of the demo. */
  readonly pid: number | null | undefined
  phase: 'starting' | 'running' | 'leaving' | 'dead' | 'ended'
  report: PeerReport | null
  rates: readonly ChannelRates[]
}

/** A peer that joins, until all its connections are there. */
interface Arrival {
  readonly at: number
  readonly connections: number
  /** Observer and subject of every `peerConnected` that is to come. */
  readonly awaited: Set<string>
}

/** Keeps what the live screen shows, out of what the parent does and what the peers tell. Times are milliseconds since the start. */
export class Board {
  readonly #told: (item: NewsItem) => void
  readonly #entries = new Map<number, Entry>()
  readonly #arrivals = new Map<number, Arrival>()
  readonly #departures = new Departures()
  readonly #news: NewsItem[] = []

  /** @param told - hears every line of the event log. */
  constructor(told: (item: NewsItem) => void = () => undefined) {
    this.#told = told
  }

  get news(): readonly NewsItem[] {
    return this.#news
  }

  /** Somebody who came is not connected to everyone yet. */
  get isSomebodyArriving(): boolean {
    return [...this.#arrivals].some(
      ([id, { awaited }]) =>
        this.#isRunning(id) && [...awaited].some((key) => key.split(' ').every((end) => this.#isRunning(Number(end)))),
    )
  }

  tell(at: number, text: string, tone: Tone = 'plain'): void {
    const item = { at, text, tone }
    this.#news.push(item)
    if (this.#news.length > NEWS_KEPT) this.#news.shift()
    this.#told(item)
  }

  /** The process of a peer was started. */
  starting(id: number, pid: number | undefined): void {
    this.#entries.set(id, { pid, phase: 'starting', report: null, rates: DEMO_CHANNELS.map(() => NO_RATES) })
  }

  /** A peer is in the lobby and connects to those who are there. */
  joining(id: number, others: readonly number[], at: number): void {
    this.#enter(id, 'running')
    const awaited = new Set(others.flatMap((other) => [pairKey(id, other), pairKey(other, id)]))
    this.#arrivals.set(id, { at, connections: others.length, awaited })
    const company = others.length === 0 ? ', the first' : ` with ${list(others)}`
    this.tell(at, `peer ${id} is in the lobby${company}`, 'faint')
  }

  leaving(id: number, at: number): void {
    this.#enter(id, 'leaving')
    this.#departures.departed(id, 'left', at)
    this.tell(at, `peer ${id} leaves gracefully`, 'strong')
  }

  killed(id: number, at: number): void {
    this.#enter(id, 'dead')
    this.#departures.departed(id, 'killed', at)
    this.tell(at, `peer ${id} is killed (SIGKILL): the lobby keeps its place for 3 s, then tells the others`, 'strong')
  }

  hear(event: FleetEvent, at: number): void {
    switch (event.type) {
      case 'visitor':
        this.#entries.set(event.of, { pid: null, phase: 'running', report: null, rates: [] })
        this.tell(at, `peer ${event.of} is a page: somebody visits`, 'good')
        break
      case 'peerConnected':
        this.#departures.connected(event.of, event.peer)
        this.#announced(event.of, event.peer, at)
        break
      case 'peerDisconnected':
        this.#visitorLeaves(event.peer, at)
        this.#noticed(event.of, event.peer, at)
        this.#prune()
        break
      case 'neverConnected':
        this.#arrivals.delete(event.of)
        this.#arrivals.delete(event.peer)
        // Who was killed is in the lobby for a moment longer, and a newcomer calls in vain.
        if (this.#isRunning(event.peer))
          this.tell(at, `peer ${event.of} gave up on peer ${event.peer} (${event.reason})`, 'bad')
        break
      case 'report':
        this.#report(event.of, event.report)
        break
      case 'failed':
        this.#departures.departed(event.of, 'failed', at)
        this.tell(at, `peer ${event.of} failed: ${event.message.split('\n', 1).join('')}`, 'bad')
        break
      case 'ended':
        this.#enter(event.of, 'ended')
        this.#prune()
        break
      case 'ready':
      case 'joined':
      case 'sent':
      case 'tally':
        break
    }
  }

  /** The peers that are there, and those that are gone while somebody has not noticed. */
  rows(at: number): PeerRow[] {
    return [...this.#entries].flatMap(([id, { pid, phase, report, rates }]): PeerRow[] => {
      const unnoticed = this.#departures.unnoticed(id)
      const isDead = phase === 'dead' || phase === 'ended'
      if (isDead) {
        if (unnoticed === null) return []
        const process = `${unnoticed.kind} ${Math.floor((at - unnoticed.at) / 1000)} s`
        return [{ id, process, isDead, connections: [], rates: [] }]
      }
      const process = pid === null ? 'page' : phase === 'running' ? String(pid ?? '') : phase
      return [{ id, process, isDead, connections: report?.connections ?? [], rates }]
    })
  }

  /** Nobody tells of a page that it leaves before somebody sees it. */
  #visitorLeaves(id: number, at: number): void {
    const entry = this.#entries.get(id)
    if (entry?.pid !== null || entry.phase !== 'running') return
    entry.phase = 'ended'
    this.#departures.departed(id, 'left', at)
    this.tell(at, `peer ${id}, the page, leaves`, 'strong')
  }

  #isRunning(id: number): boolean {
    return this.#entries.get(id)?.phase === 'running'
  }

  #enter(id: number, phase: Entry['phase']): void {
    const entry = this.#entries.get(id)
    if (entry !== undefined) entry.phase = phase
  }

  /** Forgets whoever has ended and is missed by nobody. */
  #prune(): void {
    for (const [id, { phase }] of this.#entries) {
      if (phase === 'ended' && this.#departures.unnoticed(id) === null) this.#entries.delete(id)
    }
  }

  #report(id: number, report: PeerReport): void {
    const entry = this.#entries.get(id)
    if (entry === undefined) return
    entry.rates = ratesBetween(entry.report, report)
    entry.report = report
  }

  #announced(observer: number, subject: number, at: number): void {
    const key = pairKey(observer, subject)
    for (const newcomer of [observer, subject]) {
      const arrival = this.#arrivals.get(newcomer)
      if (arrival?.awaited.delete(key) !== true || arrival.awaited.size > 0) continue
      this.#arrivals.delete(newcomer)
      const connections = arrival.connections === 1 ? 'its connection' : `all ${arrival.connections} connections`
      this.tell(at, `peer ${newcomer} joined: ${connections} after ${formatDuration(at - arrival.at)}`, 'good')
    }
  }

  #noticed(observer: number, subject: number, at: number): void {
    const notice = this.#departures.noticed(observer, subject, at)
    if (notice === null) {
      this.tell(at, `peer ${observer} lost peer ${subject}`, 'bad')
      return
    }
    const after = formatDuration(notice.after)
    const verb = notice.kind === 'left' ? 'leave' : 'go'
    if (notice.observers <= OBSERVERS_TOLD) {
      this.tell(at, `peer ${observer} saw peer ${subject} ${verb} after ${after}`)
    } else if (notice.isLast) {
      this.tell(at, `all ${notice.observers} saw peer ${subject} ${verb}, peer ${observer} as the last after ${after}`)
    } else if (notice.isFirst) {
      this.tell(at, `peer ${observer} was the first to see peer ${subject} ${verb}, after ${after}`)
    }
  }
}

function pairKey(observer: number, subject: number): string {
  return `${observer} ${subject}`
}

function list(ids: readonly number[]): string {
  if (ids.length > OBSERVERS_TOLD) return `${ids.length} others`
  return ids.length === 1 ? `peer ${ids.join('')}` : `peers ${ids.join(', ')}`
}
