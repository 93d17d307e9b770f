import { afterEach, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { type AnyActorRef, createActor, setup } from 'xstate'
import { meshLogic } from '../../../src/machines/mesh-machine.ts'
import { MultiplayerError } from '../../../src/multiplayer-error.ts'
import { type Inspectable, Inspection } from '../../../src/services/inspector/inspection.ts'
import type { InspectorMessage } from '../../../src/services/inspector/wire/messages.ts'
import { parseInspectorMessages } from '../../../src/services/inspector/wire/parse.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { VirtualClock } from '../../../src/testing/index.ts'
import { FakeLink } from '../../support/fake-link.ts'
import { SimMesh } from '../../support/sim-mesh.ts'
import { countObservers, Heard } from './recorder/support/heard.ts'

const cleanups: (() => void)[] = []

afterEach(() => {
  for (const cleanup of cleanups.splice(0)) cleanup()
})

/** Peers 1 and 2, connected, and an inspection that nobody listens to yet. */
async function pair(): Promise<{ world: SimMesh; mesh: WebRTCMultiplayerPeer; inspection: Inspection }> {
  const world = new SimMesh()
  const [mesh] = (await world.form(1, 2)) as [WebRTCMultiplayerPeer, WebRTCMultiplayerPeer]
  const inspection = new Inspection({ clock: world.network.clock })
  cleanups.push(() => {
    inspection.close()
    world.dispose()
  })
  return { world, mesh, inspection }
}

const running = (logic: Parameters<typeof createActor>[0], options = {}): AnyActorRef => {
  const actor = createActor(logic, options).start()
  cleanups.push(() => {
    actor.stop()
  })
  return actor
}

const nested = setup({
  actors: { mesh: meshLogic, other: setup({}).createMachine({ id: 'other', on: { GO: {} } }) },
}).createMachine({
  id: 'app',
  invoke: [
    { src: 'mesh', id: 'mesh', input: {} },
    { src: 'other', id: 'other' },
  ],
})

describe('start and stop', () => {
  test('who looks late is told what there is, parents first, then what happens', async () => {
    const { world, mesh, inspection } = await pair()
    inspection.watch(mesh)
    const told = new Heard(inspection)
    expect(told.lines()).toEqual([
      'webrtc.source',
      'actor mesh (mesh) in "connected"',
      'actor peer:2 (peer) in "connected" of mesh',
      'webrtc.facts',
    ])
    world.peer(2).removePeer(1)
    await world.run(100)
    expect(told.lines()).toEqual(
      expect.arrayContaining([
        'mesh active in "connected" by peer.closed; mesh.connected -peer.closed-> ',
        'peer:2 done in "closed" by channel.state; peer.connected -channel.state-> peer.draining; peer.draining --> peer.closed',
      ]),
    )
    expect(told.living).toEqual(['mesh'])
  })

  test('the source introduces itself', async () => {
    const { inspection } = await pair()
    const { version } = JSON.parse(readFileSync('package.json', 'utf8')) as { version: string }
    expect(new Heard(inspection).messages).toEqual([
      {
        type: 'webrtc.source',
        source: inspection.source,
        seq: 1,
        time: 1_000,
        name: `process ${process.pid}`,
        platform: 'node',
        detail: `process ${process.pid}`,
        version,
      },
    ])
  })

  test('nobody listens to an actor, and no timer runs, but between start and stop', async () => {
    const { world, mesh, inspection } = await pair()
    const { clock } = world.network
    await world.run(1_000)
    const observers = countObservers(mesh.actor)
    const { pending } = clock
    inspection.watch(mesh)
    expect(observers.count).toBe(0)
    for (let round = 0; round < 3; round++) {
      const told = new Heard(inspection)
      expect(observers.count).toBe(1)
      expect(clock.pending).toBe(pending + 1)
      expect(told.of('@xstate.actor')).toHaveLength(2)
      inspection.stop()
      expect(observers.count).toBe(0)
      expect(clock.pending).toBe(pending)
      const { length } = told.messages
      world.peer(2).send(Uint8Array.of(1))
      mesh.disconnectPeer(99)
      mesh.actor.send({ type: 'admit.next' })
      await world.run(1_000)
      expect(told.messages).toHaveLength(length)
    }
    expect(inspection.stats()).toMatchObject({ systems: 0, watches: 1, failures: 0 })
  })

  test('numbers go on over a pause, without a gap', async () => {
    const { mesh, inspection } = await pair()
    inspection.watch(mesh)
    const [first, second] = [new Heard(inspection), new Heard(inspection)]
    inspection.stop()
    const third = new Heard(inspection)
    const numbers = [...first.messages, ...second.messages, ...third.messages].map(({ seq }) => seq)
    expect(numbers).toEqual(Array.from(numbers, (_, index) => index + 1))
    expect(third.of('@xstate.actor').every(({ definition }) => definition !== undefined)).toBe(true)
  })

  test('what was told last says that it is over, and nothing is told after it', async () => {
    const { mesh, inspection } = await pair()
    inspection.watch(mesh)
    const told = new Heard(inspection)
    inspection.close()
    inspection.close()
    mesh.actor.send({ type: 'admit.next' })
    expect(told.lines().at(-1)).toBe('webrtc.source-gone')
    inspection.start(() => {
      throw new Error('it was told something')
    })
    expect(inspection.stats()).toMatchObject({ failures: 0, systems: 0, watches: 0 })
    expect(() => inspection.watch(mesh)).toThrow(expect.objectContaining({ code: 'ERR_UNAVAILABLE' }))
  })

  test.each(['webrtc.source', '@xstate.actor', 'webrtc.facts', '@xstate.event', '@xstate.snapshot'])(
    'a sink that stops it while it is told: %s',
    async (last) => {
      const { world, mesh, inspection } = await pair()
      const observers = countObservers(mesh.actor)
      await world.run(1_000)
      const { pending } = world.network.clock
      inspection.watch(mesh, { packets: true })
      inspection.watch(world.peer(2))
      const messages: InspectorMessage[] = []
      inspection.start((message) => {
        messages.push(message)
        if (message.type === last) inspection.stop()
      })
      mesh.actor.send({ type: 'admit.next' })
      await Promise.resolve()
      expect(messages.at(-1)?.type).toBe(last)
      expect(messages.filter(({ type }) => type === last)).toHaveLength(1)
      expect(observers.count).toBe(0)
      expect(inspection.stats()).toMatchObject({ systems: 0, failures: 0 })
      expect(world.network.clock.pending).toBe(pending)
      // Nothing is left of it that would be told twice.
      const told = new Heard(inspection)
      expect(told.lines()).toHaveLength(7)
      const numbers = [...messages, ...told.messages].map(({ seq }) => seq)
      expect(numbers).toEqual(Array.from(numbers, (_, index) => index + 1))
    },
  )

  test('a sink that gives way to another while it is told', async () => {
    const { mesh, inspection } = await pair()
    inspection.watch(mesh)
    let told: Heard | undefined
    inspection.start(() => {
      told ??= new Heard(inspection)
    })
    await Promise.resolve()
    expect(told?.lines()).toHaveLength(4)
    mesh.actor.send({ type: 'admit.next' })
    expect(told?.lines()).toHaveLength(2)
  })

  test('a sink that gives way to another, which is stopped before it begins', async () => {
    const { mesh, inspection } = await pair()
    inspection.watch(mesh)
    let told: Heard | undefined
    inspection.start(() => {
      told = new Heard(inspection)
      inspection.stop()
    })
    await Promise.resolve()
    expect(told?.messages).toEqual([])
    expect(inspection.stats()).toMatchObject({ systems: 0, messages: 1 })
  })

  test('without a clock of its own, messages have the time of the day, in order', () => {
    const actor = running(nested)
    const inspection = new Inspection()
    cleanups.push(() => {
      inspection.close()
    })
    inspection.watch(actor)
    const told = new Heard(inspection)
    for (let i = 0; i < 100; i++) actor.send({ type: 'x' })
    const times = told.messages.map(({ time }) => time)
    expect(times).toEqual([...times].sort((a, b) => a - b))
    expect(Math.abs((times[0] ?? 0) - Date.now())).toBeLessThan(5_000)
    const [{ createdAt, time } = { createdAt: '', time: 0 }] = told.of('@xstate.event')
    expect(Number(createdAt)).toBe(Math.trunc(time))
  })
})

describe('what can be watched', () => {
  test.each<[string, unknown]>([
    ['nothing', null],
    ['a number', 5],
    ['some object', {}],
    ['a connection', { connectionState: 1 }],
  ])('not: %s', (_, target) => {
    const inspection = new Inspection({ clock: new VirtualClock() })
    expect(() => inspection.watch(target as Inspectable)).toThrow(
      expect.objectContaining({ constructor: MultiplayerError, code: 'ERR_INVALID_PARAMETER', value: target }),
    )
  })

  test.each([0, 9, 60_001, 1.5, NaN])('not every %d ms', (sampleInterval) => {
    expect(() => new Inspection({ sampleInterval })).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }))
  })

  test('a part of an application: its other actors are not told of', () => {
    const app = running(nested)
    const inspection = new Inspection({ clock: new VirtualClock() })
    cleanups.push(() => {
      inspection.close()
    })
    const { children } = app.getSnapshot() as { children: Record<string, AnyActorRef> }
    const { mesh, other } = children
    const peer = new WebRTCMultiplayerPeer({ actor: mesh as never })
    inspection.watch(peer, { group: 'g', name: 'mine' })
    const told = new Heard(inspection)
    other?.send({ type: 'GO' })
    app.send({ type: 'GO' })
    peer.createMesh(4)
    expect(told.lines().filter((line) => !line.startsWith('webrtc'))).toEqual([
      'actor mine (mesh) in "disconnected"',
      'event configure to mine',
      'event admit.next to mine from mine',
      'actor mine (mesh) in "connected"',
      'mine active in "connected" by configure; mesh -configure-> mesh.connected',
      'mine active in "connected" by admit.next; mesh.connected -admit.next-> ',
    ])
    expect(told.of('@xstate.actor').map(({ group, uniqueId }) => [group, uniqueId])).toEqual([
      ['g', 0],
      ['g', 4],
    ])
    peer[Symbol.dispose]()
  })

  test('an actor of the application, found by the option `inspect`', () => {
    const inspection = new Inspection({ clock: new VirtualClock(), group: 'mine' })
    const actor = running(nested, { inspect: inspection.inspect })
    const observers = countObservers(actor)
    actor.send({ type: 'early' })
    const told = new Heard(inspection)
    expect(observers.count).toBe(1)
    actor.send({ type: 'GO' })
    expect(told.lines()).toEqual([
      'webrtc.source',
      'actor app (other) in {}',
      'actor mesh (mesh) in "disconnected" of app',
      'actor other (other) in {} of app',
      'event GO to app',
      'app active in {} by GO',
    ])
    expect(new Set(told.of('@xstate.actor').map(({ group }) => group))).toEqual(new Set(['mine']))
    actor.stop()
    expect(told.living).toEqual([])
    inspection.close()
    expect(observers.count).toBe(0)
  })

  test('an actor that is watched and inspected is told of once', () => {
    const inspection = new Inspection({ clock: new VirtualClock() })
    const actor = running(nested, { inspect: inspection.inspect })
    inspection.watch(actor, { group: 'g', name: 'n' })
    const told = new Heard(inspection)
    actor.send({ type: 'GO' })
    expect(told.of('@xstate.event')).toHaveLength(1)
    const [first] = told.of('@xstate.actor').slice(-3)
    expect(told.living).toHaveLength(3)
    expect(first).toMatchObject({ group: 'g', name: 'n' })
    inspection.close()
  })

  test('actors of two copies of XState, which give the same ids, are told apart', () => {
    const inspection = new Inspection({ clock: new VirtualClock() })
    const [first, second] = [running(nested, { id: 'first' }), running(nested, { id: 'second' })] as const
    second.sessionId = first.sessionId
    inspection.watch(first)
    inspection.watch(second)
    const told = new Heard(inspection)
    second.send({ type: 'GO' })
    const ids = told.of('@xstate.actor').map(({ sessionId }) => sessionId)
    expect(new Set(ids).size).toBe(6)
    const { sessionId } = told.of('@xstate.event')[0] ?? {}
    expect(sessionId).toBe(`${inspection.source}/${first.sessionId}~2`)
    expect(told.of('@xstate.actor').find(({ name }) => name === 'second')).toMatchObject({
      sessionId,
      rootId: sessionId,
    })
    inspection.close()
  })

  test('actors that have ended are not kept', () => {
    const inspection = new Inspection({ clock: new VirtualClock() })
    for (let i = 0; i < 1_000; i++) createActor(nested, { inspect: inspection.inspect }).start().stop()
    expect(inspection.stats().watches).toBeLessThan(130)
    new Heard(inspection)
    expect(inspection.stats()).toMatchObject({ watches: 0, systems: 0 })
    inspection.close()
  })

  test('what is over already is not told of, and not kept', () => {
    const inspection = new Inspection({ clock: new VirtualClock() })
    const actor = running(nested)
    actor.stop()
    inspection.watch(actor)
    const told = new Heard(inspection)
    for (let i = 0; i < 1_000; i++) inspection.watch(actor)
    expect(told.lines()).toEqual(['webrtc.source'])
    expect(inspection.stats()).toMatchObject({ systems: 0, failures: 0 })
    expect(inspection.stats().watches).toBeLessThan(130)
    inspection.close()
  })

  test('a mesh that was closed is told of as it is, since it can be begun again', async () => {
    const { mesh, inspection } = await pair()
    void mesh.close()
    inspection.watch(mesh)
    const told = new Heard(inspection)
    expect(told.lines()).toEqual(['webrtc.source', 'actor mesh (mesh) in "disconnected"', 'webrtc.facts'])
    mesh.createMesh(7)
    expect(told.of('@xstate.actor').at(-1)).toMatchObject({ uniqueId: 7 })
  })

  test('two inspectors that watch the same do not know of each other', async () => {
    const { mesh, inspection } = await pair()
    const other = new Inspection({ clock: new VirtualClock() })
    for (const each of [inspection, other]) each.watch(mesh)
    const [told, toldToo] = [new Heard(inspection), new Heard(other)]
    expect([told.living, toldToo.living]).toEqual([
      ['mesh', 'peer:2'],
      ['mesh', 'peer:2'],
    ])
    other.close()
    expect(toldToo.lines().at(-1)).toBe('webrtc.source-gone')
    void mesh.close()
    expect(toldToo.lines()).toEqual([])
    expect(told.living).toEqual(['mesh'])
    expect(other.stats()).toMatchObject({ systems: 0, watches: 0 })
  })

  test('what is watched no more is told to have ended, unless it is watched otherwise too', async () => {
    const { mesh, inspection } = await pair()
    const first = inspection.watch(mesh, { group: 'a' })
    const second = inspection.watch(mesh, { group: 'b' })
    const told = new Heard(inspection)
    expect(told.of('@xstate.actor').map(({ group }) => group)).toEqual(['a', 'a'])
    told.lines()
    first[Symbol.dispose]()
    expect(told.lines()).toEqual(['actor mesh (mesh) in "connected"', 'actor peer:2 (peer) in "connected" of mesh'])
    expect(
      told
        .of('@xstate.actor')
        .slice(-2)
        .map(({ group }) => group),
    ).toEqual(['b', 'b'])
    second[Symbol.dispose]()
    second[Symbol.dispose]()
    expect(told.lines()).toEqual([
      'mesh stopped in "connected" by webrtc.unwatched',
      'peer:2 stopped in "connected" by webrtc.unwatched',
    ])
    expect(inspection.stats()).toMatchObject({ systems: 0, watches: 0 })
    // It can be watched again.
    inspection.watch(mesh)
    expect(told.living).toEqual(['mesh', 'peer:2'])
  })
})

