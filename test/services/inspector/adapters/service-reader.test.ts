import { describe, expect, test } from '@jest/globals'
import { AdoptedMessages } from '../../../../src/services/inspector/adapters/adopted-messages.ts'
import type { Told } from '../../../../src/services/inspector/adapters/foreign-reader.ts'
import { machineFromV4 } from '../../../../src/services/inspector/adapters/v4-machine-reader.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'

const adopting = (): AdoptedMessages =>
  new AdoptedMessages('s', { name: null, platform: 'node', detail: '' }, () => 5_000)

/** Every message must be one. */
function readAll(told: readonly object[], adopted = adopting()): InspectorMessage[] {
  return told.flatMap((message) => {
    const read = adopted.readFrame(JSON.stringify(message))
    if (read === null) throw new Error(`refused: ${JSON.stringify(message)}`)
    return read
  })
}

const MACHINE = { id: 'light', key: 'light', type: 'compound', initial: 'red', states: { red: { id: 'light.red' } } }
const scxml = (type: string, origin?: string): string =>
  JSON.stringify({ name: type, data: { type }, $$type: 'scxml', type: 'external', origin })
const state = (value: unknown, type = 'xstate.init', more: object = {}): string =>
  JSON.stringify({ value, context: { count: 1 }, event: { type }, _event: JSON.parse(scxml(type)) as object, ...more })
const register = (sessionId: string, more: object = {}): object => ({
  type: 'service.register',
  machine: JSON.stringify(MACHINE),
  state: state('red'),
  id: 'crossing light',
  sessionId,
  ...more,
})

