import type { InspectorState } from '../../model/state.ts'
import type { Scene } from './scene.ts'

/** Longer names are cut: they would take the room of the picture. */
const LONGEST = 16

/** What peers are called beside their ids, by their keys: as what reports of them is called. A name that several peers of a group would have tells nobody apart, and is not given. */
export function namesOf({ actors, sources }: InspectorState, { groups }: Scene): ReadonlyMap<string, string> {
  const names = new Map<string, string>()
  for (const { peers } of groups) {
    const keysOf = new Map<string, string[]>()
    for (const { key, meshId } of peers) {
      const name = sources.get(actors.get(meshId ?? '')?.source ?? '')?.name
      if (name !== undefined) keysOf.set(name, [...(keysOf.get(name) ?? []), key])
    }
    for (const [name, [key, ...others]] of keysOf) {
      if (key !== undefined && others.length === 0) names.set(key, cut(name))
    }
  }
  return names
}

const cut = (name: string): string => (name.length <= LONGEST ? name : `${name.slice(0, LONGEST - 1)}…`)
