import type { Subscription } from 'rxjs'
import type { PeerConnectionConfiguration, PeerConnectionConstructor } from '../../../src/transport/peer-connection.ts'
import { onLaterTurn } from '../../../src/transport/library/later-turn.ts'
import { describeError, type FarAnswer, type FarCall, type FarEvent } from './wire.ts'

type Thing = Record<string, unknown>
interface Watchable {
  subscribe(observer: { next: (value: unknown) => void; complete: () => void }): Subscription
}

/** The far end's objects: does what the near end asks, and tells it what they emit. */
export class FarHost {
  readonly #Connection: PeerConnectionConstructor
  readonly #push: (events: readonly FarEvent[]) => void
  readonly #objects = new Map<number, object>()
  readonly #numbers = new Map<object, number>()
  readonly #subscriptions = new Map<number, Subscription>()
  #events: FarEvent[] = []
  #seq = 0
  #inCall = false
  readonly #unpushed: FarEvent[] = []

  /** @param push - sends events to the near end; those that it gets twice it knows by their numbers. */
  constructor(Connection: PeerConnectionConstructor, push: (events: readonly FarEvent[]) => void) {
    this.#Connection = Connection
    this.#push = push
  }

  answer(call: FarCall): FarAnswer {
    this.#events = this.#events.filter((event) => event.seq > call.seen)
    this.#inCall = true
    try {
      const value = this.#reference(this.#do(call))
      return { value, events: [...this.#events] }
    } catch (error) {
      return { error: describeError(error), events: [...this.#events] }
    } finally {
      this.#inCall = false
    }
  }

  #do({ op, object, name, args }: FarCall): unknown {
    if (op === 'new') return new this.#Connection(args[0] as PeerConnectionConfiguration | undefined)
    if (op === 'unsubscribe') {
      this.#subscriptions.get(object)?.unsubscribe()
      return undefined
    }
    const thing = this.#objects.get(object) as Thing
    switch (op) {
      case 'get':
        return thing[name]
      case 'set':
        return (thing[name] = args[0])
      case 'call':
        return this.#settled(
          (thing[name] as (...args: unknown[]) => unknown).apply(thing, [...args.slice(1)]),
          args[0] as number,
        )
      case 'subscribe':
        this.#subscribe(thing[name] as Watchable, args[0] as number)
        return undefined
      case 'receiver': {
        const [subscription] = args as [number | null]
        const receiver = (...values: unknown[]): void => {
          if (subscription !== null) this.#tell(subscription, 'next', values)
        }
        ;(thing['setReceiver'] as (receiver: unknown) => void).call(thing, subscription === null ? null : receiver)
        return undefined
      }
    }
  }

  #subscribe(source: Watchable, number: number): void {
    const subscription = source.subscribe({
      next: (value) => {
        this.#tell(number, 'next', [this.#reference(value)])
      },
      complete: () => {
        this.#tell(number, 'complete', [])
      },
    })
    this.#subscriptions.set(number, subscription)
  }

  #settled(result: unknown, number: number): unknown {
    if (!(result instanceof Promise)) return result
    void result.then(() => {
      this.#tell(number, 'complete', [])
    })
    return { $promise: true }
  }

  #tell(subscription: number, kind: FarEvent['kind'], values: readonly unknown[]): void {
    const event = { seq: ++this.#seq, subscription, kind, values }
    this.#events.push(event)
    if (this.#inCall) return
    // In batches: thousands of messages may come at once, and a Node peer that is slow to take them loses some when the other side closes.
    if (this.#unpushed.push(event) > 1) return
    onLaterTurn(() => {
      this.#push(this.#unpushed.splice(0))
    })
  }

  /** Connections and channels stay here; the near end gets their numbers. */
  #reference(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || !('readyState' in value || 'createOffer' in value)) return value
    let number = this.#numbers.get(value)
    if (number === undefined) {
      number = this.#objects.size + 1
      this.#objects.set(number, value)
      this.#numbers.set(value, number)
    }
    return { $object: number }
  }
}
