import type { ReactNode, RefObject } from 'react'
import { ENTRY_KINDS, type EntryKind, isFiltering, type LogFilter, NO_FILTER } from '../model/log-filter.ts'
import { KIND_TEXT } from './kind-mark.tsx'

interface FilterBarProps {
  readonly filter: LogFilter
  readonly onChange: (filter: LogFilter) => void
  readonly groups: readonly string[]
  /** How an actor is called. */
  readonly labelOf: (actor: string) => string
  /** Session id of the one that is chosen. */
  readonly chosenActor: string | undefined
  readonly search: RefObject<HTMLInputElement | null>
}

/** Kinds of entries that are chosen together. */
const KINDS = ENTRY_KINDS.filter((kind) => kind !== 'snapshot')

export function FilterBar(props: FilterBarProps): ReactNode {
  const { filter, onChange, groups, labelOf, chosenActor, search } = props
  const actor = filter.actor ?? chosenActor
  const toggle = (kind: EntryKind): void => {
    const hidden = new Set(filter.hidden)
    if (!hidden.delete(kind)) hidden.add(kind)
    onChange({ ...filter, hidden })
  }
  const states = filter.hidden.has('snapshot') ? 'none' : filter.transitionsOnly ? 'transitions' : 'all'
  const setStates = (value: string): void => {
    const hidden = new Set(filter.hidden)
    if (value === 'none') hidden.add('snapshot')
    else hidden.delete('snapshot')
    onChange({ ...filter, hidden, transitionsOnly: value === 'transitions' })
  }
  return (
    <div className="filter" role="search" aria-label="Filter of the timeline">
      <input
        ref={search}
        type="search"
        placeholder="Search (/)"
        aria-label="Search the timeline"
        value={filter.text}
        onChange={({ target }) => onChange({ ...filter, text: target.value })}
      />
      <label>
        States
        <select value={states} onChange={({ target }) => setStates(target.value)}>
          <option value="all">all</option>
          <option value="transitions">transitions</option>
          <option value="none">none</option>
        </select>
      </label>
      <span className="filter-kinds" role="group" aria-label="Kinds">
        {KINDS.map((kind) => (
          <button
            key={kind}
            type="button"
            className="toggle"
            aria-pressed={!filter.hidden.has(kind)}
            onClick={() => toggle(kind)}
          >
            {KIND_TEXT[kind]}
          </button>
        ))}
      </span>
      {groups.length > 1 && (
        <label>
          Group
          <select
            value={filter.group ?? ''}
            onChange={({ target }) => onChange({ ...filter, group: target.value === '' ? null : target.value })}
          >
            <option value="">all</option>
            {groups.map((group) => (
              <option key={group}>{group}</option>
            ))}
          </select>
        </label>
      )}
      {actor !== undefined && (
        <button
          type="button"
          className="toggle"
          aria-pressed={filter.actor !== null}
          onClick={() => onChange({ ...filter, actor: filter.actor === null ? actor : null })}
        >
          only {labelOf(actor)}
        </button>
      )}
      {isFiltering(filter) && (
        <button type="button" className="link" onClick={() => onChange(NO_FILTER)}>
          Show all
        </button>
      )}
    </div>
  )
}
