import type { ReactNode } from 'react'
import type { Selection } from '../../model/selection.ts'
import { labelOf } from '../../model/entry-text.ts'
import type { ActorState, InspectorState } from '../../model/state.ts'

interface ActorPathProps {
  readonly state: InspectorState
  readonly actor: ActorState
  readonly onSelect: (selection: Selection) => void
}

/** Where an actor is among the others: its parents, to go up to, and its children, to go down to. */
export function ActorPath({ state, actor, onSelect }: ActorPathProps): ReactNode {
  const parents = parentsOf(state, actor)
  const children = [...state.actors.values()].filter(
    ({ parentId, endedAt }) => parentId === actor.sessionId && endedAt === null,
  )
  return (
    <nav className="statechart-path" aria-label="Actor">
      {parents.map((parent) => (
        <span key={parent.sessionId}>
          <button type="button" className="link" onClick={() => onSelect({ actor: parent.sessionId })}>
            {labelOf(parent)}
          </button>
          {' › '}
        </span>
      ))}
      <strong aria-current="true">{parents.length === 0 ? labelOf(actor) : actor.name}</strong>
      {children.length > 0 && (
        <select
          aria-label={`Actors of ${actor.name}`}
          value=""
          onChange={({ target }) => onSelect({ actor: target.value })}
        >
          <option value="" disabled>
            {children.length === 1 ? '1 actor' : `${children.length} actors`}
          </option>
          {children.map(({ sessionId, name }) => (
            <option key={sessionId} value={sessionId}>
              {name}
            </option>
          ))}
        </select>
      )}
    </nav>
  )
}

function parentsOf({ actors }: InspectorState, actor: ActorState): ActorState[] {
  const parents: ActorState[] = []
  let parent = actors.get(actor.parentId ?? '')
  // What comes from a file may be its own parent.
  while (parent && !parents.includes(parent) && parent !== actor) {
    parents.unshift(parent)
    parent = actors.get(parent.parentId ?? '')
  }
  return parents
}