describe('what @xstate/inspect tells of services of XState 4', () => {
  test('a service, its events and states, its stop', () => {
    const messages = readAll([
      register('x:0'),
      { type: 'service.event', event: scxml('GO', 'x:7'), sessionId: 'x:0' },
      { type: 'service.state', state: state('green', 'GO'), sessionId: 'x:0' },
      { type: 'service.stop', sessionId: 'x:0' },
    ])
    const stamp = { source: 's', time: 5_000, id: null, _version: '0.7.2', createdAt: '5000' }
    const ids = { sessionId: 's/x:0', rootId: 's/x:0' }
    expect(messages).toEqual([
      {
        type: 'webrtc.source',
        source: 's',
        seq: 1,
        time: 5_000,
        name: '@xstate/inspect',
        platform: 'node',
        detail: '',
        version: '',
      },
      {
        type: '@xstate.actor',
        ...stamp,
        ...ids,
        seq: 2,
        name: 'crossing light',
        snapshot: { status: 'active', value: 'red', context: { count: 1 } },
        machine: 'light',
        definition: '{"id":"light","initial":"red","states":{"red":{"id":"light.red"}}}',
        kind: 'other',
        group: '@xstate/inspect',
        uniqueId: 0,
      },
      { type: '@xstate.event', ...stamp, ...ids, seq: 3, event: { type: 'GO' }, sourceId: 's/x:7' },
      {
        type: '@xstate.snapshot',
        ...stamp,
        ...ids,
        seq: 4,
        event: { type: 'GO' },
        snapshot: { status: 'active', value: 'green', context: { count: 1 } },
        causedBy: 3,
      },
      {
        type: '@xstate.snapshot',
        ...stamp,
        ...ids,
        seq: 5,
        event: { type: 'xstate.stop' },
        // Where it was when it was stopped.
        snapshot: { status: 'stopped', value: 'green' },
      },
    ])
  })

  test('a service that is told again keeps its name and its parent, which are not told then', () => {
    const again = { id: undefined, parent: undefined, state: state('green') }
    const messages = readAll([register('x:0'), register('x:1', { parent: 'x:0' }), register('x:1', again)])
    expect(messages.at(-1)).toMatchObject({
      name: 'crossing light',
      parentId: 's/x:0',
      rootId: 's/x:0',
      machine: 'light',
      snapshot: { value: 'green' },
    })
    expect(messages.filter((message) => 'definition' in message)).toHaveLength(1)
    expect(readAll([register('x:2', again)]).at(-1)).toMatchObject({ name: 'light' })
  })

  test('names of events are those of XState 5', () => {
    const messages = readAll([
      register('x:0'),
      { type: 'service.event', event: scxml('done.invoke.work'), sessionId: 'x:0' },
      { type: 'service.state', state: state('red', 'done.invoke.work'), sessionId: 'x:0' },
    ])
    expect(messages.slice(-2)).toMatchObject([
      { event: { type: 'xstate.done.actor.work' } },
      { event: { type: 'xstate.done.actor.work' }, causedBy: 3 },
    ])
  })

  test('one that is in its final state has ended; its stop is nothing new', () => {
    const messages = readAll([
      register('x:0'),
      { type: 'service.state', state: state('off', 'END', { done: true }), sessionId: 'x:0' },
      { type: 'service.stop', sessionId: 'x:0' },
      { type: 'service.stop', sessionId: 'x:9' },
    ])
    expect(messages).toHaveLength(3)
    expect(messages.at(-1)).toMatchObject({ snapshot: { status: 'done', value: 'off' } })
  })

  test('a service that is just being started says that it has a state, but not which', () => {
    expect(readAll([register('x:0'), { type: 'service.state', sessionId: 'x:0' }])).toHaveLength(2)
  })

  test('its definition in our form: guards, timers, what is entered and left, what is invoked', () => {
    const go = { target: ['#m.b'], cond: { type: 'xstate.guard', name: 'isOpen' }, source: '#m.a', internal: false }
    const machine = {
      id: 'm',
      type: 'compound',
      initial: 'a',
      history: false,
      states: {
        a: {
          id: 'm.a',
          type: 'atomic',
          tags: ['quiet'],
          on: {
            GO: [{ ...go, actions: [{ type: 'ring' }, { type: '(ctx) => ctx.count++' }, { type: 'function () {}' }] }],
            AGAIN: [{ target: ['#m.a'], actions: [], internal: false }],
            INSIDE: [{ target: ['#m.a'], actions: [], internal: true }],
            NEVER: [{ actions: [], internal: true }],
            'xstate.after(100)#m.a': [{ target: ['#m.b'], actions: [], delay: 100 }],
            'xstate.after(later)#m.a': [{ target: ['#m.b'], actions: [], cond: { type: 'xstate.guard', name: '' } }],
            '': [{ target: ['#m.b'], actions: [] }],
            '*': [{ actions: [{ type: 'xstate.assign' }] }],
          },
          entry: [
            { type: 'ring' },
            { type: 'xstate.send', event: { type: 'xstate.after(100)#m.a' }, delay: 100 },
            { type: 'xstate.send', event: { type: 'PING' } },
          ],
          exit: [
            { type: 'xstate.cancel', sendId: 'xstate.after(100)#m.a' },
            { type: 'xstate.cancel', sendId: 'mine' },
          ],
        },
        b: {
          id: 'm.b',
          type: 'parallel',
          invoke: [
            { type: 'xstate.invoke', id: 'w', src: { type: 'work' } },
            { type: 'xstate.invoke', id: 'v', src: 'plain' },
          ],
          on: {
            'done.state.m.b': [{ target: ['#m.a'], actions: [] }],
            'done.invoke.w': [{ target: ['#m.a'], actions: [] }],
            'error.platform.w': [{ actions: [{ type: 'ring' }] }],
          },
          states: {
            c: { id: 'c-of-its-own', type: 'final' },
            h: { id: 'm.b.h', type: 'history', history: 'deep' },
          },
        },
      },
    }
    const [, told] = readAll([register('x:0', { machine: JSON.stringify(machine) })])
    expect(JSON.parse((told as { definition?: string }).definition ?? '')).toEqual({
      id: 'm',
      initial: 'a',
      states: {
        a: {
          id: 'm.a',
          tags: ['quiet'],
          on: {
            GO: [{ target: ['#m.b'], guard: 'isOpen', actions: ['ring', 'inline', 'inline'] }],
            AGAIN: [{ target: ['#m.a'], reenter: true }],
            INSIDE: [{ target: ['#m.a'] }],
            NEVER: [{}],
            '*': [{ actions: ['xstate.assign'] }],
          },
          after: { 100: [{ target: ['#m.b'] }], later: [{ target: ['#m.b'], guard: 'inline' }] },
          always: [{ target: ['#m.b'] }],
          entry: ['ring', 'xstate.send'],
          exit: ['xstate.cancel'],
        },
        b: {
          id: 'm.b',
          type: 'parallel',
          invoke: [
            { id: 'w', src: 'work' },
            { id: 'v', src: 'plain' },
          ],
          onDone: [{ target: ['#m.a'] }],
          on: {
            'xstate.done.actor.w': [{ target: ['#m.a'] }],
            'xstate.error.actor.w': [{ actions: ['ring'] }],
          },
          states: {
            c: { id: 'c-of-its-own', type: 'final' },
            h: { id: 'm.b.h', type: 'history', history: 'deep' },
          },
        },
      },
    })
  })
})

