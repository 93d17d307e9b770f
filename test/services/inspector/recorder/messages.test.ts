import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { type AnyActorRef, assign, createActor, fromCallback, fromPromise, sendTo, setup, stopChild } from 'xstate'
import { authenticationLogic } from '../../../../src/machines/authentication-machine.ts'
import { meshLogic } from '../../../../src/machines/mesh-machine.ts'
import { peerLogic } from '../../../../src/machines/peer-machine.ts'
import { Inspection } from '../../../../src/services/inspector/inspection.ts'
import { VirtualClock } from '../../../../src/testing/index.ts'
import { ChannelState, ConnectionState } from '../../../../src/transport/states.ts'
import { FakeLink } from '../../../support/fake-link.ts'
import { Heard } from './support/heard.ts'

const clock = new VirtualClock()
let inspection: Inspection

beforeEach(() => {
  inspection = new Inspection({ clock })
})

afterEach(() => {
  expect(inspection.stats()).toMatchObject({ failures: 0, lastFailure: null })
  inspection.close()
})

/** An actor that was started, and what is told of it. */
function heard<Actor extends AnyActorRef>(actor: Actor): { actor: Actor; told: Heard } {
  inspection.watch(actor)
  const told = new Heard(inspection)
  actor.start()
  told.lines()
  return { actor, told }
}

const startPeer = () => {
  const link = new FakeLink()
  const input = { id: 7, link, connectTimeout: 1_000, disconnectedTimeout: 500, drainTimeout: 100 }
  return { link, ...heard(createActor(peerLogic, { id: 'peer:7', input, clock })) }
}

const startMesh = () => heard(createActor(meshLogic, { id: 'mesh', input: {}, clock }))

/** An application's own machine, with children of all kinds. */
const appTypes = {} as { context: { secret: string; count: number }; events: { type: string; data?: unknown } }
const appMachine = setup({
  types: appTypes,
  actors: {
    child: setup({}).createMachine({
      id: 'child',
      initial: 'on',
      states: { on: { on: { OFF: 'off' } }, off: { type: 'final' } },
    }),
    worker: fromCallback(({ sendBack, receive }) => {
      receive((event) => {
        sendBack({ type: `${event.type}.done` })
      })
    }),
    promise: fromPromise(() => new Promise(() => undefined)),
  },
}).createMachine({
  id: 'app',
  context: { secret: 'x', count: 0 },
  initial: 'idle',
  states: {
    idle: { on: { START: { target: 'busy', actions: assign({ count: 1 }) }, OTHER: {} } },
    busy: {
      invoke: [
        { src: 'child', id: 'kid' },
        { src: 'worker', id: 'worker' },
        { src: 'promise', id: 'promise' },
      ],
      on: { ASK: { actions: sendTo('worker', { type: 'WORK' }) }, DROP: { actions: stopChild('kid') }, BACK: 'idle' },
    },
  },
})

