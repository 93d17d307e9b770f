import { memoryBroker } from '../../../../../src/services/lobby/broker/memory-broker.ts'
import type { BrokerListener, BrokerNode, LobbyBroker } from '../../../../../src/services/lobby/broker/broker.ts'
import type { Clock } from '../../../../../src/clock.ts'
import { MultiplayerError } from '../../../../../src/multiplayer-error.ts'

/** A memory broker as far away as a real one: what is asked takes time to get there, and what it tells takes time to come back, in order for each server. */
export class SlowBroker implements LobbyBroker {
  isAvailable = true
  readonly #inner = memoryBroker()
  readonly #clock: Clock
  readonly #latency: () => number
  readonly #listeners = new Set<BrokerListener>()

  /** @param latency - milliseconds of one way, asked for each message. */
  constructor(clock: Clock, latency: () => number) {
    this.#clock = clock
    this.#latency = latency
  }

  async connect(listener: BrokerListener): Promise<BrokerNode> {
    this.#listeners.add(listener)
    const there = new Line(this.#clock, this.#latency)
    const back = new Line(this.#clock, this.#latency)
    const node = await this.#inner.connect({
      changed: (lobby) => {
        back.put(() => listener.changed(lobby))
      },
      closed: (lobby) => {
        back.put(() => listener.closed(lobby))
      },
      signal: (signal) => {
        back.put(() => listener.signal(signal))
      },
      available: () => undefined,
    })
    const ask = <Reply>(what: () => Promise<Reply>): Promise<Reply> => {
      if (!this.isAvailable) return Promise.reject(new MultiplayerError('ERR_UNAVAILABLE', 'The broker is away.'))
      return new Promise((resolve, reject) => {
        there.put(() => {
          // What the inner one tells is on its way back before its answer is.
          const asked = what()
          back.put(() => void asked.then(resolve, reject))
        })
      })
    }
    const isAvailable = (): boolean => this.isAvailable
    return {
      id: node.id,
      get isAvailable() {
        return isAvailable()
      },
      create: (request) => ask(() => node.create(request)),
      join: (request) => ask(() => node.join(request)),
      resume: (request) => ask(() => node.resume(request)),
      seal: (lobby, by) => ask(() => node.seal(lobby, by)),
      setMetadata: (lobby, by, metadata) => ask(() => node.setMetadata(lobby, by, metadata)),
      list: (limit) => ask(() => node.list(limit)),
      countLobbies: () => ask(() => node.countLobbies()),
      leave: (lobby, id, session) =>
        new Promise((resolve) => {
          there.put(() => {
            void node.leave(lobby, id, session)
            back.put(resolve)
          })
        }),
      signal: (signal) => {
        there.put(() => {
          node.signal(signal)
        })
      },
      close: () => node.close(),
    }
  }

  /** From now on it can, or cannot, be reached; what is on its way arrives. */
  setAvailable(isAvailable: boolean): void {
    this.isAvailable = isAvailable
    for (const listener of this.#listeners) listener.available(isAvailable)
  }
}

/** Carries calls, each in its time, none before the one before it. */
class Line {
  readonly #clock: Clock
  readonly #latency: () => number
  #last = 0

  constructor(clock: Clock, latency: () => number) {
    this.#clock = clock
    this.#latency = latency
  }

  put(call: () => void): void {
    const now = this.#clock.now()
    this.#last = Math.max(this.#last, now + this.#latency())
    this.#clock.setTimeout(call, this.#last - now)
  }
}
