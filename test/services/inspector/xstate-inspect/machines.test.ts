import { describe, expect, test } from '@jest/globals'
import { createMachine, State, type StateMachine } from 'xstate'
import { authenticationMachine } from '../../../../src/machines/authentication-machine.ts'
import { meshMachine } from '../../../../src/machines/mesh-machine.ts'
import { negotiationMachine } from '../../../../src/machines/negotiation-machine.ts'
import { peerMachine } from '../../../../src/machines/peer-machine.ts'
import { machineFromV4 } from '../../../../src/services/inspector/adapters/v4-machine-reader.ts'
import { machineToV4 } from '../../../../src/services/inspector/adapters/v4-machine-writer.ts'
import { definitionOf } from '../../../../src/services/inspector/recorder/definition-of.ts'
import type { Machine } from '../../../../src/services/inspector/recorder/machine-node.ts'
import type { MachineDefinition, StateDefinition } from '../../../../src/services/inspector/wire/definition.ts'

// Here `xstate` is XState 4.
type Machine4 = StateMachine<object, { states: Record<string, never> }, { type: string }>

const VARIOUS: MachineDefinition = {
  id: 'various',
  initial: 'idle',
  on: { RESET: [{ target: ['#various.idle'] }], '*': [{ actions: ['ring'] }] },
  states: {
    idle: {
      id: 'various.idle',
      tags: ['quiet'],
      entry: ['ring'],
      exit: ['hush'],
      on: {
        GO: [
          { guard: 'and(isBig, not(isSmall))', target: ['#various.busy'], actions: ['ring'] },
          { target: ['#named'] },
        ],
        AGAIN: [{ target: ['#various.idle'], reenter: true }],
        ROUND: [{ target: ['#various.idle'] }],
        NEVER: [{}],
      },
      after: { 10: [{ target: ['#various.busy'] }], later: [{ target: ['#various.busy'], guard: 'isBig' }] },
      always: [{ guard: 'isSmall', target: ['#various.ended'] }],
    },
    busy: {
      id: 'various.busy',
      type: 'parallel',
      invoke: [{ id: 'work', src: 'work' }],
      onDone: [{ target: ['#various.ended'] }],
      on: {
        'xstate.done.actor.work': [{ target: ['#various.ended'] }],
        'xstate.error.actor.work': [{ actions: ['ring'] }],
        BOTH: [{ target: ['#various.busy.read.open', '#named'] }],
      },
      states: {
        read: {
          id: 'various.busy.read',
          initial: 'open',
          states: {
            open: { id: 'various.busy.read.open', on: { SHUT: [{ target: ['#various.busy.read.shut'] }] } },
            shut: { id: 'various.busy.read.shut', type: 'final' },
          },
        },
        write: {
          id: 'various.busy.write',
          initial: 'open',
          states: {
            open: { id: 'various.busy.write.open' },
            shut: { id: 'named', type: 'final' },
            before: { id: 'various.busy.write.before', type: 'history', history: 'deep' },
          },
        },
      },
    },
    ended: { id: 'various.ended', type: 'final' },
  },
}

const DEFINITIONS: readonly [string, MachineDefinition][] = [
  ['mesh', definitionOf(meshMachine as unknown as Machine)],
  ['peer', definitionOf(peerMachine as unknown as Machine)],
  ['negotiation', definitionOf(negotiationMachine as unknown as Machine)],
  ['authentication', definitionOf(authenticationMachine as unknown as Machine)],
  ['one with everything', VARIOUS],
]

const made = (definition: MachineDefinition): Machine4 =>
  createMachine(JSON.parse(machineToV4(JSON.stringify(definition)) ?? '') as never) as unknown as Machine4

function* statesOf(state: StateDefinition): Iterable<StateDefinition> {
  yield state
  for (const child of Object.values(state.states ?? {})) yield* statesOf(child)
}

describe('definitions as machines of XState 4', () => {
  test.each(DEFINITIONS)('%s: it has the same states', (_, definition) => {
    const ids = [...statesOf(definition)].map(({ id }) => id)
    expect([...made(definition).stateIds].sort()).toEqual(ids.sort())
  })

  test.each(DEFINITIONS)('%s: it is in the same states, and waits for the same events there', (_, definition) => {
    const machine = made(definition)
    const states = Object.keys(definition.states ?? {})
    expect(states.length).toBeGreaterThan(1)
    for (const key of states) {
      const { value, nextEvents, done } = machine.resolveState(State.from(key as never) as never)
      expect(typeof value === 'string' ? value : Object.keys(value)[0]).toBe(key)
      expect(done).toBe(definition.states?.[key]?.type === 'final')
      const here = Object.keys({ ...definition.states?.[key]?.on, ...definition.on })
      const four = here.map((type) =>
        type.replace('xstate.done.actor', 'done.invoke').replace('xstate.error.actor', 'error.platform'),
      )
      // One that a state has for nothing but to ignore it is not waited for.
      expect(nextEvents).toEqual(expect.arrayContaining(four.filter((type) => type !== 'NEVER')))
    }
  })

  test.each(DEFINITIONS)('%s: what XState 4 makes of it is the same definition again', (_, definition) => {
    const told = JSON.parse(JSON.stringify(made(definition))) as Record<string, unknown>
    expect(machineFromV4(told)).toEqual(definition)
  })

  test('it takes the same ways', () => {
    const machine = made(VARIOUS)
    const after = (value: unknown, type: string): unknown =>
      machine.withConfig({ guards: GUARDS }).transition(machine.resolveState(State.from(value as never)), { type })
        .value
    expect(after('idle', 'GO')).toEqual({ busy: { read: 'open', write: 'open' } })
    expect(after('idle', 'xstate.after(later)#various.idle')).toEqual({ busy: { read: 'open', write: 'open' } })
    expect(after({ busy: { read: 'open', write: 'open' } }, 'SHUT')).toEqual({ busy: { read: 'shut', write: 'open' } })
    expect(after({ busy: { read: 'open', write: 'open' } }, 'done.invoke.work')).toBe('ended')
    expect(after({ busy: { read: 'shut', write: 'open' } }, 'RESET')).toBe('idle')
  })
})

const GUARDS = { 'and(isBig, not(isSmall))': () => true, isBig: () => true, isSmall: () => false }