describe('what is told of what happens', () => {
  test.each<[string, (world: ReturnType<typeof startPeer>) => void, string[]]>([
    [
      'a change of the context alone',
      ({ link }) => {
        link.channel(0, ChannelState.OPEN)
      },
      ['event channel.state to peer:7', 'peer:7 active in "new" by channel.state; peer -channel.state-> '],
    ],
    [
      'another state, by `always`',
      ({ link }) => {
        link.connection(ConnectionState.CONNECTING)
      },
      [
        'event connection.state to peer:7',
        'peer:7 active in "connecting" by connection.state; peer -connection.state-> ; peer.new --> peer.connecting',
      ],
    ],
    [
      'several states in one go',
      ({ link }) => {
        for (const index of [0, 1, 2]) link.channel(index, ChannelState.OPEN)
        link.connection(ConnectionState.CONNECTED)
      },
      [
        ...[1, 2, 3].flatMap(() => [
          'event channel.state to peer:7',
          'peer:7 active in "new" by channel.state; peer -channel.state-> ',
        ]),
        'event connection.state to peer:7',
        'peer:7 active in "channelsOpen" by connection.state; peer -connection.state-> ; peer.new --> peer.connecting; peer.connecting --> peer.channelsOpen',
      ],
    ],
    [
      'an event that means nothing here',
      ({ actor }) => {
        actor.send({ type: 'admit' })
      },
      ['event admit to peer:7', 'peer:7 active in "new" by admit'],
    ],
    [
      'a timer of its own',
      () => {
        clock.advance(1_000)
      },
      [
        'event connect.timeout to peer:7 from peer:7',
        'peer:7 done in "closed" by connect.timeout; peer.new -connect.timeout-> peer.closed',
      ],
    ],
    [
      'the end, and nothing after it',
      ({ actor, link }) => {
        actor.send({ type: 'close', reason: 'removed' })
        actor.send({ type: 'close', reason: 'removed' })
        link.connection(ConnectionState.CONNECTED)
        actor.stop()
      },
      ['event close to peer:7', 'peer:7 done in "closed" by close; peer -close-> peer.closed'],
    ],
    [
      'a root that is stopped',
      ({ actor }) => {
        actor.stop()
        actor.stop()
      },
      ['peer:7 stopped in "new" by xstate.stop'],
    ],
  ])('peer: %s', (_, act, expected) => {
    const world = startPeer()
    act(world)
    expect(world.told.lines()).toEqual(expected)
    world.actor.stop()
  })

  test.each<[string, (actor: ReturnType<typeof startMesh>['actor']) => void, string[]]>([
    [
      'a start',
      (actor) => {
        actor.send({ type: 'configure', mode: 'mesh', uniqueId: 3, serverCompatibility: false, onServerLost: 'stay' })
      },
      [
        'event configure to mesh',
        'event admit.next to mesh from mesh',
        'mesh active in "connected" by configure; mesh -configure-> mesh.connected',
        'mesh active in "connected" by admit.next; mesh.connected -admit.next-> ',
      ],
    ],
    [
      'a peer that comes and is removed',
      (actor) => {
        actor.send({ type: 'peer.add', id: 7, link: new FakeLink() })
        actor.send({ type: 'peer.remove', id: 7, reason: 'removed' })
      },
      [
        'event peer.add to mesh',
        'actor peer:7 (peer) in "new" of mesh',
        'event xstate.init to peer:7 from mesh',
        'peer:7 active in "new" by xstate.init',
        'mesh active in "disconnected" by peer.add; mesh -peer.add-> ',
        'event peer.remove to mesh',
        'peer:7 stopped in "new" by xstate.stop',
        'mesh active in "disconnected" by peer.remove; mesh -peer.remove-> ; mesh -peer.closed-> ',
      ],
    ],
    [
      'a mesh that ends with its peers',
      (actor) => {
        actor.send({ type: 'peer.add', id: 7, link: new FakeLink() })
        actor.stop()
      },
      [
        'event peer.add to mesh',
        'actor peer:7 (peer) in "new" of mesh',
        'event xstate.init to peer:7 from mesh',
        'peer:7 active in "new" by xstate.init',
        'mesh active in "disconnected" by peer.add; mesh -peer.add-> ',
        'peer:7 stopped in "new" by xstate.stop',
        'mesh stopped in "disconnected" by xstate.stop',
      ],
    ],
  ])('mesh: %s', (_, act, expected) => {
    const { actor, told } = startMesh()
    act(actor)
    expect(told.lines()).toEqual(expected)
    actor.stop()
  })

  test('an application: children of all kinds, and whose word led to what', () => {
    const { actor, told } = heard(createActor(appMachine, { clock }))
    actor.send({ type: 'START' })
    actor.send({ type: 'ASK' })
    actor.send({ type: 'DROP' })
    actor.send({ type: 'BACK' })
    expect(told.lines()).toEqual([
      'event START to app',
      'actor kid (other) in "on" of app',
      'event xstate.init to kid from app',
      'kid active in "on" by xstate.init',
      'actor worker (other) in undefined of app',
      'event xstate.init to worker from app',
      'worker active in undefined by xstate.init',
      'actor promise (other) in undefined of app',
      'event xstate.init to promise from app',
      'promise active in undefined by xstate.init',
      'app active in "busy" by START; app.idle -START-> app.busy',
      'event ASK to app',
      'event WORK to worker from app',
      'event WORK.done to app from worker',
      'worker active in undefined by WORK',
      'app active in "busy" by ASK; app.busy -ASK-> ',
      'app active in "busy" by WORK.done',
      'event DROP to app',
      'kid stopped in "on" by xstate.stop',
      'app active in "busy" by DROP; app.busy -DROP-> ',
      'event BACK to app',
      'worker stopped in undefined by xstate.stop',
      'promise stopped in undefined by xstate.stop',
      'app active in "idle" by BACK; app.busy -BACK-> app.idle',
    ])
    actor.stop()
    expect(told.lines()).toEqual(['app stopped in "idle" by xstate.stop'])
  })

  test('snapshots say which message told of the event that led to them, also where events have queued', () => {
    const { actor, told } = startMesh()
    actor.send({ type: 'configure', mode: 'mesh', uniqueId: 3, serverCompatibility: false, onServerLost: 'stay' })
    const events = told.of('@xstate.event')
    const snapshots = told.of('@xstate.snapshot')
    expect(events.map(({ event }) => event.type)).toEqual(['xstate.init', 'configure', 'admit.next'])
    expect(snapshots.map(({ causedBy }) => causedBy)).toEqual(events.map(({ seq }) => seq))
    actor.stop()
  })

  test('transitions that were taken before the start are told with the first snapshot', () => {
    const machine = setup({}).createMachine({
      id: 'quick',
      initial: 'a',
      states: { a: { always: 'b' }, b: {} },
    })
    const told = new Heard(inspection)
    const actor = createActor(machine, { inspect: inspection.inspect })
    actor.start()
    expect(told.lines()).toEqual([
      'webrtc.source',
      'actor quick (other) in "b"',
      'event xstate.init to quick',
      'quick active in "b" by xstate.init; quick.a --> quick.b',
    ])
    actor.stop()
  })
})

