import type { ReactNode } from 'react'
import { classOfEnd, classOfLink, STATE_CLASS_TEXT } from '../model/state-class.ts'
import type { LinkEnd, LinkState } from '../model/state.ts'
import { StateMark } from '../shell/state-mark.tsx'
import { candidateText } from '../views/topology/description.ts'
import { bytesText, byteRateText, durationText, UNKNOWN } from '../views/topology/quantity-text.ts'
import type { TableProps } from './list.tsx'
import { type Column, Table } from './table.tsx'

/** One end, as it tells of the other; or a pair of which only a verdict tells. */
interface Row {
  readonly link: LinkState
  readonly end: LinkEnd | null
}

export function LinkTable({ session, needle, selection, onSelect }: TableProps): ReactNode {
  const rows = [...session.links.values()]
    .sort((a, b) => a.group.localeCompare(b.group) || a.low - b.low || a.high - b.high)
    .flatMap((link): Row[] => {
      const ends = [...link.ends.values()].sort((a, b) => a.from - b.from)
      return ends.length === 0 ? [{ link, end: null }] : ends.map((end) => ({ link, end }))
    })
    .filter((row) => textOf(row).toLowerCase().includes(needle))
  const columns: readonly Column<Row>[] = [
    {
      name: 'Link',
      cell: ({ link, end }) => (
        <button type="button" className="link" onClick={() => onSelect({ link: link.key })}>
          {end ? `${end.from} → ${end.facts.peer}` : `${link.low} – ${link.high}`}
        </button>
      ),
    },
    { name: 'Group', cell: ({ link }) => link.group },
    {
      name: 'State',
      cell: (row) => (
        <>
          <StateMark of={classOfRow(row)} /> {stateOf(row)}
        </>
      ),
    },
    { name: 'Round trip', cell: ({ end }) => durationText(end?.facts.roundTripTime ?? null), isNumber: true },
    { name: 'Sends', cell: ({ end }) => rate(end?.newest?.sentBytesPerSecond), isNumber: true },
    { name: 'Receives', cell: ({ end }) => rate(end?.newest?.receivedBytesPerSecond), isNumber: true },
    { name: 'Buffered', cell: ({ end }) => (end ? bytesText(bufferedOf(end)) : UNKNOWN), isNumber: true },
    { name: 'Dropped', cell: ({ end }) => (end ? dropsOf(end) : UNKNOWN), isNumber: true },
    { name: 'Path', cell: ({ end }) => (end ? pathOf(end) : UNKNOWN) },
  ]
  return (
    <Table
      caption="Links"
      columns={columns}
      rows={rows}
      keyOf={({ link, end }) => `${link.key} ${end?.from ?? ''}`}
      isChosen={({ link }) => link.key === selection.link}
      empty="No links."
    />
  )
}

const classOfRow = ({ link, end }: Row) => (end && !link.verdict ? classOfEnd(end) : classOfLink(link))

function stateOf(row: Row): string {
  const { link, end } = row
  if (link.verdict) return `${STATE_CLASS_TEXT.failed}: ${link.verdict.reason}`
  if (!end) return STATE_CLASS_TEXT.closed
  return end.goneAt === null ? end.facts.state : `gone, was ${end.facts.state}`
}

const textOf = (row: Row): string =>
  `${row.link.low} ${row.link.high} ${row.link.group} ${stateOf(row)} ${row.end ? pathOf(row.end) : ''}`

const rate = (bytesPerSecond: number | undefined): string =>
  bytesPerSecond === undefined ? UNKNOWN : byteRateText(bytesPerSecond)

const bufferedOf = ({ facts }: LinkEnd): number =>
  facts.channels.reduce((sum, { bufferedAmount }) => sum + bufferedAmount, 0)

function dropsOf({ facts }: LinkEnd): string {
  const drops = Object.entries(facts.drops).filter(([, count]) => count > 0)
  return drops.length === 0 ? '0' : drops.map(([reason, count]) => `${count} ${reason}`).join(', ')
}

function pathOf({ facts: { pair } }: LinkEnd): string {
  return pair ? `${pair.local.protocol} ${candidateText(pair.local)} ↔ ${candidateText(pair.remote)}` : UNKNOWN
}
