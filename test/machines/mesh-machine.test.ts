import { describe, expect, test } from '@jest/globals'
import { SimulatedClock, createActor } from 'xstate'
import {
  DEFAULT_CONNECT_TIMEOUT,
  DEFAULT_DISCONNECTED_TIMEOUT,
  DEFAULT_DRAIN_TIMEOUT,
  meshMachine,
} from '../../src/machines/mesh-machine.ts'
import { ConnectionStatus, type MeshConfiguration, type MeshInput } from '../../src/machines/mesh-types.ts'
import { ConnectionState } from '../../src/transport/states.ts'
import { FakeLink } from '../support/fake-link.ts'

const MESH: MeshConfiguration = { mode: 'mesh', uniqueId: 5, serverCompatibility: false, onServerLost: 'stay' }

/** @param configuration - null: it is not configured yet. */
function start(configuration: Partial<MeshConfiguration> | null = {}) {
  const clock = new SimulatedClock()
  const actor = createActor(meshMachine, { clock, input: { connectTimeout: 1_000 } }).start()
  const heard: string[] = []
  actor.on('*', (event) => {
    if (event.type === 'status') heard.push(ConnectionStatus[event.status])
    else if ('id' in event) heard.push(`${event.type} ${event.id}${'reason' in event ? ` ${event.reason}` : ''}`)
    else heard.push(event.type)
  })
  if (configuration) actor.send({ type: 'configure', ...MESH, ...configuration })
  const started = heard.splice(0)
  const links = new Map<number, FakeLink>()
  const add = (id: number, link = new FakeLink()): FakeLink => {
    links.set(id, link)
    actor.send({ type: 'peer.add', id, link })
    return link
  }
  const children = () => Object.keys(actor.getSnapshot().children)
  const take = () => heard.splice(0)
  return { actor, clock, add, children, started, take }
}

const CONFIGURATIONS: readonly (readonly [string, Partial<MeshConfiguration>, string])[] = [
  ['a mesh', {}, 'CONNECTED'],
  ['a server', { mode: 'server', uniqueId: 1 }, 'CONNECTED'],
  ['a client', { mode: 'client' }, 'CONNECTING'],
  ['a mesh with server compatibility', { serverCompatibility: true }, 'CONNECTING'],
  ['the server of such a mesh', { serverCompatibility: true, uniqueId: 1 }, 'CONNECTED'],
]

