import type { MachineDefinition, StateDefinition, TransitionDefinition } from '../wire/definition.ts'
import { type Machine, type MachineNode, type MachineTransition, nameOf } from './machine-node.ts'

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/** By event or delay. No object: any of them may be called as something that every object has, `constructor`. */
type Table = Map<string, TransitionDefinition[]>

/** A machine as data: with every target resolved, and what is a function by its name. */
export function definitionOf({ root }: Machine): MachineDefinition {
  return stateOf(root)
}

function stateOf(node: MachineNode): StateDefinition {
  const state: Writable<StateDefinition> = { id: node.id }
  if (node.type === 'parallel' || node.type === 'final' || node.type === 'history') state.type = node.type
  const [initial] = node.type === 'compound' ? (node.initial.target ?? []) : []
  if (initial !== undefined) state.initial = initial.key
  const states = Object.entries(node.states).map(([key, child]) => [key, stateOf(child)] as const)
  if (states.length > 0) state.states = Object.fromEntries(states)
  addTransitions(state, node)
  if (node.invoke.length > 0) state.invoke = node.invoke.map(({ id, src }) => ({ id, src }))
  const entry = namesOf(node.config.entry)
  if (entry.length > 0) state.entry = entry
  const exit = namesOf(node.config.exit)
  if (exit.length > 0) state.exit = exit
  if (node.tags.length > 0) state.tags = [...node.tags]
  if (node.history === 'deep') state.history = 'deep'
  const target = node.type === 'history' ? listOf(node.config.target).flatMap((text) => targetOf(text, node)) : []
  if (target.length > 0) state.target = target
  return state
}

function addTransitions(state: Writable<StateDefinition>, node: MachineNode): void {
  const on: Table = new Map()
  const after: Table = new Map()
  const onDone: TransitionDefinition[] = []
  for (const [eventType, transitions] of node.transitions) {
    for (const transition of transitions) {
      const definition = transitionOf(transition)
      if (transition.delay !== undefined) add(after, String(transition.delay), definition)
      else if (eventType === `xstate.done.state.${node.id}`) onDone.push(definition)
      else add(on, eventType, definition)
    }
  }
  if (on.size > 0) state.on = Object.fromEntries(on)
  if (after.size > 0) state.after = Object.fromEntries(after)
  if (onDone.length > 0) state.onDone = onDone
  const always = (node.always ?? []).map(transitionOf)
  if (always.length > 0) state.always = always
}

function add(table: Table, key: string, transition: TransitionDefinition): void {
  const list = table.get(key)
  if (list === undefined) table.set(key, [transition])
  else list.push(transition)
}

function transitionOf({ target, guard, actions, reenter }: MachineTransition): TransitionDefinition {
  return {
    ...(target !== undefined && { target: target.map(({ id }) => `#${id}`) }),
    ...(guard !== undefined && { guard: nameOf(guard) }),
    ...(actions.length > 0 && { actions: actions.map(nameOf) }),
    ...(reenter && { reenter: true as const }),
  }
}

/** Where a history state leads is written as the machine has it: `#id`, or a path from the state around it. */
function targetOf(text: unknown, { parent }: MachineNode): string[] {
  if (typeof text !== 'string') return []
  if (text.startsWith('#')) return [text]
  const keys = text.split('.')
  const node = keys.reduce<MachineNode | undefined>((from, key) => from?.states[key], parent)
  return node === undefined ? [] : [`#${node.id}`]
}

const listOf = (part: unknown): readonly unknown[] => (part === undefined ? [] : Array.isArray(part) ? part : [part])

const namesOf = (actions: unknown): string[] => listOf(actions).map(nameOf)
