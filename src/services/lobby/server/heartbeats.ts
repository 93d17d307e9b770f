import type { WebSocket } from 'ws'
import type { Clock } from '../../../clock.ts'

/** A client whose pongs fail to come so many times is gone, though nobody has closed anything. */
const MISSED_PONGS = 3

/** Pings every socket from time to time, so that proxies keep it open, and ends those whose other side is gone. */
export class Heartbeats {
  readonly #clock: Clock
  readonly #interval: number
  /** Pings since the last pong. */
  readonly #unanswered = new Map<WebSocket, number>()
  #timer: unknown

  /** @param interval - milliseconds. */
  constructor(clock: Clock, interval: number) {
    this.#clock = clock
    this.#interval = interval
    this.#beatLater()
  }

  add(socket: WebSocket): void {
    this.#unanswered.set(socket, 0)
    socket.on('pong', () => {
      if (this.#unanswered.has(socket)) this.#unanswered.set(socket, 0)
    })
    socket.once('close', () => this.#unanswered.delete(socket))
  }

  close(): void {
    this.#clock.clearTimeout(this.#timer)
  }

  #beatLater(): void {
    this.#timer = this.#clock.setTimeout(() => {
      this.#beat()
      this.#beatLater()
    }, this.#interval)
  }

  #beat(): void {
    for (const [socket, unanswered] of this.#unanswered) {
      if (unanswered >= MISSED_PONGS) {
        socket.terminate()
      } else {
        this.#unanswered.set(socket, unanswered + 1)
        socket.ping()
      }
    }
  }
}
