import { Observable, Subject } from 'rxjs'
import type { Clock } from '../../clock.ts'

interface Change<S> {
  readonly version: number
  readonly state: S
}

/** For states of which none is the last. */
export const NO_FINAL_STATE = Symbol('no final state')

/**
 * A state whose value changes at once and whose observable tells of it on a later turn, as the contract wants of everything that a call
 * causes. Whoever subscribes gets the state now, then only what changed after that; it completes after the final state.
 */
export class SignalledState<S> {
  readonly state$: Observable<S>

  readonly #clock: Clock
  readonly #final: S | typeof NO_FINAL_STATE
  readonly #changes = new Subject<Change<S>>()
  readonly #untold: Change<S>[] = []
  #now: Change<S>

  constructor(clock: Clock, initial: S, final: S | typeof NO_FINAL_STATE) {
    this.#clock = clock
    this.#final = final
    this.#now = { version: 0, state: initial }
    this.state$ = new Observable((subscriber) => {
      const { version, state } = this.#now
      subscriber.next(state)
      if (state === final) {
        subscriber.complete()
        return
      }
      return this.#changes.subscribe({
        next: (change) => {
          if (change.version > version) subscriber.next(change.state)
        },
        complete: () => {
          subscriber.complete()
        },
      })
    })
  }

  get state(): S {
    return this.#now.state
  }

  /** For changes that a call of the application causes. */
  set(state: S): void {
    if (!this.#change(state)) return
    this.#clock.setTimeout(() => {
      this.#tell()
    }, 0)
  }

  /** For changes that come from the network, which is a later turn already. */
  setNow(state: S): void {
    if (this.#change(state)) this.#tell()
  }

  /** Completes on a later turn, without another state. */
  end(): void {
    this.#clock.setTimeout(() => {
      this.#changes.complete()
    }, 0)
  }

  #change(state: S): boolean {
    if (state === this.#now.state || this.#now.state === this.#final) return false
    this.#now = { version: this.#now.version + 1, state }
    this.#untold.push(this.#now)
    return true
  }

  #tell(): void {
    for (let change = this.#untold.shift(); change !== undefined; change = this.#untold.shift()) {
      this.#changes.next(change)
      if (change.state === this.#final) this.#changes.complete()
    }
  }
}
