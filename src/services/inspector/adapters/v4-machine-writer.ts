import { isObject } from '../wire/check.ts'
import type { Told } from './foreign-reader.ts'
import { eventTypeToV4 } from './v4-event-types.ts'

/** States within states; deeper ones are left out. */
const MAX_DEPTH = 16

/**
 * Makes of a machine's definition the config that XState 4's `createMachine` takes.
 *
 * @param definition - JSON text: as this package tells it, or the config that a machine of XState 5 was made with, as `@statelyai/inspect` tells it.
 * @returns JSON text; null if it was no definition.
 */
export function machineToV4(definition: string): string | null {
  let config: unknown
  try {
    config = JSON.parse(definition)
  } catch {
    return null
  }
  if (!isObject(config)) return null
  // As in XState 5. Without it XState 4 warns of each machine.
  return JSON.stringify({
    ...stateToV4(config, [textOf(config['id']) ?? '(machine)']),
    predictableActionArguments: true,
  })
}

/** @param path - keys, from the machine on; they make up the id of a state that has none of its own. */
function stateToV4(config: Told, path: readonly string[]): object {
  const id = textOf(config['id']) ?? path.join('.')
  const transitions = (value: unknown): object[] => listOf(value).map((each) => transitionToV4(each, id))
  const invoked = listOf(config['invoke']).filter(isObject)
  return {
    id,
    type: textOf(config['type']),
    initial: initialOf(config['initial']),
    states: tableOf(config['states'], (child, key) =>
      path.length < MAX_DEPTH ? stateToV4(isObject(child) ? child : {}, [...path, key]) : {},
    ),
    on: tableOf(config['on'], transitions, eventTypeToV4),
    after: tableOf(config['after'], transitions),
    always: someOf(transitions(config['always'])),
    onDone: someOf(transitions(config['onDone'])),
    invoke: someOf(
      invoked.map((each) => ({
        id: textOf(each['id']),
        src: nameOf(each['src']),
        onDone: someOf(transitions(each['onDone'])),
        onError: someOf(transitions(each['onError'])),
      })),
    ),
    entry: someOf(namesOf(config['entry'])),
    exit: someOf(namesOf(config['exit'])),
    tags: someOf(namesOf(config['tags'])),
    history: textOf(config['history']),
    // Of a history state. There may be but one.
    target: textOf(listOf(config['target'])[0]),
  }
}

/** @param id - of the state that has it. */
function transitionToV4(value: unknown, id: string): object {
  const config: Told = isObject(value) ? value : { target: value }
  const target = listOf(config['target']).filter((each) => typeof each === 'string')
  return {
    target: someOf(target),
    cond: config['guard'] === undefined ? undefined : nameOf(config['guard']),
    actions: someOf(namesOf(config['actions'])),
    internal: isInternal(config['reenter'] === true, target, id),
  }
}

/** XState 4 leaves and enters a state also on the way to itself or to a state within, unless it is told not to; XState 5 the other way round. */
function isInternal(reenters: boolean, target: readonly string[], id: string): boolean | undefined {
  if (reenters) return false
  return target.some((each) => each === `#${id}` || each.startsWith(`#${id}.`)) ? true : undefined
}

const textOf = (value: unknown): string | undefined => (typeof value === 'string' ? value : undefined)

const listOf = (value: unknown): readonly unknown[] =>
  value === undefined || value === null ? [] : Array.isArray(value) ? (value as unknown[]) : [value]

/** Undefined, which is left out in JSON, for an empty list. */
const someOf = <T>(list: readonly T[]): readonly T[] | undefined => (list.length > 0 ? list : undefined)

function tableOf(
  value: unknown,
  convert: (member: unknown, key: string) => unknown,
  rename: (key: string) => string = (key) => key,
): object | undefined {
  if (!isObject(value)) return undefined
  return Object.fromEntries(Object.entries(value).map(([key, member]) => [rename(key), convert(member, key)]))
}

/** Of an action, a guard, or the source of an invoked actor. */
const nameOf = (value: unknown): string =>
  textOf(value) ?? (isObject(value) ? (textOf(value['type']) ?? textOf(value['src'])) : undefined) ?? 'inline'

const namesOf = (value: unknown): string[] => listOf(value).map(nameOf)

const initialOf = (value: unknown): string | undefined => textOf(isObject(value) ? listOf(value['target'])[0] : value)
