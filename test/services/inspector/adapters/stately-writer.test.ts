import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { AdoptedMessages } from '../../../../src/services/inspector/adapters/adopted-messages.ts'
import { StatelyWriter } from '../../../../src/services/inspector/adapters/stately-writer.ts'
import type { ActorMessage, InspectorMessage, SnapshotView } from '../../../../src/services/inspector/wire/messages.ts'
import { Teller } from '../support/teller.ts'

const DEFINITION = '{"id":"peer","initial":"new","states":{"new":{"id":"peer.new"}}}'

/** As it arrives. */
const written = (writer: StatelyWriter, ...messages: readonly InspectorMessage[]): unknown[] =>
  messages.flatMap((message) => writer.write(message)).map((told) => JSON.parse(JSON.stringify(told)) as unknown)

describe('telling in the messages of @statelyai/inspect', () => {
  test('an actor with its definition, an event, a snapshot: their members and no others', () => {
    const a = new Teller('a')
    const stamp = { rootId: 'a/mesh', id: null, _version: '0.7.2' }
    expect(
      written(
        new StatelyWriter(),
        a.begins(),
        a.actor('peer:2', { parentId: 'a/mesh', definition: DEFINITION }),
        { ...a.event('peer:2', 'go'), sourceId: 'a/mesh' },
        { ...a.snapshot('peer:2', 'ready'), causedBy: 3, transitions: [{ eventType: 'go', from: 'peer.new', to: [] }] },
      ),
    ).toEqual([
      {
        type: '@xstate.actor',
        name: 'peer:2',
        definition: DEFINITION,
        ...stamp,
        sessionId: 'a/peer:2',
        createdAt: '1700000000002',
        parentId: 'a/mesh',
        snapshot: { status: 'active', value: 'new' },
      },
      {
        type: '@xstate.event',
        event: { type: 'go' },
        sourceId: 'a/mesh',
        ...stamp,
        sessionId: 'a/peer:2',
        createdAt: '1700000000003',
      },
      {
        type: '@xstate.snapshot',
        event: { type: 'go' },
        snapshot: { status: 'active', value: 'ready' },
        ...stamp,
        sessionId: 'a/peer:2',
        createdAt: '1700000000004',
      },
    ])
  })

  test('every actor of a machine brings its definition, and those of other sources theirs', () => {
    const [a, b] = [new Teller('a'), new Teller('b')]
    const told = written(
      new StatelyWriter(),
      a.actor('peer:2', { definition: DEFINITION }),
      a.actor('peer:3'),
      b.actor('peer:3'),
      b.actor('peer:4', { definition: '{"id":"other"}' }),
      a.actor('peer:4'),
    )
    expect(told.map((message) => (message as ActorMessage).definition)).toEqual([
      DEFINITION,
      DEFINITION,
      // Theirs have one for everything, also for what is no machine.
      '{"id":"peer:3"}',
      '{"id":"other"}',
      DEFINITION,
    ])
  })

  test('what theirs does not know is left out', () => {
    const a = new Teller('a')
    expect(written(new StatelyWriter(), a.begins(), a.facts('mesh'), a.verdict(2))).toEqual([])
  })

  test('of actors that were not told of, or have ended, nothing is told', () => {
    const a = new Teller('a')
    const writer = new StatelyWriter()
    expect(written(writer, a.event('peer:2', 'go'), a.snapshot('peer:2', 'ready'))).toEqual([])
    expect(written(writer, a.actor('peer:2'), a.snapshot('peer:2', 'gone', 'done'))).toHaveLength(2)
    expect(written(writer, a.event('peer:2', 'go'), a.snapshot('peer:2', 'gone', 'done'))).toEqual([])
  })

  test('where a source is gone, its actors have stopped: children before their parents', () => {
    const [a, b] = [new Teller('a'), new Teller('b')]
    const writer = new StatelyWriter()
    written(writer, a.begins(), a.actor('mesh'), a.actor('peer:2'), a.actor('peer:3'), b.begins(), b.actor('mesh'))
    written(writer, a.snapshot('peer:3', 'gone', 'stopped'))
    const stopped = {
      type: '@xstate.snapshot',
      event: { type: 'xstate.stop' },
      snapshot: { status: 'stopped' },
      rootId: 'a/mesh',
      id: null,
      _version: '0.7.2',
      createdAt: '1700000000006',
    }
    expect(written(writer, a.gone())).toEqual([
      { ...stopped, sessionId: 'a/peer:2' },
      { ...stopped, sessionId: 'a/mesh' },
    ])
    expect(written(writer, a.gone(), a.event('mesh', 'go'))).toEqual([])
    expect(written(writer, b.event('mesh', 'go'))).toHaveLength(1)
  })

  test('actors beyond a number, and machines beyond a size, are left out', () => {
    const a = new Teller('a')
    const writer = new StatelyWriter()
    const large = JSON.stringify({ id: 'large', description: 'x'.repeat(3_000_000) })
    const definitions = ['m1', 'm2', 'm3'].map((machine) => {
      const [told] = written(writer, a.actor(machine, { machine, definition: large }))
      return (told as ActorMessage).definition?.length
    })
    expect(definitions).toEqual([large.length, large.length, '{"id":"m3"}'.length])
    let count = 3
    for (let i = 0; i < 50_000; i++) count += writer.write(a.actor(`peer:${i}`)).length
    expect(count).toBe(50_000)
    written(writer, a.gone())
    expect(written(writer, a.actor('again', { machine: 'm3', definition: large }))[0]).toMatchObject({
      definition: large,
    })
  })
})

