import type { ReactNode } from 'react'
import { labelOf } from '../model/entry-text.ts'
import { classOfActor } from '../model/state-class.ts'
import type { ActorState } from '../model/state.ts'
import { clockText } from '../model/time-text.ts'
import { valueText } from '../model/value-text.ts'
import { StateMark } from '../shell/state-mark.tsx'
import type { TableProps } from './list.tsx'
import { type Column, Table } from './table.tsx'

export function ActorTable({ session, needle, selection, onSelect }: TableProps): ReactNode {
  const nameOf = ({ source }: ActorState): string => session.sources.get(source)?.name ?? source
  // Those that live first, then those that ended last.
  const rows = [...session.actors.values()]
    .filter((actor) =>
      `${labelOf(actor)} ${actor.kind} ${actor.group} ${stateOf(actor)} ${nameOf(actor)}`
        .toLowerCase()
        .includes(needle),
    )
    .sort(
      (a, b) =>
        (b.endedAt ?? Infinity) - (a.endedAt ?? Infinity) ||
        a.group.localeCompare(b.group) ||
        a.uniqueId - b.uniqueId ||
        a.startedAt - b.startedAt,
    )
  const columns: readonly Column<ActorState>[] = [
    {
      name: 'Actor',
      cell: (actor) => (
        <button type="button" className="link" onClick={() => onSelect({ actor: actor.sessionId })}>
          {labelOf(actor)}
        </button>
      ),
    },
    { name: 'Kind', cell: ({ kind }) => kind },
    { name: 'Group', cell: ({ group }) => group },
    {
      name: 'State',
      cell: (actor) => (
        <>
          <StateMark of={classOfActor(actor)} /> {stateOf(actor)}
        </>
      ),
    },
    { name: 'By', cell: ({ last }) => last?.eventType ?? '' },
    { name: 'Since', cell: ({ last, startedAt }) => clockText(last?.time ?? startedAt), isNumber: true },
    { name: 'Source', cell: nameOf },
  ]
  return (
    <Table
      caption="Actors"
      columns={columns}
      rows={rows}
      keyOf={({ sessionId }) => sessionId}
      isChosen={({ sessionId }) => sessionId === selection.actor}
      empty="No actors."
    />
  )
}

function stateOf({ snapshot, endedAt }: ActorState): string {
  const { status, value, error } = snapshot
  const state = valueText(value)
  if (status === 'error') return `failed: ${error ?? 'for an unknown reason'}`
  if (status !== 'active') return state === '' ? status : `${state}, ${status}`
  const shown = state === '' ? 'active' : state
  return endedAt === null ? shown : `gone, was ${shown}`
}
