import type { LobbyMember, LobbyRecord } from '../broker/broker.ts'

/** Who left and who joined between two records of a lobby. Who is there under another session has left and joined. */
export interface LobbyChanges {
  readonly left: readonly number[]
  readonly joined: readonly number[]
}

/** Whether these two have to do with each other: everyone in a mesh, only pairs with the host otherwise. */
export function concerns({ mode, host }: LobbyRecord, one: number, other: number): boolean {
  return one !== other && (mode === 'mesh' || one === host || other === host)
}

/** Everyone whom this member has to do with, in the order in which they joined. */
export function othersOf(record: LobbyRecord, member: number): number[] {
  return [...record.members.keys()].filter((id) => concerns(record, member, id))
}

export function changesBetween(previous: LobbyRecord, next: LobbyRecord): LobbyChanges {
  return { left: missing(previous.members, next.members), joined: missing(next.members, previous.members) }
}

/**
 * What one member, who is in both records, has to hear of. If its own session changed, everyone else was told that it left and joined, so for it everyone else did.
 */
export function changesFor(member: number, previous: LobbyRecord, next: LobbyRecord, all: LobbyChanges): LobbyChanges {
  if (previous.members.get(member)?.session !== next.members.get(member)?.session) {
    return { left: othersOf(previous, member), joined: othersOf(next, member) }
  }
  return {
    left: all.left.filter((id) => concerns(previous, member, id)),
    joined: all.joined.filter((id) => concerns(next, member, id)),
  }
}

/** Ids of those of the one that are not the same in the other. */
function missing(those: ReadonlyMap<number, LobbyMember>, there: ReadonlyMap<number, LobbyMember>): number[] {
  return [...those.values()].filter(({ id, session }) => there.get(id)?.session !== session).map(({ id }) => id)
}
