import { describe, expect, test } from '@jest/globals'
import { and, type AnyStateMachine, createActor, createMachine, fromPromise, not, raise, setup } from 'xstate'
import { authenticationMachine } from '../../../../src/machines/authentication-machine.ts'
import { meshMachine } from '../../../../src/machines/mesh-machine.ts'
import { negotiationMachine } from '../../../../src/machines/negotiation-machine.ts'
import { peerMachine } from '../../../../src/machines/peer-machine.ts'
import { definitionOf } from '../../../../src/services/inspector/recorder/definition-of.ts'
import { MachineNames } from '../../../../src/services/inspector/recorder/machine-names.ts'
import type { Machine } from '../../../../src/services/inspector/recorder/machine-node.ts'
import type { MachineDefinition, StateDefinition } from '../../../../src/services/inspector/wire/definition.ts'

const asMachine = (machine: unknown): Machine => machine as Machine

/** A machine made from a definition that came as text. */
const redrawn = (definition: MachineDefinition): Machine =>
  asMachine(createMachine(JSON.parse(JSON.stringify(definition)) as Parameters<typeof createMachine>[0]))

function* statesOf(state: StateDefinition): Iterable<StateDefinition> {
  yield state
  for (const child of Object.values(state.states ?? {})) yield* statesOf(child)
}

const various = setup({
  actions: { ring: () => undefined },
  guards: { isBig: () => true, isSmall: () => false },
  delays: { later: 20 },
  actors: { work: fromPromise(() => Promise.resolve(1)) },
}).createMachine({
  id: 'various',
  initial: 'idle',
  on: { RESET: '.idle', '*': { actions: 'ring' } },
  states: {
    idle: {
      tags: ['quiet'],
      entry: ['ring', raise({ type: 'GO' })],
      exit: () => undefined,
      on: {
        GO: [
          { guard: and(['isBig', not('isSmall')]), target: 'busy', actions: { type: 'ring' } },
          { guard: ({ context }) => Boolean(context), target: '#named' },
        ],
        AGAIN: { target: 'idle', reenter: true },
        NEVER: {},
      },
      after: { 10: 'busy', later: { target: 'busy', guard: 'isBig' } },
      always: { guard: 'isSmall', target: 'ended' },
    },
    busy: {
      type: 'parallel',
      invoke: { src: 'work', onDone: 'ended', onError: { actions: 'ring' } },
      onDone: 'ended',
      states: {
        read: { initial: 'open', states: { open: { on: { SHUT: 'shut' } }, shut: { type: 'final' } } },
        write: {
          initial: 'open',
          states: {
            open: {},
            shut: { id: 'named', type: 'final' },
            before: { type: 'history', history: 'deep', target: 'shut' },
          },
        },
      },
    },
    ended: { type: 'final' },
  },
})

const MACHINES: readonly [string, unknown][] = [
  ['mesh', meshMachine],
  ['peer', peerMachine],
  ['negotiation', negotiationMachine],
  ['authentication', authenticationMachine],
  ['one with everything', various],
]

