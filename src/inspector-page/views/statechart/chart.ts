import type {
  MachineDefinition,
  StateDefinition,
  TransitionDefinition,
} from '../../../services/inspector/wire/definition.ts'
import { type ActorNames, transitionText, type Trigger } from './transition-text.ts'

/** Characters of small print in a picture. The list in words has all of it. */
const LONGEST_NOTE = 42

export type ChartStateKind = 'atomic' | 'compound' | 'parallel' | 'final' | 'history'

/** A state as it is drawn. */
export interface ChartState {
  readonly id: string
  /** Its name among its siblings; of the root the machine's id. */
  readonly name: string
  readonly kind: ChartStateKind
  readonly parent: string | null
  /** Ids, in the order in which they are written. */
  readonly children: readonly string[]
  /** Of the child that is entered first; null where there is none, or all are. */
  readonly initial: string | null
  /** Small print. */
  readonly notes: readonly ChartNote[]
}

export interface ChartNote {
  /** Cut off where it is too long for a picture. */
  readonly text: string
  readonly full: string
  /** The transition that it is about: one that stays where it is. Null for entry, exit and invoked actors. */
  readonly transition: string | null
}

/** One transition. Its id is its place in the definition. */
export interface ChartTransition {
  readonly id: string
  readonly source: string
  /** Empty for one that stays where it is. */
  readonly targets: readonly string[]
  readonly trigger: Trigger
  readonly guard: string | null
  readonly actions: readonly string[]
  readonly reenters: boolean
  /** `peer.open [isServer]`. */
  readonly text: string
}

/** A line from one state to another, for all transitions between them. */
export interface ChartEdge {
  readonly id: string
  readonly source: string
  readonly target: string
  readonly transitions: readonly ChartTransition[]
}

/** A machine as what is drawn of it. */
export interface Chart {
  readonly root: string
  /** By id, parents before their children. */
  readonly states: ReadonlyMap<string, ChartState>
  readonly transitions: readonly ChartTransition[]
  readonly edges: readonly ChartEdge[]
}

export function chartOf(machine: MachineDefinition): Chart {
  const states = new Map<string, ChartState>()
  const transitions: ChartTransition[] = []
  collect(machine, machine.id, null, { states, transitions, names: new Map(actorNames(machine)) })
  return { root: machine.id, states, transitions, edges: edgesOf(transitions, states) }
}

interface Collected {
  readonly states: Map<string, ChartState>
  readonly transitions: ChartTransition[]
  readonly names: ActorNames
}

/** XState numbers invoked actors that were given no id: `0.peer`. What they run says more. */
function* actorNames({ id, invoke = [], states = {} }: StateDefinition): Generator<[string, string]> {
  for (const invoked of invoke) if (isNumbered(invoked.id, id)) yield [invoked.id, invoked.src]
  for (const child of Object.values(states)) yield* actorNames(child)
}

const isNumbered = (id: string, state: string): boolean => id.endsWith(`.${state}`) && /^\d+\./.test(id)

function collect(definition: StateDefinition, name: string, parent: string | null, into: Collected): void {
  const { id } = definition
  const children = Object.entries(definition.states ?? {})
  const own = [...transitionsOf(definition, into.names)]
  into.transitions.push(...own)
  into.states.set(id, {
    id,
    name,
    kind: kindOf(definition),
    parent,
    children: children.map(([, child]) => child.id),
    initial: initialOf(definition),
    notes: [...notesOf(definition), ...own.filter(({ targets }) => targets.length === 0).map(noteOf)],
  })
  for (const [key, child] of children) collect(child, key, id, into)
}

function kindOf({ type, states }: StateDefinition): ChartStateKind {
  return type ?? (states && Object.keys(states).length > 0 ? 'compound' : 'atomic')
}

function initialOf({ id, type, initial, states = {} }: StateDefinition): string | null {
  if (initial === undefined || type === 'parallel') return null
  const key = initial.replace(/^\./, '')
  const child = Object.hasOwn(states, key) ? states[key] : undefined
  return child?.id ?? (initial.startsWith('#') ? initial.slice(1) : `${id}.${key}`)
}

function* transitionsOf(definition: StateDefinition, names: ActorNames): Generator<ChartTransition> {
  const tables: readonly (readonly [Trigger, readonly TransitionDefinition[]])[] = [
    ...Object.entries(definition.on ?? {}).map(([name, list]) => [{ kind: 'event', name } as const, list] as const),
    ...Object.entries(definition.after ?? {}).map(([name, list]) => [{ kind: 'after', name } as const, list] as const),
    [{ kind: 'always' }, definition.always ?? []],
    [{ kind: 'done' }, definition.onDone ?? []],
  ]
  let count = 0
  for (const [trigger, list] of tables) {
    for (const transition of list) {
      yield {
        id: `${definition.id}#${count++}`,
        source: definition.id,
        targets: (transition.target ?? []).map((target) => target.replace(/^#/, '')),
        trigger,
        guard: transition.guard ?? null,
        actions: (transition.actions ?? []).map(plainName),
        reenters: transition.reenter === true,
        text: transitionText(trigger, transition, names),
      }
    }
  }
}

function notesOf(definition: StateDefinition): ChartNote[] {
  const { id: state, entry = [], exit = [], invoke = [] } = definition
  const note = (full: string): ChartNote => ({ text: shorten(full), full, transition: null })
  return [
    ...(definition.type === 'history' ? [note(historyText(definition))] : []),
    ...invoke.map(({ id, src }) =>
      note(id === src || isNumbered(id, state) ? `invoke ${src}` : `invoke ${src} as ${id}`),
    ),
    ...(entry.length > 0 ? [note(`entry / ${actionsText(entry)}`)] : []),
    ...(exit.length > 0 ? [note(`exit / ${actionsText(exit)}`)] : []),
  ]
}

function historyText({ history, target = [] }: StateDefinition): string {
  const otherwise = target.map((id) => id.split('.').at(-1)).join(' and ')
  return `${history === 'deep' ? 'deep history' : 'history'}${otherwise === '' ? '' : `, else ${otherwise}`}`
}

/** XState's own actions are named after it: `xstate.raise`. */
const plainName = (action: string): string => action.replace(/^xstate\./, '')

const actionsText = (actions: readonly string[]): string => actions.map(plainName).join(', ')

/** What is done without leaving the state, and what is ignored. */
function noteOf({ id, text, actions }: ChartTransition): ChartNote {
  const full = `${text} / ${actions.length > 0 ? actions.join(', ') : 'nothing'}`
  return { text: shorten(full), full, transition: id }
}

const shorten = (text: string): string =>
  text.length <= LONGEST_NOTE ? text : `${text.slice(0, LONGEST_NOTE - 1).trimEnd()}…`

function edgesOf(transitions: readonly ChartTransition[], states: ReadonlyMap<string, ChartState>): ChartEdge[] {
  const edges = new Map<string, { id: string; source: string; target: string; transitions: ChartTransition[] }>()
  for (const transition of transitions) {
    for (const target of transition.targets) {
      // A definition from elsewhere may name states that it does not have.
      if (!states.has(target)) continue
      const id = `${transition.source}→${target}`
      const edge = edges.get(id) ?? { id, source: transition.source, target, transitions: [] }
      edge.transitions.push(transition)
      edges.set(id, edge)
    }
  }
  return [...edges.values()]
}
