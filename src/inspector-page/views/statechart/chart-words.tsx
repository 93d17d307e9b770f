import type { ReactNode } from 'react'
import type { Chart, ChartState, ChartTransition } from './chart.ts'
import type { ChartMarks } from './chart-picture.tsx'

interface ChartWordsProps {
  readonly chart: Chart
  readonly marks: ChartMarks
  /** Shows when a state was entered last. */
  readonly onChoose: (state: string) => void
}

/** The statechart in words: its states, and what leads out of each. */
export function ChartWords({ chart, marks, onChoose }: ChartWordsProps): ReactNode {
  const root = chart.states.get(chart.root)
  return (
    <ul className="chart-words">
      {root && <StateInWords chart={chart} marks={marks} onChoose={onChoose} state={root} />}
    </ul>
  )
}

function StateInWords(props: ChartWordsProps & { readonly state: ChartState }): ReactNode {
  const { chart, marks, onChoose, state } = props
  const visits = state.parent === null ? 0 : (marks.visits.get(state.id) ?? 0)
  const transitions = chart.transitions.filter(({ source }) => source === state.id)
  const others = state.notes.filter(({ transition }) => transition === null)
  const isActive = marks.active.has(state.id)
  return (
    <li className={isActive ? 'is-active' : ''} aria-current={isActive ? 'true' : undefined}>
      <p>
        <strong>{state.name}</strong> {adjectives(chart, state, marks).join(', ')}
        {visits > 0 && (
          <>
            {' '}
            <button type="button" className="link" onClick={() => onChoose(state.id)}>
              entered {visits} {visits === 1 ? 'time' : 'times'}
            </button>
          </>
        )}
      </p>
      {others.length + transitions.length > 0 && (
        <ul>
          {others.map(({ full }) => (
            <li key={full}>{full}</li>
          ))}
          {transitions.map((transition) => (
            <li key={transition.id} className={marks.taken.has(transition.id) ? 'is-taken' : ''}>
              {sentence(chart, transition)}
              {marks.taken.has(transition.id) && ', taken last'}
            </li>
          ))}
        </ul>
      )}
      {state.children.length > 0 && (
        <ul className="chart-words">
          {state.children.map((id) => {
            const child = chart.states.get(id)
            return child && <StateInWords key={id} chart={chart} marks={marks} onChoose={onChoose} state={child} />
          })}
        </ul>
      )}
    </li>
  )
}

function adjectives(chart: Chart, state: ChartState, { active }: ChartMarks): string[] {
  const words: string[] = []
  if (active.has(state.id)) words.push('active')
  if (state.parent === null) words.push('machine')
  else if (chart.states.get(state.parent)?.initial === state.id) words.push('initial')
  if (state.kind !== 'atomic') words.push(state.kind)
  return words
}

function sentence(chart: Chart, { text, targets, actions, reenters }: ChartTransition): string {
  const names = targets.map((id) => chart.states.get(id)?.name ?? id)
  const where = names.length === 0 ? 'stays' : `to ${names.join(' and ')}${reenters ? ', entered anew' : ''}`
  return `${text}: ${where}${actions.length > 0 ? `; does ${actions.join(', ')}` : ''}`
}
