import { describe, expect, test } from '@jest/globals'
import { createBrowserInspector } from '@statelyai/inspect'
import { createActor, createMachine, fromCallback } from 'xstate'
import { Session } from '../../../../src/inspector-page/model/session.ts'
import { AdoptedMessages } from '../../../../src/services/inspector/adapters/adopted-messages.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { crossing, light } from './support/light.ts'

type Theirs = ReturnType<typeof createBrowserInspector>

/** What the real package's inspector posts to the window that it has opened, which is a pretended one: there is no DOM here. */
async function posted(run: (inspector: Theirs) => void): Promise<unknown[]> {
  const told: unknown[] = []
  const listeners: ((event: { data: unknown }) => void)[] = []
  const window = {
    open: () => ({ postMessage: (data: unknown) => told.push(data) }),
    addEventListener: (_type: string, listener: (event: { data: unknown }) => void) => listeners.push(listener),
  }
  const inspector = createBrowserInspector({ window: window as never, url: 'http://localhost/' })
  for (const listener of listeners) listener({ data: { type: '@statelyai.connected' } })
  run(inspector)
  // It converts later, in a timer for each event, all of which come before this one.
  await new Promise((resolve) => setTimeout(resolve, 0))
  return told
}

const adopting = (name: string | null = null): AdoptedMessages =>
  new AdoptedMessages('s', { name, platform: 'browser', detail: 'http://app.example' }, () => 5_000)

/** Every message must be one. */
function readAll(told: readonly unknown[], adopted = adopting()): InspectorMessage[] {
  return told.flatMap((message) => {
    const read = adopted.read(message)
    if (read === null) throw new Error(`refused: ${JSON.stringify(message)}`)
    return read
  })
}

const VERSION = { _version: '0.7.2', createdAt: '1795255200000', id: null, rootId: 'x:0' }
const actor = (sessionId: string, more: object = {}): object => ({
  type: '@xstate.actor',
  ...VERSION,
  sessionId,
  name: sessionId,
  snapshot: { status: 'active', value: 'red' },
  ...more,
})
const event = (sessionId: string, type: string, more: object = {}): object => ({
  type: '@xstate.event',
  ...VERSION,
  sessionId,
  event: { type },
  ...more,
})
const snapshot = (sessionId: string, type: string, view: object = { status: 'active', value: 'red' }): object => ({
  type: '@xstate.snapshot',
  ...VERSION,
  sessionId,
  event: { type },
  snapshot: view,
})

