import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { createActor, fromCallback, fromTransition, setup } from 'xstate'
import { meshLogic } from '../../../../src/machines/mesh-machine.ts'
import { Inspection } from '../../../../src/services/inspector/inspection.ts'
import { checkInspectorMessage } from '../../../../src/services/inspector/wire/parse.ts'
import { VirtualClock } from '../../../../src/testing/index.ts'
import { FakeLink } from '../../../support/fake-link.ts'
import { Heard } from './support/heard.ts'

const clock = new VirtualClock()
let inspection: Inspection

beforeEach(() => {
  inspection = new Inspection({ clock })
})

afterEach(() => {
  inspection.close()
  expect(clock.pending).toBe(0)
})

const explosiveTypes = {} as { events: { type: 'EXPLODE' } | { type: 'OTHER' } }

const explosive = setup({
  types: explosiveTypes,
  actors: { idle: fromCallback(() => undefined) },
  actions: {
    explode: () => {
      throw new RangeError('planted')
    },
  },
})

/** Throws out of a guard: the one thing that XState tells no inspector of. */
const fragile = explosive.createMachine({
  id: 'fragile',
  invoke: { id: 'orphan', src: 'idle' },
  on: {
    EXPLODE: {
      guard: () => {
        throw new RangeError('planted')
      },
    },
  },
})

describe('actors that fail', () => {
  test('a root that throws is told to have ended at the next look, once, with what it was at, and what it has left behind', () => {
    const actor = createActor(fragile, { clock })
    actor.subscribe({ error: () => undefined })
    inspection.watch(actor)
    const told = new Heard(inspection)
    actor.start()
    told.lines()
    actor.send({ type: 'EXPLODE' })
    expect(told.lines()).toEqual(['event EXPLODE to fragile'])
    clock.advance(500)
    expect(told.lines()).toEqual(['fragile error in {} by EXPLODE', 'orphan stopped in undefined by xstate.stop'])
    const [failed] = told.of('@xstate.snapshot').slice(-2)
    expect(failed).toMatchObject({ snapshot: { error: expect.stringContaining('planted') } })
    expect(failed?.causedBy).toBe(told.of('@xstate.event').at(-1)?.seq)
    clock.advance(5_000)
    actor.send({ type: 'EXPLODE' })
    expect(told.lines()).toEqual([])
    expect(inspection.stats()).toMatchObject({ systems: 0, failures: 0 })
  })

  test('a root that has thrown is told to have ended before what is sent to it next', () => {
    const actor = createActor(fragile, { clock })
    actor.subscribe({ error: () => undefined })
    inspection.watch(actor)
    const told = new Heard(inspection)
    actor.start()
    actor.send({ type: 'EXPLODE' })
    told.lines()
    actor.send({ type: 'OTHER' })
    expect(told.lines()[0]).toBe('fragile error in {} by EXPLODE')
  })

  test('a child that throws is told to have ended before its parent hears of it', () => {
    const mesh = createActor(meshLogic, { id: 'mesh', input: {}, clock }).start()
    const link = new FakeLink()
    link.throwOn = 'connecting'
    mesh.send({ type: 'peer.add', id: 7, link })
    inspection.watch(mesh)
    const told = new Heard(inspection)
    told.lines()
    link.open()
    expect(told.lines()).toEqual([
      'event connection.state to peer:7',
      'peer:7 error in "new" by connection.state; peer -connection.state-> ',
      'event xstate.error.actor.peer:7 to mesh from peer:7',
      'mesh active in "disconnected" by xstate.error.actor.peer:7; mesh -xstate.error.actor.*-> ; mesh -peer.closed-> ',
    ])
    expect(told.living).toEqual(['mesh'])
    mesh.stop()
  })

  test('an actor that fails as it starts', () => {
    const machine = explosive.createMachine({ id: 'stillborn', entry: 'explode' })
    const told = new Heard(inspection)
    const actor = createActor(machine, { clock, inspect: inspection.inspect })
    actor.subscribe({ error: () => undefined })
    actor.start()
    expect(told.lines().at(-1)).toBe('stillborn error in {} by xstate.init')
    expect(told.living).toEqual([])
  })

  test('actors that stay `active` when they are stopped are told to have stopped, and are not told of again', () => {
    const machine = setup({ actors: { counter: fromTransition((count: number) => count + 1, 0) } }).createMachine({
      id: 'app',
      initial: 'on',
      states: { on: { invoke: { src: 'counter', id: 'counter' }, on: { OFF: 'off' } }, off: {} },
    })
    const actor = createActor(machine, { clock }).start()
    inspection.watch(actor)
    const told = new Heard(inspection)
    const { counter } = actor.getSnapshot().children
    actor.send({ type: 'OFF' })
    told.lines()
    expect(counter?.getSnapshot()).toMatchObject({ status: 'active' })
    counter?.send({ type: 'late' })
    expect(told.lines()).toEqual([])
    expect(told.living).toEqual(['app'])
    actor.stop()
    expect(told.living).toEqual([])
  })
})

