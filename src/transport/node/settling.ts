import { onLaterTurn } from '../library/later-turn.ts'

/** Turns of the event loop without a message after which nothing more is expected. */
const QUIET_TURNS = 2
/** A connection whose other channels stay busy is not waited for. */
const MAX_TURNS = 50

/**
 * Puts off reports of an ending until the messages that had arrived before it are delivered: every native callback has its own queue, so
 * the end of one channel overtakes messages of another. Reports run in order, on a later turn.
 */
export class Settling {
  readonly #countMessages: () => number
  #reports: (() => void)[] = []
  #turns = 0
  #quiet = 0
  #seen = 0

  /** @param countMessages - all messages so far, of all channels */
  constructor(countMessages: () => number) {
    this.#countMessages = countMessages
  }

  report(report: () => void): void {
    if (this.#reports.push(report) > 1) return
    this.#turns = 0
    this.#quiet = 0
    this.#seen = this.#countMessages()
    this.#wait()
  }

  #wait(): void {
    onLaterTurn(() => {
      const count = this.#countMessages()
      this.#quiet = count === this.#seen ? this.#quiet + 1 : 0
      this.#seen = count
      this.#turns++
      if (this.#quiet < QUIET_TURNS && this.#turns < MAX_TURNS) {
        this.#wait()
        return
      }
      const reports = this.#reports
      this.#reports = []
      for (const report of reports) report()
    })
  }
}