describe('what the inspector of @statelyai/inspect tells', () => {
  test('a system of theirs is seen as one of ours: actors, charts, events, states, ends', async () => {
    const told = await posted(({ inspect }) => {
      createActor(crossing, { inspect }).start().send({ type: 'PRESS' })
    })
    expect(told.length).toBeGreaterThan(5)
    const messages = readAll(told)
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, i) => i + 1))
    const session = new Session()
    session.applyAll(messages)
    expect(session.sources.get('s')).toMatchObject({
      name: '@statelyai/inspect',
      detail: 'http://app.example',
      version: '0.7.2',
    })
    const [parent, child] = [...session.actors.values()]
    expect(parent).toMatchObject({
      name: 'crossing',
      parentId: null,
      kind: 'other',
      group: '@statelyai/inspect',
      snapshot: { value: 'waiting', status: 'done' },
    })
    expect(child).toMatchObject({
      name: 'light',
      parentId: parent?.sessionId,
      rootId: parent?.sessionId,
      snapshot: { value: 'green' },
    })
    expect(session.machines.get(child?.machine ?? '')?.states?.['red']?.on).toEqual({
      GO: [{ target: ['#light.green'] }],
    })
    const led = session.log.find(({ text }) => text === 'red → green')
    expect(session.log[led?.causedBy ?? -1]).toMatchObject({ kind: 'event', text: 'GO' })
  })

  test('two machines of the same id are two, and each is told once', async () => {
    const told = await posted(({ inspect }) => {
      createActor(light, { inspect }).start()
      createActor(createMachine({ id: 'light', initial: 'off', states: { off: {}, on: {} } }), { inspect }).start()
      createActor(light, { inspect }).start()
    })
    const messages = readAll(told)
    const actors = messages.filter((message) => message.type === '@xstate.actor')
    expect(actors.map(({ machine }) => machine)).toEqual(['light', 'light 2', 'light'])
    expect(actors.map(({ definition }) => definition !== undefined)).toEqual([true, true, false])
    const session = new Session()
    session.applyAll(messages)
    expect(Object.keys(session.machines.get('s light 2')?.states ?? {})).toEqual(['off', 'on'])
  })

  test('an actor that is no machine has none, and its end is one though its snapshot does not say so', async () => {
    const machine = createMachine({
      id: 'host',
      initial: 'on',
      states: { on: { invoke: { src: fromCallback(() => undefined), id: 'listener' }, on: { END: 'off' } }, off: {} },
    })
    const messages = readAll(
      await posted(({ inspect }) => {
        createActor(machine, { inspect }).start().send({ type: 'END' })
      }),
    )
    const listener = messages.find((message) => message.type === '@xstate.actor' && message.name === 'listener')
    expect(listener).not.toHaveProperty('machine')
    const sessionId = (listener as { sessionId?: string }).sessionId
    const ends = messages.filter((message) => message.type === '@xstate.snapshot' && message.sessionId === sessionId)
    expect(ends.at(-1)).toMatchObject({ event: { type: 'xstate.stop' }, snapshot: { status: 'stopped' } })
  })

  test('what an application tells by hand: actors that are named only, and a snapshot without an actor before it', async () => {
    const messages = readAll(
      await posted((inspector) => {
        inspector.actor('player')
        inspector.event('player', 'PLAY', { source: 'remote' })
        inspector.snapshot('player', { status: 'active', value: 'playing', context: { track: 3 } })
        inspector.snapshot('queue', { context: { length: 2 } })
      }),
    )
    expect(messages.slice(1)).toMatchObject([
      { type: '@xstate.actor', name: 'player', sessionId: 's/player', rootId: 's/player' },
      { type: '@xstate.event', sessionId: 's/player', event: { type: 'PLAY' }, sourceId: 's/remote' },
      { type: '@xstate.snapshot', sessionId: 's/player', snapshot: { value: 'playing', context: { track: 3 } } },
      { type: '@xstate.actor', name: 'queue', sessionId: 's/queue', snapshot: { context: { length: 2 } } },
      { type: '@xstate.snapshot', sessionId: 's/queue' },
    ])
    // Nothing says that one has led to the other.
    expect(messages[3]).not.toHaveProperty('causedBy')
  })
})

