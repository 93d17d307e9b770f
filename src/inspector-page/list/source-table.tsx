import type { ReactNode } from 'react'
import type { SourceState } from '../model/state.ts'
import { StateMark } from '../shell/state-mark.tsx'
import type { TableProps } from './list.tsx'
import { type Column, Table } from './table.tsx'

const COLUMNS: readonly Column<SourceState>[] = [
  { name: 'Name', cell: ({ name }) => name },
  {
    name: 'State',
    cell: ({ isGone }) => (
      <>
        <StateMark of={isGone ? 'closed' : 'connected'} /> {isGone ? 'reports no more' : 'reports'}
      </>
    ),
  },
  { name: 'Platform', cell: ({ platform }) => platform },
  { name: 'Detail', cell: ({ detail }) => detail },
  { name: 'Version', cell: ({ version }) => version },
]

export function SourceTable({ session, needle }: TableProps): ReactNode {
  const rows = [...session.sources.values()].filter(({ name, platform, detail }) =>
    `${name} ${platform} ${detail}`.toLowerCase().includes(needle),
  )
  return (
    <Table
      caption="Sources"
      columns={COLUMNS}
      rows={rows}
      keyOf={({ source }) => source}
      empty="No process or page reports."
    />
  )
}
