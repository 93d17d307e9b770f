import { Observable, Subject } from 'rxjs'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import { reportUncaught } from '../../../src/transport/channel-inbox.ts'
import type { WebRTCDataChannel } from '../../../src/transport/data-channel.ts'
import type { PeerConnectionConfiguration, WebRTCPeerConnection } from '../../../src/transport/peer-connection.ts'
import type { FarAnswer, FarCall, FarEvent } from './wire.ts'

/**
 * The near end of connections that live somewhere else: in the test's Node process or in another browser. Every call and every property is asked there and answered before
 * it returns (synchronous requests make that possible), so the same test runs over a connection here and one there.
 */
export class FarClient {
  readonly #ask: (call: FarCall) => FarAnswer
  readonly #handlers = new Map<number, (event: FarEvent) => void>()
  readonly #proxies = new Map<number, object>()
  #numbers = 0
  #seen = 0
  #isAsking = false
  /** Not handled yet. */
  readonly #pushed: FarEvent[] = []

  /** @param ask - asks the other end and waits for its answer. */
  constructor(ask: (call: FarCall) => FarAnswer) {
    this.#ask = ask
  }

  create(configuration?: PeerConnectionConfiguration): WebRTCPeerConnection {
    return this.#call('new', 0, '', [configuration]) as WebRTCPeerConnection
  }

  /** Takes what the other end pushes. Firefox delivers messages within a synchronous request; nothing may be heard within a call, though. */
  take(events: readonly FarEvent[]): void {
    this.#pushed.push(...events)
    if (this.#isAsking) setTimeout(() => this.take([]))
    else this.#handle(this.#pushed.splice(0))
  }

  #handle(events: readonly FarEvent[]): void {
    for (const event of events) {
      if (event.seq <= this.#seen) continue
      this.#seen = event.seq
      this.#handlers.get(event.subscription)?.(event)
    }
  }

  #call(op: FarCall['op'], object: number, name: string, args: readonly unknown[]): unknown {
    this.#isAsking = true
    const { value, error, events } = this.#ask({ op, object, name, args, seen: this.#seen })
    this.#isAsking = false
    this.#handle(events)
    if (error?.code) throw new MultiplayerError(error.code, error.message)
    if (error) throw new Error(error.message)
    return this.#dereference(value)
  }

  #dereference(value: unknown): unknown {
    if (typeof value !== 'object' || value === null || !('$object' in value)) return value
    const number = value.$object as number
    let proxy = this.#proxies.get(number)
    if (proxy === undefined) {
      proxy = this.#proxy(number)
      this.#proxies.set(number, proxy)
    }
    return proxy
  }

  #proxy(object: number): object {
    const methods = new Map<string | symbol, unknown>()
    const member = (name: string | symbol): unknown => {
      // Where there is no such symbol yet (Firefox 140) the classes have a method of this name.
      if (String(name) === String(Symbol.dispose)) return () => this.#call('call', object, 'close', [0])
      if (typeof name !== 'string' || name === 'then') return undefined
      if (name.endsWith('$')) return this.#observable(object, name)
      if (name === 'setReceiver') return this.#setReceiver(object)
      return METHODS.has(name) ? this.#method(object, name) : undefined
    }
    return new Proxy(
      {},
      {
        get: (_, name) => {
          if (!methods.has(name)) methods.set(name, member(name))
          const known = methods.get(name)
          if (known !== undefined || typeof name !== 'string' || name === 'then') return known
          return this.#call('get', object, name, [])
        },
        set: (_, name, value) => {
          this.#call('set', object, String(name), [value])
          return true
        },
      },
    )
  }

  #method(object: number, name: string): (...args: unknown[]) => unknown {
    let promise: Promise<void> | undefined
    return (...args) => {
      if (promise) return promise
      const number = ++this.#numbers
      const settled = new Promise<void>((resolve) => {
        this.#handlers.set(number, () => {
          resolve()
        })
      })
      const result = this.#call('call', object, name, [number, ...args])
      const isPromise = typeof result === 'object' && result !== null && '$promise' in result
      if (isPromise) promise = settled
      return isPromise ? promise : result
    }
  }

  #observable(object: number, name: string): Observable<unknown> {
    return new Observable((subscriber) => {
      const number = ++this.#numbers
      // As a source of RxJS would: an observer that throws does not reach the source.
      const subject = new Subject<unknown>()
      const subscription = subject.subscribe(subscriber)
      this.#handlers.set(number, ({ kind, values }) => {
        if (kind === 'next') subject.next(this.#dereference(values[0]))
        else subject.complete()
      })
      this.#call('subscribe', object, name, [number])
      return () => {
        subscription.unsubscribe()
        this.#handlers.delete(number)
        this.#call('unsubscribe', number, '', [])
      }
    })
  }

  #setReceiver(object: number): WebRTCDataChannel['setReceiver'] {
    return (receiver) => {
      const number = receiver === null ? null : ++this.#numbers
      if (receiver !== null && number !== null) {
        this.#handlers.set(number, ({ values }) => {
          try {
            receiver(...(values as Parameters<typeof receiver>))
          } catch (error) {
            reportUncaught(error)
          }
        })
      }
      this.#call('receiver', object, '', [number])
    }
  }
}

const METHODS = new Set([
  ...[
    'initialize',
    'createDataChannel',
    'createOffer',
    'setLocalDescription',
    'setRemoteDescription',
    'addIceCandidate',
  ],
  ...[
    'poll',
    'stats',
    'close',
    'closeGracefully',
    'send',
    'putPacket',
    'getPacket',
    'getAvailablePacketCount',
    'wasStringPacket',
  ],
])
