/** How a peer went. */
export type DepartureKind = 'left' | 'killed' | 'failed'

/** A peer that went while others knew it. */
interface Departure {
  readonly kind: DepartureKind
  readonly at: number
  /** Who has not noticed yet. */
  readonly unaware: Set<number>
  readonly observers: number
}

/** One peer has noticed that another is gone. */
export interface Notice {
  readonly kind: DepartureKind
  /** Milliseconds from the departure. */
  readonly after: number
  readonly observers: number
  readonly isFirst: boolean
  readonly isLast: boolean
}

/** Who knows whom, and who has noticed whose departure after how long. */
export class Departures {
  readonly #known = new Map<number, Set<number>>()
  readonly #departures = new Map<number, Departure>()

  /** A peer announced another. */
  connected(observer: number, subject: number): void {
    this.#knownTo(observer).add(subject)
  }

  departed(id: number, kind: DepartureKind, at: number): void {
    if (this.#departures.has(id)) return
    const observers = [...this.#known].filter(([, subjects]) => subjects.has(id)).map(([observer]) => observer)
    this.#departures.set(id, { kind, at, unaware: new Set(observers), observers: observers.length })
    // Who is gone notices nothing any more.
    this.#known.delete(id)
    for (const { unaware } of this.#departures.values()) unaware.delete(id)
  }

  /** A peer reported another as gone; null if that one is still there, as far as is known. */
  noticed(observer: number, subject: number, at: number): Notice | null {
    this.#knownTo(observer).delete(subject)
    const departure = this.#departures.get(subject)
    if (departure === undefined) return null
    const { kind, unaware, observers } = departure
    const isFirst = unaware.size === observers
    unaware.delete(observer)
    return { kind, after: at - departure.at, observers, isFirst, isLast: unaware.size === 0 }
  }

  /** The departure of a peer that some have not noticed yet. */
  unnoticed(id: number): { readonly kind: DepartureKind; readonly at: number } | null {
    const departure = this.#departures.get(id)
    return departure !== undefined && departure.unaware.size > 0 ? departure : null
  }

  #knownTo(observer: number): Set<number> {
    let known = this.#known.get(observer)
    if (known === undefined) {
      known = new Set()
      this.#known.set(observer, known)
    }
    return known
  }
}