describe('definitions of machines', () => {
  test.each(MACHINES)('%s: createMachine takes it, and gives the same definition', (_, machine) => {
    const definition = definitionOf(asMachine(machine))
    expect(definitionOf(redrawn(definition))).toEqual(definition)
  })

  test.each(MACHINES)('%s: every target is there', (_, machine) => {
    const definition = definitionOf(asMachine(machine))
    const states = [...statesOf(definition)]
    const ids = new Set(states.map(({ id }) => `#${id}`))
    const targets = states.flatMap(({ on = {}, after = {}, always = [], onDone = [], target = [] }) => [
      ...target,
      ...[...Object.values(on), ...Object.values(after), always, onDone].flat().flatMap((each) => each.target ?? []),
    ])
    expect(targets.length).toBeGreaterThan(3)
    expect(targets.filter((target) => !ids.has(target))).toEqual([])
  })

  test('one with everything', () => {
    expect(definitionOf(asMachine(various))).toEqual({
      id: 'various',
      initial: 'idle',
      on: { RESET: [{ target: ['#various.idle'] }], '*': [{ actions: ['ring'] }] },
      states: {
        idle: {
          id: 'various.idle',
          tags: ['quiet'],
          entry: ['ring', 'xstate.raise'],
          exit: ['exit'],
          on: {
            GO: [
              { guard: 'and(isBig, not(isSmall))', target: ['#various.busy'], actions: ['ring'] },
              { guard: 'guard', target: ['#named'] },
            ],
            AGAIN: [{ target: ['#various.idle'], reenter: true }],
            NEVER: [{}],
          },
          after: { 10: [{ target: ['#various.busy'] }], later: [{ target: ['#various.busy'], guard: 'isBig' }] },
          always: [{ guard: 'isSmall', target: ['#various.ended'] }],
        },
        busy: {
          id: 'various.busy',
          type: 'parallel',
          invoke: [{ id: '0.various.busy', src: 'work' }],
          onDone: [{ target: ['#various.ended'] }],
          on: {
            'xstate.done.actor.0.various.busy': [{ target: ['#various.ended'] }],
            'xstate.error.actor.0.various.busy': [{ actions: ['ring'] }],
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
                before: { id: 'various.busy.write.before', type: 'history', history: 'deep', target: ['#named'] },
              },
            },
          },
        },
        ended: { id: 'various.ended', type: 'final' },
      },
    })
  })

  test.each(['constructor', 'toString', '__proto__', 'hasOwnProperty'])('an event called %s', (type) => {
    const machine = createMachine({ id: 'odd', on: Object.fromEntries([[type, { actions: 'log' }]]) })
    const definition = JSON.stringify(definitionOf(machine as never))
    expect(definition).toContain(JSON.stringify({ [type]: 0 }).slice(1, -2))
  })

  test('the timers of `after` are no actions of the states', () => {
    const { states = {} } = definitionOf(asMachine(negotiationMachine))
    expect(states['checking']).toMatchObject({
      entry: ['enter'],
      after: { ice: [{ target: ['#negotiation.failing'] }] },
    })
    expect(states['checking']).not.toHaveProperty('exit')
  })

  test('a redrawn machine takes the same ways', () => {
    const actor = createActor(
      redrawn(definitionOf(asMachine(authenticationMachine))) as unknown as AnyStateMachine,
    ).start()
    actor.send({ type: 'local.done' })
    actor.send({ type: 'remote.done' })
    expect(actor.getSnapshot()).toMatchObject({ value: 'completed', status: 'done' })
  })
})

describe('names of machines', () => {
  test('each has its own, and keeps it', () => {
    const names = new MachineNames()
    const [first, second] = [createMachine({ id: 'a' }), createMachine({ id: 'a', on: { GO: {} } })]
    expect([first, second, first].map((machine) => names.of(machine)?.name)).toEqual(['a', 'a 2', 'a'])
    expect(names.of(first)?.definition).toBe('{"id":"a"}')
  })

  test('one that is the same but for what its actions do is the same, as `provide` makes one for each component', () => {
    const names = new MachineNames()
    const made = Array.from({ length: 100 }, () => various.provide({ actions: { ring: () => undefined } }))
    expect(new Set(made.map((machine) => names.of(machine))).size).toBe(1)
    expect(names.of(various)?.name).toBe('various')
  })

  test('other logic has none', () => {
    expect(new MachineNames().of(fromPromise(() => Promise.resolve()))).toBeNull()
    expect(new MachineNames().of(undefined)).toBeNull()
  })

  test('a machine that is too large to be drawn has no definition', () => {
    const states = Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [`state-${i}-${'x'.repeat(40)}`, {}]))
    const machine = createMachine({ id: 'large', initial: Object.keys(states)[0] ?? '', states })
    expect(new MachineNames().of(machine)).toEqual({ name: 'large', definition: null })
  })
})
