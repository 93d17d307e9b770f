import { describe, expect, test } from '@jest/globals'
import { createMachine, type AnyStateMachine, type AnyStateNode } from 'xstate'
import { readDefinition } from '../../../src/inspector-page/model/definition.ts'
import { authenticationMachine } from '../../../src/machines/authentication-machine.ts'
import { meshMachine } from '../../../src/machines/mesh-machine.ts'
import { negotiationMachine } from '../../../src/machines/negotiation-machine.ts'
import { peerMachine } from '../../../src/machines/peer-machine.ts'
import type { StateDefinition } from '../../../src/services/inspector/wire/definition.ts'

/** As `@statelyai/inspect` writes a config. */
const textOf = (machine: { readonly config: unknown }): string =>
  JSON.stringify(machine.config, (_key, value: unknown) => (typeof value === 'function' ? { type: value.name } : value))

const targetsOf = ({ on, after, always, onDone, states }: StateDefinition): string[] => [
  ...[...Object.values(on ?? {}), ...Object.values(after ?? {}), always ?? [], onDone ?? []].flatMap((list) =>
    list.flatMap(({ target }) => target ?? []),
  ),
  ...Object.values(states ?? {}).flatMap(targetsOf),
]

const idsOf = ({ id, states }: StateDefinition): string[] => [id, ...Object.values(states ?? {}).flatMap(idsOf)]

/** What XState itself resolves. */
function resolved(machine: AnyStateMachine): { ids: string[]; targets: string[] } {
  const nodes: AnyStateNode[] = [machine.root]
  for (const node of nodes) nodes.push(...Object.values(node.states))
  const targets = nodes.flatMap((node) =>
    [...node.transitions.values(), node.always ?? []].flat().flatMap(({ target }) => target ?? []),
  )
  return { ids: nodes.map(({ id }) => id), targets: targets.map(({ id }) => `#${id}`) }
}

const compound = createMachine({
  id: 'player',
  initial: 'stopped',
  on: { RESET: '.stopped', EXPLODE: '#smoke' },
  states: {
    stopped: { on: { PLAY: 'playing', SEEK: '#player.playing.fast' } },
    playing: {
      type: 'parallel',
      onDone: 'stopped',
      invoke: { src: 'motor', id: 'motor', onDone: { target: 'stopped' }, onError: '#player.broken.smoking' },
      states: {
        fast: { initial: 'no', states: { no: { on: { FAST: 'yes' } }, yes: { after: { 500: 'no' }, type: 'final' } } },
        loud: { always: [{ guard: 'isLoud', target: '#player.stopped' }] },
      },
    },
    broken: {
      initial: 'smoking',
      states: { smoking: { id: 'smoke', entry: ['cough', { type: 'cry' }], tags: ['bad'] } },
    },
  },
})

describe('a config becomes a definition with all targets resolved', () => {
  test.each([
    ['mesh', meshMachine],
    ['peer', peerMachine],
    ['negotiation', negotiationMachine],
    ['authentication', authenticationMachine],
    ['player', compound],
  ] as [string, AnyStateMachine][])('%s, as XState resolves it', (_name, machine) => {
    const definition = readDefinition(textOf(machine))
    if (!definition) throw new Error('not read')
    const expected = resolved(machine)
    expect(idsOf(definition).sort()).toEqual(expected.ids.sort())
    expect(targetsOf(definition).sort()).toEqual(expected.targets.sort())
    // What is resolved already stays as it is.
    expect(readDefinition(JSON.stringify(definition))).toEqual(definition)
  })

  test('names of guards, actions, invoked actors and tags', () => {
    const definition = readDefinition(textOf(compound))
    expect(definition?.states?.['playing']).toMatchObject({
      type: 'parallel',
      invoke: [{ id: 'motor', src: 'motor' }],
      on: {
        'xstate.done.actor.motor': [{ target: ['#player.stopped'] }],
        'xstate.error.actor.motor': [{ target: ['#smoke'] }],
      },
      states: { loud: { always: [{ guard: 'isLoud', target: ['#player.stopped'] }] } },
    })
    expect(definition?.states?.['broken']?.states?.['smoking']).toEqual({
      id: 'smoke',
      entry: ['cough', 'cry'],
      tags: ['bad'],
    })
  })
})

describe('what is no definition', () => {
  test.each(['', 'no JSON', '7', 'null', '[]', '"mesh"'])('%s', (text) => {
    expect(readDefinition(text)).toBe(null)
  })

  test('odd members are left out', () => {
    const text = JSON.stringify({
      id: 7,
      initial: ['a'],
      states: {
        a: null,
        b: 'x',
        c: { on: { E: 5, F: [null, { target: 3, actions: [{}, 'go', 4] }] }, after: [], type: 'wild' },
      },
      invoke: [3, { src: {} }],
      on: 'everything',
    })
    expect(readDefinition(text)).toEqual({
      id: '(machine)',
      invoke: [{ id: '1.(machine)', src: 'inline' }],
      states: {
        a: { id: '(machine).a' },
        b: { id: '(machine).b' },
        c: { id: '(machine).c', on: { E: [], F: [{ actions: ['inline', 'go'] }] } },
      },
    })
  })

  test('a target that does not exist stays as it was written', () => {
    const definition = readDefinition(JSON.stringify({ id: 'm', on: { E: 'nowhere', F: '#m.x', G: '.x.y' } }))
    expect(definition && targetsOf(definition)).toEqual(['nowhere', '#m.x', '.x.y'])
  })

  test('bottomless or endless ones', () => {
    const deep = (depth: number): unknown => (depth === 0 ? {} : { states: { s: deep(depth - 1) } })
    expect(readDefinition(JSON.stringify(deep(200)))).toBe(null)
    expect(
      readDefinition(JSON.stringify({ states: Object.fromEntries(Array.from({ length: 5_000 }, (_, i) => [i, {}])) })),
    ).toBe(null)
  })
})
