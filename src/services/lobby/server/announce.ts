import type { ResumeData, TokenData } from '../../../protocol/lobby/extension.ts'
import { LobbyMessageType } from '../../../protocol/lobby/message.ts'
import type { LobbyRecord } from '../broker/broker.ts'
import type { Connection } from './connection.ts'
import { changesBetween, changesFor, othersOf } from './lobby-changes.ts'
import type { Member } from './member.ts'

/** Id of the host, until another member took over. */
const FIRST_HOST = 1

/** What a joiner hears after its ICE servers, in the order of Godot's demo: who it is, who is there, that it has joined; then what extended clients hear besides. */
export function announceJoin(to: Connection, id: number, record: LobbyRecord, token: TokenData | null): void {
  const { name, mode, metadata, host } = record
  to.send({ type: LobbyMessageType.ID, id, data: mode === 'mesh' ? 'true' : '' })
  for (const other of othersOf(record, id)) to.send({ type: LobbyMessageType.PEER_CONNECT, id: other, data: '' })
  to.send({ type: LobbyMessageType.JOIN, id: 0, data: name })
  if (token !== null) to.send({ type: LobbyMessageType.TOKEN, id: 0, data: JSON.stringify(token) })
  if (metadata !== '') to.send({ type: LobbyMessageType.METADATA, id: 0, data: metadata })
  if (host !== FIRST_HOST) to.send({ type: LobbyMessageType.HOST, id: host, data: '' })
}

/** What one hears who comes back. */
export function announceResume(to: Connection, id: number, record: LobbyRecord): void {
  const { name: lobby, mode, sealed, host, metadata } = record
  const data: ResumeData = { lobby, mode, sealed, host, metadata, members: othersOf(record, id) }
  to.send({ type: LobbyMessageType.RESUME, id, data: JSON.stringify(data) })
}

/** What the members of this server hear of a change, those that are in both records. */
export function announceChanges(members: readonly Member[], previous: LobbyRecord, next: LobbyRecord): void {
  const all = changesBetween(previous, next)
  for (const member of members) {
    const { left, joined } = changesFor(member.id, previous, next, all)
    for (const id of left) member.tell({ type: LobbyMessageType.PEER_DISCONNECT, id, data: '' })
    for (const id of joined) member.tell({ type: LobbyMessageType.PEER_CONNECT, id, data: '' })
    if (next.host !== previous.host) member.tell({ type: LobbyMessageType.HOST, id: next.host, data: '' })
    if (next.metadata !== previous.metadata) {
      member.tell({ type: LobbyMessageType.METADATA, id: 0, data: next.metadata })
    }
    if (next.sealed && !previous.sealed) member.tell({ type: LobbyMessageType.SEAL, id: 0, data: '' })
  }
}