describe('what is none of their messages', () => {
  test.each([
    { type: 'service.register', sessionId: 'x:0' },
    { type: 'service.register', sessionId: 'x:0', machine: '{', state: state('red') },
    { type: 'service.register', sessionId: 'x:0', machine: '{}', state: '7' },
    register('x'.repeat(999)),
    register('x:0', { state: JSON.stringify({ value: JSON.parse(`${'['.repeat(99)}${']'.repeat(99)}`) as unknown }) }),
    { type: 'service.event', sessionId: 'x:0' },
    { type: 'service.event', sessionId: 'x:0', event: '{"name":"GO"}' },
    { type: 'service.event', sessionId: 'x:0', event: '{"data":{"type":7}}' },
    { type: 'service.state', sessionId: 'x:0', state: 'red' },
    { type: 'service.stop' },
    { type: 'service.stop', sessionId: 7 },
    { type: 'xstate.event', sessionId: 'x:0' },
  ])('%j', (message) => {
    expect(adopting().readFrame(JSON.stringify(message))).toBeNull()
  })

  test('a machine that is none: the service has no statechart', () => {
    const [, told] = readAll([register('x:0', { machine: '{"states":{}}', id: undefined })])
    expect(told).toMatchObject({ name: 'x:0', snapshot: { value: 'red' } })
    expect(told).not.toHaveProperty('machine')
  })

  test('an event called __proto__ is one like any other', () => {
    const told = JSON.parse('{"id":"m","on":{"__proto__":[{"target":["#m.a"]}],"GO":[]}}') as Told
    const { on = {} } = machineFromV4(told) ?? {}
    expect(Object.entries(on)).toEqual([
      ['__proto__', [{ target: ['#m.a'] }]],
      ['GO', []],
    ])
  })

  test('one of a machine without end has those states that anyone could look at', () => {
    const machine = `{"id":"m","states":{"a":${'{"states":{"a":'.repeat(30_000)}{}${'}}'.repeat(30_000)}}}`
    const [, told] = readAll([register('x:0', { machine })])
    expect((told as { definition?: string }).definition?.length).toBeLessThan(2_000)
  })

  test('who speaks in one form is not heard in another', () => {
    const adopted = adopting()
    readAll([register('x:0')], adopted)
    const stately = { type: '@xstate.actor', _version: '0.7.2', sessionId: 'x:1', name: 'a', snapshot: {} }
    expect(adopted.read(stately)).toBeNull()
    expect(adopting().read(stately)).not.toBeNull()
  })

  test('types that a later version may have are passed over', () => {
    expect(adopting().read({ type: 'service.other', sessionId: 'x:0' })).toEqual([])
  })
})
