import type { ReactNode } from 'react'
import { classOfLink } from '../model/state-class.ts'
import type { Session } from '../model/session.ts'
import type { LinkState, PeerState } from '../model/state.ts'
import { StateMark } from '../shell/state-mark.tsx'
import { statusText } from '../views/topology/description.ts'
import { byteRateText } from '../views/topology/quantity-text.ts'
import type { TableProps } from './list.tsx'
import { type Column, Table } from './table.tsx'

interface Row {
  readonly peer: PeerState
  readonly connected: number
  readonly links: number
  readonly sent: number
  readonly received: number
}

export function PeerTable({ session, needle, selection, onSelect }: TableProps): ReactNode {
  const rows = rowsOf(session.peers.values(), session.links.values()).filter(({ peer }) =>
    `peer ${peer.id} ${peer.group} ${statusText(peer)} ${peer.mode ?? ''}`.toLowerCase().includes(needle),
  )
  const columns: readonly Column<Row>[] = [
    {
      name: 'Peer',
      cell: ({ peer: { key, id, meshId } }) => (
        <button
          type="button"
          className="link"
          onClick={() => onSelect({ peer: key, ...(meshId === null ? {} : { actor: meshId }) })}
        >
          {id}
        </button>
      ),
    },
    { name: 'Group', cell: ({ peer }) => peer.group },
    {
      name: 'Status',
      cell: ({ peer }) => (
        <>
          <StateMark of={classOfPeer(peer)} /> {statusText(peer)}
        </>
      ),
    },
    { name: 'Mode', cell: ({ peer }) => peer.mode ?? '' },
    { name: 'Reports', cell: ({ peer }) => reportsText(session, peer) },
    { name: 'Connected', cell: ({ connected, links }) => `${connected} of ${links}`, isNumber: true },
    { name: 'Sends', cell: ({ sent }) => byteRateText(sent), isNumber: true },
    { name: 'Receives', cell: ({ received }) => byteRateText(received), isNumber: true },
  ]
  return (
    <Table
      caption="Peers"
      columns={columns}
      rows={rows}
      keyOf={({ peer }) => peer.key}
      isChosen={({ peer }) => peer.key === selection.peer}
      empty="No peers."
    />
  )
}

function reportsText({ actors, sources }: Session, { meshId }: PeerState): string {
  if (meshId === null) return 'no, others tell of it'
  const name = sources.get(actors.get(meshId)?.source ?? '')?.name
  return name === undefined ? 'yes' : `yes, as ${name}`
}

function classOfPeer({ goneAt, status }: PeerState) {
  if (goneAt !== null) return 'closed'
  return status === null ? 'other' : ((['closed', 'connecting', 'connected'] as const)[status] ?? 'other')
}

function rowsOf(peers: Iterable<PeerState>, links: Iterable<LinkState>): Row[] {
  const rows = new Map<string, { -readonly [K in keyof Row]: Row[K] }>()
  for (const peer of peers) rows.set(peer.key, { peer, connected: 0, links: 0, sent: 0, received: 0 })
  for (const link of links) {
    const isConnected = classOfLink(link) === 'connected'
    for (const id of [link.low, link.high]) {
      const row = rows.get(`${link.group}|${id}`)
      if (!row) continue
      row.links++
      if (isConnected) row.connected++
      const own = link.ends.get(id)
      if (own?.goneAt !== null) continue
      row.sent += own.newest?.sentBytesPerSecond ?? 0
      row.received += own.newest?.receivedBytesPerSecond ?? 0
    }
  }
  return [...rows.values()].sort((a, b) => a.peer.group.localeCompare(b.peer.group) || a.peer.id - b.peer.id)
}
