import type { RunningActor } from './running-actor.ts'
import { mergeScopes, type Scope } from './scope.ts'

/** An actor that is watched, with all that is said of how. */
export interface Watcher {
  readonly actor: RunningActor
  readonly scope: Scope
}

/** The actors that are watched; their descendants are with them. */
export class WatchedActors {
  readonly #scopes = new Map<RunningActor, Scope[]>()

  add(actor: RunningActor, scope: Scope): void {
    const scopes = this.#scopes.get(actor)
    if (scopes === undefined) this.#scopes.set(actor, [scope])
    else scopes.push(scope)
  }

  /** @returns the actors that were watched so. */
  remove(scope: Scope): RunningActor[] {
    const actors: RunningActor[] = []
    for (const [actor, scopes] of this.#scopes) {
      const rest = scopes.filter((other) => other !== scope)
      if (rest.length === scopes.length) continue
      actors.push(actor)
      if (rest.length > 0) this.#scopes.set(actor, rest)
      else this.#scopes.delete(actor)
    }
    return actors
  }

  /** Forgets an actor. @returns how often it was watched. */
  drop(actor: RunningActor): number {
    const count = this.#scopes.get(actor)?.length ?? 0
    this.#scopes.delete(actor)
    return count
  }

  /** The nearest actor around this one that is watched, itself included. */
  nearest(actor: RunningActor): Watcher | undefined {
    for (let outer: RunningActor | undefined = actor; outer !== undefined; outer = outer._parent) {
      const [first, ...rest] = this.#scopes.get(outer) ?? []
      if (first !== undefined) return { actor: outer, scope: mergeScopes([first, ...rest]) }
    }
    return undefined
  }
}
