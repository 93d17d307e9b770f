/** The two ends of a connection in two processes. Signals carry the number of their connection: late ones of a closed connection are not for the next. */

/** Milliseconds after which a connect counts as lost. */
export const CONNECT_LIMIT = 10_000

/** Hands an end what is signalled to it, and keeps what comes before there is an end. */
class Signals {
  #number = 0
  #waiting = []
  #end

  begin(number) {
    this.#number = number
    this.#end = undefined
    this.#waiting = []
  }

  /** From now on it is the end that hears. */
  hear(end) {
    this.#end = end
    for (const value of this.#waiting.splice(0)) end.signal(value)
  }

  take({ number, value }) {
    if (number !== this.#number) return
    if (this.#end === undefined) this.#waiting.push(value)
    else this.#end.signal(value)
  }
}

/** In the first process: connects with the second. */
export class Connector {
  #signals = new Signals()
  #number = 0
  #pair

  constructor(place, other) {
    this.place = place
    this.other = other
    other.onSignal = (signal) => this.#signals.take(signal)
  }

  /**
   * A new connection.
   *
   * @returns `end`, `milliseconds` from the making of this end to the opening of both, `lost` if that has not come within CONNECT_LIMIT, and `close()`.
   */
  connect = async () => {
    const { adapter, variant } = this.place
    const number = ++this.#number
    this.#signals.begin(number)
    await this.other.call('prepare', number)
    const start = performance.now()
    const end = await adapter.createEnd({
      role: 'offer',
      id: 1,
      peerId: 2,
      variant,
      sendSignal: (value) => this.other.signal({ number, value }),
    })
    this.#signals.hear(end)
    await end.start()
    let timer
    const late = new Promise((resolve) => (timer = setTimeout(resolve, CONNECT_LIMIT, 'late')))
    const result = await Promise.race([Promise.all([end.opened, this.other.call('opened')]), late])
    clearTimeout(timer)
    return {
      end,
      milliseconds: performance.now() - start,
      lost: result === 'late',
      close: () => Promise.all([end.close(), this.other.call('close')]),
    }
  }

  /** The end of a connection that stays: made at the first call, and the same at the next. */
  pair = async () => {
    this.#pair ??= await this.#connected()
    return this.#pair
  }

  async #connected() {
    const { end, lost } = await this.connect()
    if (lost) throw new Error(`it did not connect within ${CONNECT_LIMIT / 1000} s`)
    return end
  }
}

/** In the second process: the other end, made when the first process asks for it. */
export class Listener {
  #signals = new Signals()

  constructor({ adapter, variant }) {
    this.handlers = {
      prepare: async (number) => {
        this.#signals.begin(number)
        this.end = await adapter.createEnd({
          role: 'answer',
          id: 2,
          peerId: 1,
          variant,
          sendSignal: (value) => this.#parent.signal({ number, value }),
        })
        this.#signals.hear(this.end)
      },
      opened: () => this.end.opened.then(() => undefined),
      close: () => this.end.close().then(() => undefined),
    }
  }

  #parent

  listen(parent) {
    this.#parent = parent
    parent.onSignal = (signal) => this.#signals.take(signal)
  }
}
