import { type Clock, realClock } from '../../../clock.ts'
import {
  ignoreSocket,
  listenTo,
  type LobbyWebSocket,
  type LobbyWebSocketConstructor,
} from '../../lobby/client/web-socket.ts'
import type { BacklogLimits } from '../hub/backlog.ts'
import { type Entry, toEntry } from '../hub/entry.ts'
import { Feed, type Outlet } from '../hub/feed.ts'
import type { InspectorMessage, WatchMessage } from '../wire/messages.ts'
import { keepInBackground } from './background.ts'
import { readWatch } from './read-watch.ts'

/** A WebSocket that says how much waits in it, as those of browsers and of `ws` do. */
type SendingSocket = LobbyWebSocket & { readonly bufferedAmount?: number }

/** Less than in an inspector: this is memory of the application. What 64 meshes tell when somebody begins to look is 10 MiB. */
const BACKLOG_LIMITS: BacklogLimits = {
  merged: 20_000,
  mergedSize: 16 * 1024 * 1024,
  mostSize: 64 * 1024 * 1024,
}
/** Milliseconds for a socket to open. */
const OPEN_TIMEOUT = 5_000
/** Milliseconds for an inspector to answer a close. */
const CLOSE_TIMEOUT = 1_000
const NORMAL = 1000

export interface ReportSocketListener {
  /** Somebody begins or ceases to look. */
  watch(watch: WatchMessage): void
  /** The connection is lost, or could not be made. Not told after {@link ReportSocket.close}. */
  lost(): void
}

/** One connection to an inspector. */
export class ReportSocket implements Outlet {
  readonly #socket: SendingSocket
  readonly #feed: Feed
  readonly #clock: Clock
  readonly #hold: () => void
  #listener: ReportSocketListener | null
  #opening: unknown

  /** @throws what the constructor of the socket throws. */
  constructor(url: string, WebSocket: LobbyWebSocketConstructor, clock: Clock, listener: ReportSocketListener) {
    this.#clock = clock
    this.#listener = listener
    this.#feed = new Feed(this, clock, BACKLOG_LIMITS)
    this.#socket = new WebSocket(url)
    this.#hold = keepInBackground(this.#socket)
    this.#opening = clock.setTimeout(() => {
      this.giveUp()
    }, OPEN_TIMEOUT)
    listenTo(this.#socket, {
      open: () => {
        clock.clearTimeout(this.#opening)
      },
      message: (data) => {
        const watch = readWatch(data)
        if (watch !== null) this.#listener?.watch(watch)
      },
      closed: () => {
        this.#lose()
      },
    })
  }

  get bufferedAmount(): number {
    return this.#socket.bufferedAmount ?? 0
  }

  tell(message: InspectorMessage): void {
    this.#feed.push(toEntry(message))
  }

  write(entries: readonly Entry[]): void {
    try {
      this.#socket.send(`[${entries.map(({ text }) => text).join(',')}]`)
    } catch {
      // It is closing; that is heard of in any case.
    }
  }

  /** What is told grows faster than it is taken, or nobody answers: better to begin anew. */
  giveUp(): void {
    ignoreSocket(this.#socket)
    this.#closeSocket()
    this.#lose()
  }

  /** Sends what waits, and closes. */
  async close(): Promise<void> {
    if (this.#listener === null) return
    this.#listener = null
    this.#clock.clearTimeout(this.#opening)
    this.#feed.end()
    this.#hold()
    await new Promise<void>((resolve) => {
      // Of the platform and not in the background, since somebody waits for it.
      const timer = realClock.setTimeout(resolve, CLOSE_TIMEOUT)
      ignoreSocket(this.#socket)
      this.#socket.onclose = () => {
        realClock.clearTimeout(timer)
        resolve()
      }
      this.#closeSocket()
    })
  }

  #lose(): void {
    this.#clock.clearTimeout(this.#opening)
    this.#feed.close()
    const listener = this.#listener
    this.#listener = null
    listener?.lost()
  }

  #closeSocket(): void {
    try {
      this.#socket.close(NORMAL)
    } catch {
      // It never came to anything.
    }
  }
}