describe('what is told of snapshots', () => {
  test('of our machines what is on the list of each', () => {
    const { actor, told } = startMesh()
    actor.send({ type: 'configure', mode: 'client', uniqueId: 3, serverCompatibility: false, onServerLost: 'stay' })
    const link = new FakeLink()
    actor.send({ type: 'peer.add', id: 1, link })
    link.open()
    const contexts = told.of('@xstate.snapshot').map(({ snapshot }) => snapshot.context)
    expect(contexts).toContainEqual({ mode: 'client', uniqueId: 3, peers: [{ id: 1, open: true, announced: true }] })
    expect(contexts).toContainEqual({
      id: 1,
      connectionState: 'CONNECTED',
      channelStates: ['OPEN', 'OPEN', 'OPEN'],
      reason: null,
    })
    actor.stop()
  })

  test('the output and the reason of an end', () => {
    const { actor, told } = startPeer()
    actor.send({ type: 'close', reason: 'removed' })
    expect(told.of('@xstate.snapshot').at(-1)?.snapshot).toMatchObject({
      status: 'done',
      output: { id: 7, reason: 'removed' },
      context: { reason: 'removed' },
    })
  })

  test('authentications', () => {
    const input = { peer: 5, timeout: 0, port: { entered: () => undefined } }
    const { actor, told } = heard(createActor(authenticationLogic, { id: 'authentication:5', input, clock }))
    actor.send({ type: 'fail', reason: 'refused' })
    expect(told.of('@xstate.snapshot').at(-1)).toMatchObject({
      snapshot: { status: 'done', value: 'failed', context: { peer: 5, reason: 'refused' } },
      event: { type: 'fail', reason: 'refused' },
    })
  })

  test('of an application nothing of the context, unless it picks', () => {
    const actors = [1, 2].map(() => createActor(appMachine, { clock }).start())
    const [quiet, open] = actors as [(typeof actors)[0], (typeof actors)[0]]
    inspection.watch(quiet)
    inspection.watch(open, { context: ({ count }) => ({ count, map: new Map([[1, 2]]) }) })
    const told = new Heard(inspection)
    for (const actor of actors) actor.send({ type: 'START' })
    expect(JSON.stringify(told.messages)).not.toContain('secret')
    const snapshots = told.of('@xstate.snapshot').filter(({ snapshot }) => snapshot.value === 'busy')
    expect(snapshots.map(({ snapshot }) => snapshot.context)).toEqual([undefined, { count: 1, map: { 1: 2 } }])
    for (const actor of actors) actor.stop()
  })

  test('inputs are told of nobody', () => {
    const { told, actor } = heard(createActor(meshLogic, { id: 'mesh', input: { connectTimeout: 5 }, clock }))
    actor.send({ type: 'peer.add', id: 7, link: new FakeLink() })
    expect(told.of('@xstate.event').map(({ event }) => event)).toEqual([
      { type: 'xstate.init' },
      { type: 'peer.add', id: 7, link: '[FakeLink]' },
      { type: 'xstate.init' },
    ])
    actor.stop()
  })

  test('each machine is defined once', () => {
    const { actor, told } = startMesh()
    for (const id of [1, 2, 3]) actor.send({ type: 'peer.add', id, link: new FakeLink() })
    expect(told.of('@xstate.actor').map(({ machine, definition }) => [machine, definition !== undefined])).toEqual([
      ['mesh', true],
      ['peer', true],
      ['peer', false],
      ['peer', false],
    ])
    actor.stop()
  })
})
