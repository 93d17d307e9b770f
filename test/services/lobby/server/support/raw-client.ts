/** How a WebSocket ended. */
export interface Closed {
  readonly code: number
  readonly reason: string
}

/** A client that knows nothing of any protocol: texts in, texts out. */
export interface RawClient {
  send(data: string | Uint8Array): void
  /** The next messages, as soon as so many are there. Rejects if the socket closes before. */
  take(count: number): Promise<string[]>
  /** What came and was not taken. */
  readonly rest: readonly string[]
  /** Settles when the socket has closed. */
  closed(): Promise<Closed>
  /** Closes the socket, or (1006) breaks it off. */
  end(code?: number): void
}

/** What came over a socket, and how it ended. */
export class Inbox {
  readonly rest: string[] = []
  #closed: Closed | null = null
  #wake: (() => void)[] = []

  get ended(): Closed | null {
    return this.#closed
  }

  message(text: string): void {
    this.rest.push(text)
    this.#changed()
  }

  close(closed: Closed): void {
    this.#closed = closed
    this.#changed()
  }

  async take(count: number): Promise<string[]> {
    while (this.rest.length < count) {
      if (this.#closed !== null) {
        const { code, reason } = this.#closed
        throw new Error(`closed with ${code} ${reason} after ${JSON.stringify(this.rest)}, ${count} were to come`)
      }
      await this.#change()
    }
    return this.rest.splice(0, count)
  }

  async closed(): Promise<Closed> {
    while (this.#closed === null) await this.#change()
    return this.#closed
  }

  #changed(): void {
    for (const wake of this.#wake.splice(0)) wake()
  }

  #change(): Promise<void> {
    return new Promise((resolve) => {
      this.#wake.push(resolve)
    })
  }
}
