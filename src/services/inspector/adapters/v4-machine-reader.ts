import type { MachineDefinition, StateDefinition, TransitionDefinition } from '../wire/definition.ts'
import { isObject } from '../wire/check.ts'
import type { Told } from './foreign-reader.ts'
import { eventTypeFromV4, readAfterV4 } from './v4-event-types.ts'

/** States within states; deeper ones are left out. */
const MAX_DEPTH = 16

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** Makes a definition of what XState 4 makes of a machine as JSON: its `definition`, in which all targets are resolved. Null if it is none. */
export function machineFromV4(value: Told): MachineDefinition | null {
  return typeof value['id'] === 'string' ? stateFromV4(value, value['id'], 1) : null
}

function stateFromV4(value: Told, id: string, depth: number): StateDefinition {
  const state: Writable<StateDefinition> = { id }
  const { type, initial, history } = value
  if (type === 'parallel' || type === 'final' || type === 'history') state.type = type
  if (typeof initial === 'string') state.initial = initial
  const states = depth < MAX_DEPTH ? Object.entries(objectOf(value['states'])) : []
  const children = states.map(([key, child]) => {
    const told = objectOf(child)
    return [key, stateFromV4(told, textOf(told['id']) ?? `${id}.${key}`, depth + 1)] as const
  })
  if (children.length > 0) state.states = Object.fromEntries(children)
  addTransitions(state, objectOf(value['on']))
  const invoke = listOf(value['invoke']).flatMap((each) => {
    const { id, src } = objectOf(each)
    return typeof id === 'string' ? [{ id, src: textOf(src) ?? nameOf(src) }] : []
  })
  if (invoke.length > 0) state.invoke = invoke
  const entry = actionsOf(value['entry'])
  if (entry.length > 0) state.entry = entry
  const exit = actionsOf(value['exit'])
  if (exit.length > 0) state.exit = exit
  const tags = listOf(value['tags']).filter((tag) => typeof tag === 'string')
  if (tags.length > 0) state.tags = tags
  if (history === 'deep') state.history = 'deep'
  return state
}

/** In XState 4 timers, `always` and `onDone` are events as well. */
function addTransitions(state: Writable<StateDefinition>, told: Told): void {
  // No objects: they may have any key, `__proto__` too.
  const on = new Map<string, TransitionDefinition[]>()
  const after = new Map<string, TransitionDefinition[]>()
  for (const [type, list] of Object.entries(told)) {
    const transitions = listOf(list).map((each) => transitionFromV4(objectOf(each), state.id))
    const timer = readAfterV4(type)
    if (timer !== null) after.set(timer.delay, transitions)
    else if (type === '') state.always = transitions
    else if (type === `done.state.${state.id}`) state.onDone = transitions
    else on.set(eventTypeFromV4(type), transitions)
  }
  if (on.size > 0) state.on = Object.fromEntries(on)
  if (after.size > 0) state.after = Object.fromEntries(after)
}

/** @param id - of the state that has it. */
function transitionFromV4(told: Told, id: string): TransitionDefinition {
  const target = listOf(told['target']).filter((each) => typeof each === 'string')
  const actions = actionsOf(told['actions'])
  const staysWithin = target.some((each) => each === `#${id}` || each.startsWith(`#${id}.`))
  return {
    ...(target.length > 0 && { target }),
    ...(told['cond'] !== undefined && { guard: nameOf(told['cond']) }),
    ...(actions.length > 0 && { actions }),
    ...(told['internal'] === false && staysWithin && { reenter: true as const }),
  }
}

/** Without those that XState 4 adds itself, to start and end the timers of a state. */
function actionsOf(value: unknown): string[] {
  return listOf(value).flatMap((each) => {
    const { type, event, sendId } = objectOf(each)
    const timer = type === 'xstate.send' ? objectOf(event)['type'] : type === 'xstate.cancel' ? sendId : undefined
    return typeof timer === 'string' && readAfterV4(timer) !== null ? [] : [nameOf(each)]
  })
}

/** Of an action, a guard, or the source of an invoked service. That of a function without a name is its source text. */
function nameOf(value: unknown): string {
  const { name, type } = objectOf(value)
  const text = textOf(name) ?? textOf(type) ?? ''
  return text === '' || /=>|^function\b/.test(text) ? 'inline' : text
}

const objectOf = (value: unknown): Told => (isObject(value) ? value : {})

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const listOf = (value: unknown): readonly unknown[] => (Array.isArray(value) ? (value as unknown[]) : [])