describe('there and back', () => {
  // As it comes back from a text: JSON has no -0.
  const json = fc
    .json({ maxDepth: 4 })
    .filter((text) => !text.includes('__proto__'))
    .map((text): unknown => JSON.parse(JSON.stringify(JSON.parse(text))))
  const object = fc.dictionary(
    fc.string().filter((key) => key !== '__proto__'),
    json,
    { maxKeys: 3 },
  )
  const view = fc.record(
    { status: fc.constant('active' as const), value: json, context: object, output: json, error: fc.string() },
    { requiredKeys: ['status', 'value'] },
  )
  const name = fc.constantFrom('mesh', 'peer:2', 'peer:3')
  const machine = fc.constantFrom('mesh', 'peer')
  const type = fc.constantFrom('go', 'xstate.init', '')
  const event = fc.tuple(object, type).map(([members, type]) => ({ ...members, type }))
  const step = fc.oneof(
    fc.record({ what: fc.constant('actor' as const), name, machine, view }),
    fc.record({ what: fc.constant('event' as const), name, event }),
    fc.record({ what: fc.constant('snapshot' as const), name, event, view }),
    fc.record({ what: fc.constant('end' as const), name, event, view }),
  )

  test('what both know is kept', () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
        const messages = tell(steps)
        const writer = new StatelyWriter()
        const adopted = new AdoptedMessages('s', { name: null, platform: 'node', detail: '' })
        const back = messages.flatMap((message) =>
          writer.write(message).flatMap((told): readonly Read[] => adopted.readFrame(JSON.stringify(told)) ?? [null]),
        )
        expect(known(back, 's/')).toEqual(known(messages, ''))
      }),
    )
  })

  /** Null: refused. */
  type Read = InspectorMessage | null
  type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

  /** A source that tells as a recorder does: actors before anything else of them, definitions with the first of a machine, nothing after an end. */
  function tell(steps: readonly Step[]): InspectorMessage[] {
    const a = new Teller('a')
    const [living, defined] = [new Set<string>(), new Set<string>()]
    return steps.flatMap((step): InspectorMessage[] => {
      const { name } = step
      if (step.what === 'actor') {
        const { machine, view } = step
        const definition = `{"id":"${machine}","states":{"new":{}}}`
        const message = a.actor(name, {
          machine,
          snapshot: view as SnapshotView,
          ...(!defined.has(machine) && { definition }),
        })
        living.add(name)
        defined.add(machine)
        return [message]
      }
      if (!living.has(name)) return []
      if (step.what === 'event') return [{ ...a.event(name, ''), event: step.event }]
      // What stops is told with a status that says so.
      const status = step.what === 'end' ? 'done' : 'active'
      if (status === 'done') living.delete(name)
      const snapshot = { ...step.view, status } as SnapshotView
      return [{ ...a.snapshot(name, ''), event: step.event, snapshot }]
    })
  }

  /** What `@statelyai/inspect` knows of messages, with machines by their definitions. */
  function known(messages: readonly Read[], prefix: string): unknown {
    const definitions = new Map<string, string>()
    const plain = (id: string | undefined): string | undefined => id?.slice(prefix.length)
    return messages.flatMap((message): unknown[] => {
      if (message === null) return ['refused']
      if (!('createdAt' in message)) return []
      const { type, createdAt, id, _version } = message
      const stamp = { type, createdAt, id, _version, ids: [plain(message.sessionId), plain(message.rootId)] }
      if (type !== '@xstate.actor') {
        const { sourceId, snapshot } = { sourceId: undefined, snapshot: undefined, ...message }
        return [{ ...stamp, event: message.event, sourceId: plain(sourceId), snapshot }]
      }
      const { name, parentId, snapshot, machine = '', definition } = message
      if (definition !== undefined) definitions.set(machine, definition)
      return [{ ...stamp, name, parentId: plain(parentId), snapshot, definition: definitions.get(machine) }]
    })
  }
})