describe('a mesh of 64', () => {
  test('all peers and links are told of late, and of each its end', async () => {
    const world = new SimMesh()
    world.make(1)
    for (let id = 2; id <= 64; id++) {
      world.make(id)
      world.join(1, id)
    }
    await world.run(2_000)
    const inspection = new Inspection({ clock: world.network.clock })
    inspection.watch(world.peer(1))
    const told = new Heard(inspection)
    expect(told.of('@xstate.actor')).toHaveLength(64)
    expect(told.of('@xstate.actor').filter(({ definition }) => definition !== undefined)).toHaveLength(2)
    expect(told.of('webrtc.facts')[0]?.links).toHaveLength(63)
    for (let id = 2; id <= 33; id++) world.peer(id).removePeer(1)
    await world.run(2_000)
    expect(told.living).toHaveLength(32)
    world.peer(1)[Symbol.dispose]()
    expect(told.living).toEqual([])
    const parsed = parseInspectorMessages(JSON.stringify(told.messages))
    expect(parsed).toEqual({ ok: true, messages: told.messages, ignored: 0 })
    expect(inspection.stats()).toMatchObject({ failures: 0, systems: 0 })
    inspection.close()
    world.dispose()
  })

  test('peers that come and go are forgotten', () => {
    const mesh = running(meshLogic, { id: 'mesh', input: {} })
    const inspection = new Inspection({ clock: new VirtualClock() })
    cleanups.push(() => {
      inspection.close()
    })
    inspection.watch(mesh)
    const told = new Heard(inspection)
    for (let round = 0; round < 200; round++) {
      mesh.send({ type: 'peer.add', id: 2, link: new FakeLink() })
      mesh.send({ type: 'peer.remove', id: 2, reason: 'removed' })
    }
    expect(told.living).toEqual(['mesh'])
    expect(new Set(told.of('@xstate.actor').map(({ sessionId }) => sessionId)).size).toBe(201)
  })
})
