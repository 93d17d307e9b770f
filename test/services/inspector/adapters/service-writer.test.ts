import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { ServiceWriter } from '../../../../src/services/inspector/adapters/service-writer.ts'
import { machineToV4 } from '../../../../src/services/inspector/adapters/v4-machine-writer.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { Teller } from '../support/teller.ts'

const DEFINITION = '{"id":"peer","initial":"new","states":{"new":{"id":"peer.new"}}}'
const MACHINE = '{"id":"peer","initial":"new","states":{"new":{"id":"peer.new"}},"predictableActionArguments":true}'

const written = (writer: ServiceWriter, ...messages: readonly InspectorMessage[]): Record<string, unknown>[] =>
  messages
    .flatMap((message) => writer.write(message))
    .map((told) => JSON.parse(JSON.stringify(told)) as Record<string, unknown>)

const read = (text: unknown): unknown => JSON.parse(String(text))

describe('telling in the messages of @xstate/inspect', () => {
  test('a machine that begins: its machine and its state, as texts', () => {
    const a = new Teller('a')
    const [told, ...more] = written(
      new ServiceWriter(),
      a.begins(),
      a.actor('peer:2', { parentId: 'a/mesh', definition: DEFINITION }),
    )
    expect(more).toEqual([])
    expect(told).toEqual({
      type: 'service.register',
      machine: MACHINE,
      state: expect.any(String),
      id: 'peer:2',
      sessionId: 'a/peer:2',
      parent: 'a/mesh',
    })
    expect(read(told?.['state'])).toMatchObject({
      value: 'new',
      context: {},
      event: { type: 'xstate.init' },
      _event: { name: 'xstate.init', data: { type: 'xstate.init' }, $$type: 'scxml', type: 'external' },
      _sessionid: 'a/peer:2',
      done: false,
    })
  })

  test('an event as SCXML has them, with who sent it, under the name that XState 4 has for it', () => {
    const a = new Teller('a')
    const writer = new ServiceWriter()
    written(writer, a.actor('peer:2', { definition: DEFINITION }))
    const event = { type: 'xstate.error.actor.link', error: 'lost' }
    const [told] = written(writer, { ...a.event('peer:2', ''), event, sourceId: 'a/link' })
    expect(told).toMatchObject({ type: 'service.event', sessionId: 'a/peer:2' })
    expect(read(told?.['event'])).toEqual({
      name: 'error.platform.link',
      data: { type: 'error.platform.link', error: 'lost' },
      $$type: 'scxml',
      type: 'external',
      origin: 'a/link',
    })
  })

  test('states, and after the last one the stop', () => {
    const a = new Teller('a')
    const writer = new ServiceWriter()
    const messages = [a.actor('peer:2', { definition: DEFINITION }), a.snapshot('peer:2', 'ready')]
    const ends = [a.snapshot('peer:2', 'gone', 'done'), a.snapshot('peer:2', 'gone', 'done'), a.event('peer:2', 'go')]
    const told = written(writer, ...messages, ...ends)
    expect(told.map(({ type }) => type)).toEqual(['service.register', 'service.state', 'service.state', 'service.stop'])
    expect(told.slice(1, 3).map(({ state }) => read(state))).toMatchObject([
      { value: 'ready', done: false, event: { type: 'go' } },
      { value: 'gone', done: true },
    ])
  })

  test('what is no machine, or has none that can be drawn, is none of their services', () => {
    const a = new Teller('a')
    expect(
      written(
        new ServiceWriter(),
        a.actor('promise', { machine: 'm', definition: DEFINITION, snapshot: { status: 'active' } }),
        a.snapshot('promise', 'x'),
        a.actor('broken', { machine: 'n', definition: 'no JSON' }),
        a.actor('unknown', { machine: 'never told' }),
        a.event('unknown', 'go'),
        a.facts('mesh'),
        a.verdict(2),
      ),
    ).toEqual([])
  })

  test('each service brings its machine, and stops where its source is gone', () => {
    const a = new Teller('a')
    const told = written(
      new ServiceWriter(),
      a.actor('peer:2', { definition: DEFINITION }),
      a.actor('peer:3'),
      a.gone(),
      a.event('peer:2', 'go'),
    )
    expect(told.slice(0, 2).map(({ machine }) => machine)).toEqual([MACHINE, MACHINE])
    expect(told.slice(2)).toEqual([
      { type: 'service.stop', sessionId: 'a/peer:3' },
      { type: 'service.stop', sessionId: 'a/peer:2' },
    ])
  })
})