describe('whatever fails here does not reach `send`', () => {
  const countingTypes = {} as { context: { count: number }; events: { type: 'GO'; data?: unknown } }
  const counting = setup({ types: countingTypes }).createMachine({
    id: 'counting',
    context: { count: 0 },
    on: { GO: {} },
  })

  test('a sink that throws', () => {
    const actor = createActor(counting, { clock }).start()
    inspection.watch(actor)
    inspection.start(() => {
      throw new Error('planted')
    })
    actor.send({ type: 'GO' })
    expect(inspection.stats()).toMatchObject({ messages: 4, failures: 4, lastFailure: 'Error: planted' })
    actor.stop()
  })

  test('a `context` that throws: the rest of the snapshot is told', () => {
    const actor = createActor(counting, { clock }).start()
    inspection.watch(actor, {
      context: () => {
        throw new Error('planted')
      },
    })
    const told = new Heard(inspection)
    actor.send({ type: 'GO' })
    expect(told.of('@xstate.snapshot')[0]?.snapshot).toEqual({ status: 'active', value: {} })
    expect(inspection.stats()).toMatchObject({ failures: 2, lastFailure: 'Error: planted' })
    actor.stop()
  })

  test.each<[string, unknown]>([
    [
      'getters that throw',
      {
        get bad() {
          throw new Error('planted')
        },
      },
    ],
    [
      'a proxy that throws',
      new Proxy(
        {},
        {
          ownKeys: () => {
            throw new Error('planted')
          },
        },
      ),
    ],
    ['huge values', Array.from({ length: 1_000 }, () => 'x'.repeat(10_000))],
    ['a BigInt, a Map, a Set, a function', [1n, new Map([[1, 2]]), new Set([1]), () => 1]],
  ])('events with %s', (_, data) => {
    const actor = createActor(counting, { clock }).start()
    inspection.watch(actor)
    const told = new Heard(inspection)
    actor.send({ type: 'GO', data })
    expect(inspection.stats().failures).toBe(0)
    expect(told.of('@xstate.event')).toHaveLength(1)
    expect(JSON.stringify(told.of('@xstate.event')).length).toBeLessThan(50_000)
    actor.stop()
  })

  test('an event whose type cannot be read is counted, and not told', () => {
    const actor = createActor(counting, { clock }).start()
    inspection.watch(actor)
    const told = new Heard(inspection)
    let reads = 0
    // XState reads it itself, after it has told inspectors.
    const event = {
      get type(): 'GO' {
        if (reads++ === 0) throw new Error('planted')
        return 'GO'
      },
    }
    actor.send(event)
    expect(inspection.stats()).toMatchObject({ failures: 1, lastFailure: 'Error: planted' })
    expect(told.lines().at(-1)).toContain('counting active in {} by GO')
    actor.stop()
  })

  test('an actor whose snapshot cannot be read: who looks, and whoever ends, is not told of it', () => {
    const actor = createActor(counting, { clock }).start()
    const broken = createActor(counting, { clock }).start()
    const watch = inspection.watch(broken)
    inspection.watch(actor)
    broken.getSnapshot = () => {
      throw new Error('planted')
    }
    const told = new Heard(inspection)
    expect(told.living).toEqual(['counting'])
    broken.send({ type: 'GO' })
    actor.send({ type: 'GO' })
    expect(told.lines().at(-1)).toContain('counting active in {} by GO')
    watch[Symbol.dispose]()
    inspection.stop()
    new Heard(inspection)
    broken.stop()
    actor.stop()
  })
})

test('a state is told however deep it is in others', () => {
  const keys = Array.from({ length: 15 }, (_, i) => `s${i}`)
  const states = keys.reduceRight<object>((inner, key) => ({ initial: key, states: { [key]: inner } }), {})
  const actor = createActor(setup({}).createMachine({ id: 'deep', ...states }), { clock }).start()
  inspection.watch(actor)
  const { value } = actor.getSnapshot()
  expect(JSON.stringify(value)).toContain('"s13":"s14"')
  expect(new Heard(inspection).of('@xstate.actor')[0]?.snapshot.value).toEqual(value)
  actor.stop()
})

describe('what an application calls things', () => {
  const LONG = 'x'.repeat(10_000)
  const typesOfAll = {} as { events: { type: string } }
  const named = setup({ types: typesOfAll, guards: { [LONG]: () => true } }).createMachine({
    id: LONG,
    initial: LONG,
    states: { [LONG]: { on: { [LONG]: { target: 'on', guard: LONG } } }, on: {} },
  })

  test('may be as long as it likes: an inspector elsewhere takes what is told of it', () => {
    inspection.close()
    inspection = new Inspection({ clock, name: LONG, group: LONG })
    const actor = createActor(named, { clock, id: LONG }).start()
    const other = createActor(named, { clock }).start()
    inspection.watch(actor, { name: LONG, group: LONG })
    inspection.watch(other)
    const told = new Heard(inspection)
    actor.send({ type: LONG })
    other.send({ type: LONG })
    expect(told.lines()).toHaveLength(7)
    expect(told.messages.map((message) => [message.type, checkInspectorMessage(message)])).toEqual(
      told.messages.map(({ type }) => [type, true]),
    )
    actor.stop()
    other.stop()
  })
})
