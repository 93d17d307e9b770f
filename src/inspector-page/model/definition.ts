import type {
  MachineDefinition,
  StateDefinition,
  TransitionDefinition,
} from '../../services/inspector/wire/definition.ts'
import type { Json, JsonObject } from '../../services/inspector/wire/messages.ts'
import { isObject } from './value-text.ts'

/** Beyond these nobody could look at a chart; what comes from a file is not to be trusted. */
const MAX_STATES = 500
const MAX_DEPTH = 16

type Writable<T> = { -readonly [K in keyof T]: T[K] }

/**
 * A machine from the JSON text of its definition: as this package tells it, with all targets resolved, or as `@statelyai/inspect` does, which is the config that the machine was made
 * with. Both come out in the first form. Null if the text is no machine.
 */
export function readDefinition(text: string): MachineDefinition | null {
  let config: Json
  try {
    config = JSON.parse(text) as Json
  } catch {
    return null
  }
  if (!isObject(config)) return null
  const root: Node = { config, id: textOf(config['id']) ?? '(machine)', parent: null, children: new Map() }
  const nodes = new Map<string, Node>([[root.id, root]])
  if (!collect(root, root.id, [], nodes)) return null
  return define(root, nodes)
}

interface Node {
  readonly config: JsonObject
  readonly id: string
  readonly parent: Node | null
  readonly children: Map<string, Node>
}

/** XState's ids: that of the machine and the path, unless a state has one of its own. */
function collect(node: Node, machine: string, path: readonly string[], nodes: Map<string, Node>): boolean {
  if (path.length > MAX_DEPTH) return false
  const states = node.config['states']
  for (const [key, config] of isObject(states) ? Object.entries(states) : []) {
    if (nodes.size >= MAX_STATES) return false
    const within = [...path, key]
    const own = isObject(config) ? config : {}
    const child: Node = {
      config: own,
      id: textOf(own['id']) ?? [machine, ...within].join('.'),
      parent: node,
      children: new Map(),
    }
    node.children.set(key, child)
    nodes.set(child.id, child)
    if (!collect(child, machine, within, nodes)) return false
  }
  return true
}

function define(node: Node, nodes: ReadonlyMap<string, Node>): StateDefinition {
  const { config } = node
  const definition: Writable<StateDefinition> = { id: node.id }
  const type = config['type']
  if (type === 'parallel' || type === 'final' || type === 'history') definition.type = type
  const initial = initialOf(config['initial'])
  if (initial !== undefined) definition.initial = initial
  if (node.children.size > 0) {
    definition.states = Object.fromEntries([...node.children].map(([key, child]) => [key, define(child, nodes)]))
  }
  const transitions = (json: Json | undefined): readonly TransitionDefinition[] =>
    listOf(json).flatMap((each) => transitionOf(each, node, nodes))
  const tables = { on: { ...tableOf(config['on']) }, after: tableOf(config['after']) }
  const invoke = listOf(config['invoke']).flatMap((each, index) => {
    if (!isObject(each)) return []
    const src = nameOf(each['src']) ?? 'inline'
    const id = textOf(each['id']) ?? `${index}.${node.id}`
    for (const [key, event] of ENDS_OF_INVOKED) if (each[key] !== undefined) tables.on[`${event}.${id}`] = each[key]
    return [{ id, src }]
  })
  if (invoke.length > 0) definition.invoke = invoke
  for (const key of ['on', 'after'] as const) {
    const entries = Object.entries(tables[key]).map(([name, json]) => [name, transitions(json)] as const)
    if (entries.length > 0) definition[key] = Object.fromEntries(entries)
  }
  for (const key of ['always', 'onDone'] as const) {
    const list = transitions(config[key])
    if (list.length > 0) definition[key] = list
  }
  for (const key of ['entry', 'exit', 'tags'] as const) {
    const list = namesOf(config[key])
    if (list.length > 0) definition[key] = list
  }
  return definition
}

const ENDS_OF_INVOKED = [
  ['onDone', 'xstate.done.actor'],
  ['onError', 'xstate.error.actor'],
  ['onSnapshot', 'xstate.snapshot'],
] as const

function transitionOf(json: Json, from: Node, nodes: ReadonlyMap<string, Node>): TransitionDefinition[] {
  if (typeof json === 'string') return [{ target: [resolve(json, from, nodes)] }]
  if (!isObject(json)) return []
  const definition: Writable<TransitionDefinition> = {}
  const targets = listOf(json['target']).flatMap((target) =>
    typeof target === 'string' ? [resolve(target, from, nodes)] : [],
  )
  if (targets.length > 0) definition.target = targets
  const guard = nameOf(json['guard'])
  if (guard !== undefined) definition.guard = guard
  const actions = namesOf(json['actions'])
  if (actions.length > 0) definition.actions = actions
  if (json['reenter'] === true) definition.reenter = true
  return [definition]
}

/** `#id`, `#id.child`, `.child`, or the name of a sibling; as an absolute one. What does not exist stays as it is written. */
function resolve(target: string, from: Node, nodes: ReadonlyMap<string, Node>): string {
  if (target.startsWith('#')) {
    if (nodes.has(target.slice(1))) return target
    const [id = '', ...path] = target.slice(1).split('.')
    return absolute(nodes.get(id), path, target)
  }
  if (target.startsWith('.')) return absolute(from, target.slice(1).split('.'), target)
  return absolute(from.parent ?? from, target.split('.'), target)
}

function absolute(from: Node | undefined, path: readonly string[], written: string): string {
  const found = path.reduce<Node | undefined>((node, key) => node?.children.get(key), from)
  return found ? `#${found.id}` : written
}

const textOf = (json: Json | undefined): string | undefined => (typeof json === 'string' ? json : undefined)

const tableOf = (json: Json | undefined): JsonObject => (isObject(json) ? json : {})

const listOf = (json: Json | undefined): readonly Json[] =>
  json === undefined || json === null ? [] : Array.isArray(json) ? (json as readonly Json[]) : [json]

/** Of what has a name: an action, a guard, the source of an invoked actor. */
const nameOf = (json: Json | undefined): string | undefined =>
  isObject(json) ? (textOf(json['type']) ?? textOf(json['src']) ?? 'inline') : textOf(json)

const namesOf = (json: Json | undefined): string[] => listOf(json).flatMap((each) => nameOf(each) ?? [])

const initialOf = (json: Json | undefined): string | undefined =>
  isObject(json) ? textOf(listOf(json['target'])[0]) : textOf(json)