describe('machines for XState 4', () => {
  const converted = (definition: object): unknown => read(machineToV4(JSON.stringify(definition)))

  test('of a config as @statelyai/inspect tells it', () => {
    expect(
      converted({
        id: 'm',
        context: { count: 0 },
        initial: { target: 'a' },
        states: {
          a: {
            tags: 'quiet',
            entry: { type: 'ring', params: { loud: true } },
            on: {
              GO: 'b',
              AGAIN: { target: 'a', reenter: true, guard: { type: 'isOpen' }, actions: ['ring', { type: '' }] },
              NEVER: {},
            },
            after: { 100: { target: '#m.b' }, later: 'b' },
          },
          b: {
            type: 'parallel',
            invoke: { src: 'work', id: 'w', onDone: 'a', onError: { actions: 'ring' } },
            onDone: { target: 'a' },
            states: { c: { on: { IN: '#m.b.c', UP: { target: '.d' } }, states: { d: {} } } },
          },
        },
      }),
    ).toEqual({
      id: 'm',
      predictableActionArguments: true,
      initial: 'a',
      states: {
        a: {
          id: 'm.a',
          tags: ['quiet'],
          entry: ['ring'],
          on: {
            GO: [{ target: ['b'] }],
            AGAIN: [{ target: ['a'], cond: 'isOpen', actions: ['ring', ''], internal: false }],
            NEVER: [{}],
          },
          after: { 100: [{ target: ['#m.b'] }], later: [{ target: ['b'] }] },
        },
        b: {
          id: 'm.b',
          type: 'parallel',
          invoke: [{ id: 'w', src: 'work', onDone: [{ target: ['a'] }], onError: [{ actions: ['ring'] }] }],
          onDone: [{ target: ['a'] }],
          states: {
            c: {
              id: 'm.b.c',
              on: { IN: [{ target: ['#m.b.c'], internal: true }], UP: [{ target: ['.d'] }] },
              states: { d: { id: 'm.b.c.d' } },
            },
          },
        },
      },
    })
  })

  test('whatever stands there instead of a definition, it is converted to something, or to nothing', () => {
    const any = fc.letrec<{ node: unknown }>((tie) => ({
      node: fc.oneof(
        { depthSize: 'small' },
        fc.constantFrom(null, 7, true, '', 'a', '#a', '.a', 'parallel', 'toString'),
        fc.array(tie('node'), { maxLength: 3 }),
        fc.dictionary(
          fc
            .constantFrom(
              'id',
              'type',
              'initial',
              'states',
              'on',
              'after',
              'always',
              'onDone',
              'invoke',
              'entry',
              'tags',
            )
            .map(String),
          tie('node'),
          { maxKeys: 5 },
        ),
        fc.dictionary(fc.constantFrom('target', 'guard', 'actions', 'reenter', 'src', '__proto__'), tie('node')),
      ),
    })).node
    fc.assert(
      fc.property(any, (value) => {
        const text = machineToV4(JSON.stringify(value))
        if (text !== null) expect(JSON.parse(text)).toHaveProperty('id')
      }),
      { numRuns: 500 },
    )
  })

  test('states within states without end, and lists within lists, do no harm', () => {
    const deep = (open: string, close: string): string => `{"id":"m",${open.repeat(40_000)}1${close.repeat(40_000)}}`
    expect(machineToV4(deep('"states":{"a":{', '}}').replace('1', '"id":"x"'))?.length).toBeLessThan(2_000)
    for (const key of ['target', 'type', 'history', 'entry', 'on', 'initial']) {
      expect(machineToV4(`{"id":"m","${key}":${'['.repeat(40_000)}${']'.repeat(40_000)}}`)).not.toBeNull()
    }
  })

  test.each(['', 'null', '7', '[]', '"text"'])('%j is no definition', (text) => {
    expect(machineToV4(text)).toBeNull()
  })
})
