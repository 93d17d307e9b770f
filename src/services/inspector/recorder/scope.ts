/** How an actor that is watched, and its children, are told of. */
export interface Scope {
  /** What viewers shall call it instead of its id. */
  readonly name?: string | undefined
  /** Null if it is in no group of its own. */
  readonly group: () => string | null
  /** The id of this side in the group; 0 if there is none yet. */
  readonly uniqueId: () => number
  /** Picks what may be told of the context of the watched actor itself. */
  readonly pick?: ((context: never) => unknown) | undefined
}

/** Of an actor that is watched more than once, as a mesh by itself and as that of a lobby: what the first says that says anything. */
export function mergeScopes([first, ...rest]: readonly [Scope, ...Scope[]]): Scope {
  if (rest.length === 0) return first
  const all = [first, ...rest]
  return {
    name: all.find(({ name }) => name !== undefined)?.name,
    group: () => all.reduce<string | null>((group, scope) => group ?? scope.group(), null),
    uniqueId: first.uniqueId,
    pick: all.find(({ pick }) => pick !== undefined)?.pick,
  }
}
