/** The part of a `MessagePort` that Node and browsers share. */
interface Port {
  onmessage: (() => void) | null
  postMessage(value: null): void
  close(): void
}

/**
 * Waits until every promise callback that can run has run. A message to oneself arrives only after the microtask queue is empty, however long the
 * chains of promises in it; awaiting resolved promises a fixed number of times would only be enough for short ones. No timer is involved.
 */
export class TurnBarrier implements Disposable {
  readonly #sender: Port
  readonly #receiver: Port

  constructor() {
    const { port1, port2 } = new MessageChannel()
    this.#sender = port1 as unknown as Port
    this.#receiver = port2 as unknown as Port
  }

  pass(): Promise<void> {
    return new Promise((resolve) => {
      this.#receiver.onmessage = () => {
        resolve()
      }
      this.#sender.postMessage(null)
    })
  }

  /** Open ports would keep a Node process alive. */
  [Symbol.dispose](): void {
    this.#sender.close()
  }
}