describe('what is added', () => {
  test('a source, numbers, times, ids of its own', () => {
    const messages = readAll([actor('x:0'), actor('x:1', { parentId: 'x:0' }), event('x:1', 'GO', { sourceId: 'x:0' })])
    expect(messages.slice(0, 2)).toEqual([
      {
        type: 'webrtc.source',
        source: 's',
        seq: 1,
        time: 1_795_255_200_000,
        name: '@statelyai/inspect',
        platform: 'browser',
        detail: 'http://app.example',
        version: '0.7.2',
      },
      {
        type: '@xstate.actor',
        source: 's',
        seq: 2,
        time: 1_795_255_200_000,
        id: null,
        _version: '0.7.2',
        createdAt: '1795255200000',
        sessionId: 's/x:0',
        rootId: 's/x:0',
        name: 'x:0',
        snapshot: { status: 'active', value: 'red' },
        kind: 'other',
        group: '@statelyai/inspect',
        uniqueId: 0,
      },
    ])
    expect(messages[2]).toMatchObject({ seq: 3, sessionId: 's/x:1', parentId: 's/x:0', rootId: 's/x:0' })
    expect(messages[3]).toMatchObject({ seq: 4, sessionId: 's/x:1', sourceId: 's/x:0' })
  })

  test('a name, where it has one', () => {
    const [source, first] = readAll([actor('x:0')], adopting('shop'))
    expect([source, first]).toMatchObject([{ name: 'shop' }, { group: 'shop' }])
  })

  test.each([['soon'], ['-1'], ['0'], ['1e400'], [7], [undefined]])('the time of now for one of %j', (createdAt) => {
    expect(readAll([actor('x:0', { createdAt })])[1]).toMatchObject({ time: 5_000, createdAt: '5000' })
  })

  test('which event led to which snapshot: an actor works off its events in their order', () => {
    const messages = readAll([
      actor('x:0'),
      event('x:0', 'A'),
      event('x:0', 'B'),
      event('x:1', 'A'),
      event('x:0', 'A'),
      snapshot('x:0', 'A'),
      snapshot('x:0', 'B'),
      snapshot('x:0', 'A'),
      snapshot('x:0', 'A'),
      snapshot('x:0', 'C'),
    ])
    const causes = messages.flatMap((message) => (message.type === '@xstate.snapshot' ? [message.causedBy] : []))
    expect(causes).toEqual([3, 4, 6, undefined, undefined])
  })

  test('an event that was passed over leads to nothing any more', () => {
    const messages = readAll([
      actor('x:0'),
      event('x:0', 'A'),
      event('x:0', 'B'),
      snapshot('x:0', 'B'),
      snapshot('x:0', 'A'),
    ])
    expect(messages.slice(-2).map((message) => 'causedBy' in message)).toEqual([true, false])
  })

  test('an error by its message, or by what is left of it', () => {
    const failed = (error: unknown): unknown =>
      readAll([actor('x:0'), snapshot('x:0', 'A', { status: 'error', error })]).at(-1)
    expect(failed({ message: 'no way' })).toMatchObject({ snapshot: { status: 'error', error: 'no way' } })
    expect(failed('gone')).toMatchObject({ snapshot: { error: 'gone' } })
    expect(failed({})).toMatchObject({ snapshot: { error: '{}' } })
    expect(failed('x'.repeat(9_999))).toMatchObject({ snapshot: { error: 'x'.repeat(1_000) } })
  })

  test('a definition that is too large, or no text, is left out, and so is its machine', () => {
    for (const definition of [`{"id":"a","x":"${'x'.repeat(300_000)}"}`, 7, '']) {
      const read = readAll([actor('x:0', { definition })])[1]
      expect(read).not.toHaveProperty('machine')
      expect(read).not.toHaveProperty('definition')
    }
  })

  test('a machine is called by its own id, whatever comes before it in its text', () => {
    const definition = '{"context":{"user":{"id":"anna"}},"id":"login","initial":"out","states":{"out":{}}}'
    expect(readAll([actor('x:0', { definition })])[1]).toMatchObject({ machine: 'login', definition })
    expect(readAll([actor('x:0', { definition: 'no JSON' })])[1]).toMatchObject({ machine: 'machine' })
  })

  test('nothing grows without end', () => {
    const adopted = adopting()
    readAll([actor('x:0')], adopted)
    // Each is a machine of its own, of 100,000 characters: for eighty there is room.
    const machines = Array.from({ length: 100 }, (_, i) =>
      actor(`x:${i}`, { definition: JSON.stringify({ id: `m${i}`, description: 'x'.repeat(100_000) }) }),
    )
    const told = readAll(machines, adopted).filter((message) => 'definition' in message)
    expect(told.length).toBe(83)
    // Events that lead to nothing.
    for (let i = 0; i < 300; i++) readAll([event('x:0', `e${i}`)], adopted)
    const [first, last] = readAll([snapshot('x:0', 'e0'), snapshot('x:0', 'e299')], adopted)
    expect([first, last].map((message) => message !== undefined && 'causedBy' in message)).toEqual([false, true])
  })
})

describe('what is none of their messages', () => {
  test.each([
    null,
    7,
    'text',
    [],
    {},
    { type: '@xstate.actor' },
    { type: '@xstate.actor', _version: '1', sessionId: 7 },
    { type: 'other', _version: '1', sessionId: 'x:1' },
    { type: '@xstate.snapshot', _version: '1', sessionId: 'x:1', event: { type: 7 }, snapshot: { status: 'done' } },
    { type: '@xstate.actor', _version: '1', sessionId: 'x'.repeat(9_999), name: 'a' },
    { type: '@xstate.actor', _version: '1', sessionId: 'x:1', snapshot: { status: 'asleep' } },
    {
      type: '@xstate.event',
      _version: '1',
      sessionId: 'x:1',
      event: JSON.parse('{"type":"A","__proto__":{}}') as unknown,
    },
  ])('%j', (message) => {
    expect(adopting().read(message)).toBeNull()
  })

  test('leaves no trace: the next one is numbered as if it had not come', () => {
    const adopted = adopting()
    expect(adopted.read(actor('x'.repeat(999), { definition: '{"id":"light"}' }))).toBeNull()
    const [source, first] = readAll([actor('x:0', { definition: '{"id":"light"}' })], adopted)
    expect([source, first]).toMatchObject([{ seq: 1 }, { seq: 2, machine: 'light', definition: '{"id":"light"}' }])
  })

  test('those of a later version that has more types are passed over', () => {
    expect(adopting().read({ type: '@xstate.microstep', ...VERSION, sessionId: 'x:0' })).toEqual([])
  })

  test('a frame of a network: one message as JSON', () => {
    expect(adopting().readFrame(JSON.stringify(actor('x:0')))).toHaveLength(2)
    expect(adopting().readFrame('{')).toBeNull()
    expect(adopting().readFrame(`{"x":"${'x'.repeat(5_000_000)}"}`)).toBeNull()
  })
})
