import type { Clock } from '../../../clock.ts'
import { Backlog, type BacklogLimits } from './backlog.ts'
import type { Entry } from './entry.ts'

/** Where messages go out: a socket, a file. */
export interface Outlet {
  /** Takes messages in their order; before them this many were left out. */
  write(entries: readonly Entry[], missed: number): void
  /** Characters or bytes that were written and wait to be taken. */
  readonly bufferedAmount: number
  /** It is so slow that what it has to catch up with grows without end: it gets nothing more. */
  giveUp(): void
}

/** Milliseconds between two writes: less than a frame of a screen, and long enough to make few frames of a burst. */
const FLUSH_EVERY = 15
/** Characters in one write: it takes a page a few milliseconds to read it. */
const WRITE_SIZE = 256 * 1024
/** What may wait in an outlet; beyond it messages wait here, where they can be merged. */
const MOST_BUFFERED = 1024 * 1024

/** Leads messages to an outlet, in few writes, as fast as that takes them. */
export class Feed {
  readonly #outlet: Outlet
  readonly #clock: Clock
  readonly #backlog: Backlog
  #timer: unknown = null
  #isClosed = false
  #missedTold = 0

  constructor(outlet: Outlet, clock: Clock, limits?: BacklogLimits) {
    this.#outlet = outlet
    this.#clock = clock
    this.#backlog = new Backlog(limits)
  }

  /** Messages that were left out, from the beginning on. */
  get missed(): number {
    return this.#backlog.missed
  }

  /** Messages that wait. */
  get waiting(): number {
    return this.#backlog.length
  }

  push(entry: Entry): void {
    if (this.#isClosed) return
    this.#backlog.push(entry)
    if (this.#backlog.isHopeless) {
      this.close()
      this.#outlet.giveUp()
      return
    }
    this.#flushLater()
  }

  /** Writes everything that waits, whether it is taken or not, and closes. */
  end(): void {
    if (this.#isClosed) return
    this.#flush(Infinity)
    this.close()
  }

  /** What waits is thrown away. */
  close(): void {
    this.#isClosed = true
    this.#clock.clearTimeout(this.#timer)
  }

  #flush(mostBuffered: number): void {
    while (!this.#isClosed && !this.#backlog.isEmpty && this.#outlet.bufferedAmount < mostBuffered) {
      const { missed } = this.#backlog
      this.#outlet.write(this.#backlog.take(WRITE_SIZE), missed - this.#missedTold)
      this.#missedTold = missed
    }
    if (!this.#isClosed && !this.#backlog.isEmpty) this.#flushLater()
  }

  #flushLater(): void {
    this.#timer ??= this.#clock.setTimeout(() => {
      this.#timer = null
      this.#flush(MOST_BUFFERED)
    }, FLUSH_EVERY)
  }
}