describe('meshMachine', () => {
  test('begins as nothing, with the times that are given or else its own', () => {
    const begun = (input: MeshInput) => createActor(meshMachine, { input }).start().getSnapshot()
    const nothing = { mode: 'none', uniqueId: 0, gated: false, disconnectOnServerLost: false, peers: new Map() }
    expect(begun({})).toMatchObject({
      value: 'disconnected',
      context: {
        ...nothing,
        connectTimeout: DEFAULT_CONNECT_TIMEOUT,
        disconnectedTimeout: DEFAULT_DISCONNECTED_TIMEOUT,
        drainTimeout: DEFAULT_DRAIN_TIMEOUT,
      },
    })
    const times = { connectTimeout: 1, disconnectedTimeout: 2, drainTimeout: 3 }
    expect(begun(times).context).toEqual({ ...nothing, ...times })
  })

  test.each(CONFIGURATIONS)('%s is %j, and says at once that it is %s', (_, configuration, status) => {
    const { started } = start(configuration)
    expect(started).toEqual([status])
  })

  test('peers that are added before it is configured wait, or are gone', () => {
    const { actor, add, take } = start(null)
    for (const id of [2, 3]) add(id).open()
    actor.send({ type: 'peer.remove', id: 3, reason: 'removed' })
    expect(take()).toEqual(['peerRemoved 3 removed'])
    actor.send({ type: 'configure', ...MESH })
    expect(take()).toEqual(['CONNECTED', 'peerConnected 2'])
  })

  test.each(CONFIGURATIONS)(
    '%s (%j): what a link reports that is not in the mesh any more means nobody',
    (_, configuration) => {
      const { actor, add, take } = start(configuration)
      const reports = (id: number): void => {
        const link = new FakeLink()
        actor.send({ type: 'peer.open', id, link })
        actor.send({ type: 'peer.closed', id, link, reason: 'connection-failed' })
      }
      const before = actor.getSnapshot().value
      for (const id of [1, 9]) reports(id)
      for (const id of [1, 9].filter((id) => id !== configuration.uniqueId)) {
        add(id)
        reports(id)
      }
      expect(take()).toEqual([])
      expect(actor.getSnapshot().value).toBe(before)
    },
  )

  test('a broken actor that is no peer is only told of', () => {
    const { actor, take } = start()
    actor.send({ type: 'xstate.error.actor.peer:9', actorId: 'peer:9', error: new Error('planted') } as never)
    expect(take()).toEqual(['peerError'])
    expect(actor.getSnapshot().status).toBe('active')
  })

  test('announces a peer, opens its gate after that, and forgets it when it is lost', () => {
    const { actor, add, children, take } = start()
    const link = new FakeLink()
    const order: string[] = []
    actor.on('peerConnected', () => order.push(`announced while ${link.entries.at(-1)}`))
    add(2, link)
    link.open()
    expect(order).toEqual(['announced while channelsOpen'])
    expect(link.entries.at(-1)).toBe('connected')
    expect(children()).toEqual(['peer:2'])
    link.connection(ConnectionState.FAILED)
    expect(take()).toEqual(['peerConnected 2', 'peerRemoved 2 connection-failed', 'peerDisconnected 2'])
    expect(children()).toEqual([])
    expect(actor.getSnapshot().context.peers.size).toBe(0)
    expect(link.released).toBe(1)
  })

  test('a second peer of the same id is refused: no orphan is spawned', () => {
    const { actor, add, children } = start()
    const first = add(2)
    const second = add(2)
    expect(children()).toEqual(['peer:2'])
    expect(second.entries).toEqual([])
    actor.send({ type: 'close' })
    expect([first.released, second.released]).toEqual([1, 0])
  })

  test('one broken peer is dropped, the others and the mesh live on', () => {
    const { actor, add, children, take } = start()
    const healthy = add(2)
    healthy.open()
    const broken = new FakeLink()
    broken.throwOn = 'connecting'
    add(3, broken)
    take()
    broken.connection(ConnectionState.CONNECTING)
    expect(take()).toEqual(['peerError', 'peerRemoved 3 error'])
    expect(actor.getSnapshot().status).toBe('active')
    expect(children()).toEqual(['peer:2'])
    expect(broken.released).toBe(1)
    expect(healthy.entries.at(-1)).toBe('connected')
  })

  test('a connect that times out is dropped without a signal to the application', () => {
    const { clock, add, take } = start()
    const link = add(2)
    clock.increment(1_000)
    expect(take()).toEqual(['peerRemoved 2 connect-timeout'])
    expect(link.released).toBe(1)
  })

  describe('server compatibility', () => {
    const gated = { serverCompatibility: true }

    test('holds peers back until the server is open: 1 first, then the others in ascending order', () => {
      const { add, take } = start(gated)
      const links = [9, 3, 7].map((id) => add(id))
      for (const link of links) link.open()
      expect(take()).toEqual([])
      expect(links.map((link) => link.entries.at(-1))).toEqual(['channelsOpen', 'channelsOpen', 'channelsOpen'])
      add(1).open()
      expect(take()).toEqual([
        'CONNECTED',
        'peerConnected 1',
        'connectionSucceeded',
        'peerConnected 3',
        'peerConnected 7',
        'peerConnected 9',
      ])
      expect(links.map((link) => link.entries.at(-1))).toEqual(['connected', 'connected', 'connected'])
    })

    test('a waiting peer that a listener removes is never announced, nor reported gone', () => {
      const { actor, add, take } = start(gated)
      for (const id of [2, 3]) add(id).open()
      actor.on('peerConnected', ({ id }) => {
        if (id === 1) actor.send({ type: 'peer.remove', id: 3, reason: 'removed' })
      })
      add(1).open()
      expect(take()).toEqual([
        'CONNECTED',
        'peerConnected 1',
        'connectionSucceeded',
        'peerRemoved 3 removed',
        'peerConnected 2',
      ])
    })

    test('a close by a listener ends the announcements', () => {
      const { actor, add, take } = start(gated)
      for (const id of [2, 3]) add(id).open()
      actor.on('connectionSucceeded', () => {
        actor.send({ type: 'close' })
      })
      add(1).open()
      expect(take()).toEqual([
        'CONNECTED',
        'peerConnected 1',
        'connectionSucceeded',
        'peerRemoved 2 mesh-closed',
        'peerRemoved 3 mesh-closed',
        'peerRemoved 1 mesh-closed',
        'DISCONNECTED',
        'closed',
      ])
    })
  })

  test('close stops every peer and releases every link', () => {
    const { actor, add, children, take } = start({ mode: 'client', serverCompatibility: true })
    const links = [add(2), add(3)]
    links[0]?.open()
    take()
    actor.send({ type: 'close' })
    expect(take()).toEqual(['peerRemoved 2 mesh-closed', 'peerRemoved 3 mesh-closed', 'DISCONNECTED', 'closed'])
    expect(children()).toEqual([])
    expect(links.map((link) => link.released)).toEqual([1, 1])
    expect(actor.getSnapshot().context).toMatchObject({ mode: 'none', gated: false, peers: new Map() })
  })

  test('stopping the actor releases every link', () => {
    const { actor, add } = start()
    const links = [add(2), add(3)]
    actor.stop()
    expect(links.map((link) => link.released)).toEqual([1, 1])
  })
})
