import { Observable, Subject } from 'rxjs'
import { onLaterTurn } from './later-turn.ts'

/**
 * A state that can be read at once and watched: a new watcher gets the state now and then every change. A change made by a call of the user
 * is readable at once but emitted on a later turn, in order.
 */
export class ObservableState<T> {
  readonly changes$: Observable<T>
  readonly #subject = new Subject<T>()
  readonly #pending: T[] = []
  #value: T
  #done = false

  constructor(initial: T) {
    this.#value = initial
    this.changes$ = new Observable<T>((subscriber) => {
      // A change that is still to be emitted is no news to who subscribed after it.
      let last = this.#value
      subscriber.next(last)
      return this.#subject.subscribe({
        next: (value) => {
          if (value === last) return
          last = value
          subscriber.next(value)
        },
        complete: () => subscriber.complete(),
      })
    })
  }

  get value(): T {
    return this.#value
  }

  /** Changes and emits now. */
  set(value: T): void {
    this.#flush()
    if (this.#done || value === this.#value) return
    this.#value = value
    this.#subject.next(value)
  }

  /** Changes now, emits on a later turn. */
  setLater(value: T): void {
    if (this.#done || value === this.#value) return
    this.#value = value
    if (this.#pending.push(value) > 1) return
    onLaterTurn(() => {
      this.#flush()
    })
  }

  /** The last state; nothing is emitted after it. */
  finish(value: T): void {
    this.set(value)
    this.#done = true
    this.#subject.complete()
  }

  #flush(): void {
    for (const value of this.#pending.splice(0)) this.#subject.next(value)
  }
}
