import { Fifo } from '../../../fifo.ts'

/**
 * Handles what one socket sends strictly one after the other, though some of it waits for the broker. What need not wait is handled at once, within the call that brings it.
 */
export class MessageQueue<Item> {
  readonly #handle: (item: Item) => Promise<void> | undefined
  readonly #limit: number
  readonly #onIdle: () => void
  readonly #waiting = new Fifo<Item>()
  #isBusy = false
  #isClosed = false

  /**
   * @param handle - must not throw, nor its promise reject. @param limit - items that may wait. @param onIdle - called when nothing is left after something had to wait.
   */
  constructor(handle: (item: Item) => Promise<void> | undefined, limit: number, onIdle: () => void) {
    this.#handle = handle
    this.#limit = limit
    this.#onIdle = onIdle
  }

  get isBusy(): boolean {
    return this.#isBusy
  }

  /** @returns false if too many wait already. */
  push(item: Item): boolean {
    if (this.#isClosed) return true
    if (this.#isBusy) {
      if (this.#waiting.length >= this.#limit) return false
      this.#waiting.push(item)
    } else {
      this.#run(item)
    }
    return true
  }

  /** Forgets what waits; what is being handled comes to its end. */
  close(): void {
    this.#isClosed = true
    while (this.#waiting.shift() !== undefined);
  }

  #run(item: Item): void {
    this.#isBusy = true
    for (let next: Item | undefined = item; next !== undefined; next = this.#waiting.shift()) {
      const handled = this.#handle(next)
      if (handled === undefined) continue
      void handled.then(() => {
        this.#goOn()
      })
      return
    }
    this.#isBusy = false
  }

  #goOn(): void {
    const next = this.#waiting.shift()
    if (next === undefined) this.#isBusy = false
    else this.#run(next)
    if (!this.isBusy) this.#onIdle()
  }
}
