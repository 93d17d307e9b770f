import type { ActorState, InspectorState, LinkState, LogEntry } from './state.ts'

/** What is chosen, in every view at once. */
export interface Selection {
  /** Session id of the actor whose statechart is shown. */
  readonly actor?: string
  /** Key of the link that is plotted. */
  readonly link?: string
  readonly peer?: string
  /** Index in the log. */
  readonly entry?: number
}

/** The actor of one end of a link: the peer actor of the mesh that tells of it. */
export function actorOfEnd(state: InspectorState, link: LinkState, from: number): ActorState | undefined {
  const end = link.ends.get(from)
  if (!end) return undefined
  const name = `peer:${from === link.low ? link.high : link.low}`
  let found: ActorState | undefined
  for (const actor of state.actors.values()) {
    if (actor.parentId !== end.meshId || actor.name !== name) continue
    // Of several that had this name one after the other, the one that lives or the newest.
    if (!found || found.endedAt !== null) found = actor
  }
  return found
}

/** The link that an actor is an end of, if it is one. */
export function linkOfActor(state: InspectorState, actor: ActorState): LinkState | undefined {
  const other = /^peer:(\d+)$/.exec(actor.name)?.[1]
  return other === undefined ? undefined : state.links.get(linkKey(actor.group, actor.uniqueId, Number(other)))
}

export const linkKey = (group: string, a: number, b: number): string => `${group}|${Math.min(a, b)}-${Math.max(a, b)}`

export const peerKey = (group: string, id: number): string => `${group}|${id}`

/** What an entry is about: its actor, or the pair of a verdict. */
function subjectOf({ sessionId, message }: LogEntry): Selection {
  if (message.type === 'webrtc.verdict') return { link: linkKey(message.group, message.uniqueId, message.peer) }
  return sessionId === '' ? {} : { actor: sessionId }
}

/** What is shown while nothing is chosen: a mesh, and a link. */
export function firstSelection(state: InspectorState): Selection {
  let mesh: ActorState | undefined
  for (const actor of state.actors.values()) {
    if (actor.kind !== 'mesh' || actor.endedAt !== null) continue
    mesh = actor
    break
  }
  const link = state.links.keys().next().value
  return { ...(mesh ? { actor: mesh.sessionId } : {}), ...(link === undefined ? {} : { link }) }
}

/** Whoever chooses one thing chooses what belongs to it: with a link an actor of it, with an actor its link and peer, with an entry its actor. */
export function completeSelection(state: InspectorState, chosen: Selection): Selection {
  if (chosen.entry !== undefined && chosen.actor === undefined && chosen.link === undefined) {
    const first = state.log[0]?.index ?? 0
    const entry = state.log[chosen.entry - first]
    return entry ? { ...completeSelection(state, subjectOf(entry)), ...chosen } : chosen
  }
  if (chosen.actor !== undefined) {
    const actor = state.actors.get(chosen.actor)
    const link = actor && linkOfActor(state, actor)
    const ofLink = link ? { link: link.key } : {}
    const ofPeer = actor && actor.uniqueId > 0 ? { peer: peerKey(actor.group, actor.uniqueId) } : {}
    return { ...ofLink, ...ofPeer, ...chosen }
  }
  if (chosen.link !== undefined) {
    const link = state.links.get(chosen.link)
    const from = link && [...link.ends.keys()].sort((a, b) => a - b)[0]
    const actor = link && from !== undefined ? actorOfEnd(state, link, from) : undefined
    return { ...(actor ? { actor: actor.sessionId } : {}), ...chosen }
  }
  const peer = chosen.peer === undefined ? undefined : state.peers.get(chosen.peer)
  return peer && peer.meshId !== null ? { actor: peer.meshId, ...chosen } : chosen
}
