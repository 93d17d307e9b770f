import { describe, expect, test } from '@jest/globals'
import { Observable } from 'rxjs'
import { SimulatedClock, createActor } from 'xstate'
import { peerMachine } from '../../src/machines/peer-machine.ts'
import type { PeerCloseReason } from '../../src/machines/peer-state.ts'
import { ChannelState, ConnectionState } from '../../src/transport/states.ts'
import { VirtualClock } from '../../src/transport/simulated/virtual-clock.ts'
import { FakeLink } from '../support/fake-link.ts'

function start(link = new FakeLink()) {
  const clock = new SimulatedClock()
  const input = { id: 7, link, connectTimeout: 15_000, disconnectedTimeout: 5_000, drainTimeout: 1_000 }
  const actor = createActor(peerMachine, { clock, input }).start()
  return { actor, clock, link, value: () => actor.getSnapshot().value }
}

type Peer = ReturnType<typeof start>

const reach = {
  new: () => undefined,
  connecting: ({ link }: Peer) => {
    link.connection(ConnectionState.CONNECTING)
  },
  channelsOpen: ({ link }: Peer) => {
    link.open()
  },
  connected: ({ link, actor }: Peer) => {
    link.open()
    actor.send({ type: 'admit' })
  },
  draining: ({ link, actor }: Peer) => {
    link.open()
    actor.send({ type: 'admit' })
    link.channel(2, ChannelState.CLOSED)
  },
}

describe('peerMachine', () => {
  test('goes new -> connecting -> channelsOpen -> connected, and tells its link', () => {
    const { actor, link, value } = start()
    expect(value()).toBe('new')
    link.connection(ConnectionState.CONNECTING)
    expect(value()).toBe('connecting')
    link.connection(ConnectionState.CONNECTED)
    link.channel(0, ChannelState.OPEN)
    link.channel(1, ChannelState.OPEN)
    expect(value()).toBe('connecting')
    link.channel(2, ChannelState.OPEN)
    expect(value()).toBe('channelsOpen')
    actor.send({ type: 'admit' })
    expect(value()).toBe('connected')
    expect(link.entries).toEqual(['new', 'connecting', 'channelsOpen', 'connected'])
    expect(link.released).toBe(0)
    actor.stop()
    expect(link.released).toBe(1)
  })

  test('channels that open before the connection says CONNECTED do not make it open', () => {
    const { link, value } = start()
    link.channel(0, ChannelState.OPEN)
    link.channel(1, ChannelState.OPEN)
    link.channel(2, ChannelState.OPEN)
    expect(value()).toBe('new')
    link.connection(ConnectionState.CONNECTING)
    expect(value()).toBe('connecting')
    link.connection(ConnectionState.CONNECTED)
    expect(value()).toBe('channelsOpen')
  })

  test('the states in which connection and channels begin cost no event', () => {
    const events: string[] = []
    createActor(peerMachine, {
      input: { id: 7, link: new FakeLink(), connectTimeout: 1, disconnectedTimeout: 1, drainTimeout: 1 },
      inspect: (event) => event.type === '@xstate.event' && events.push(event.event.type),
    })
      .start()
      .stop()
    expect(events).toEqual(['xstate.init', 'xstate.init'])
  })

  test('its context has the newest state of connection and channels, also of those that end it', () => {
    const peer = start()
    reach.connected(peer)
    const { CLOSED, CONNECTING, OPEN } = ChannelState
    expect(peer.actor.getSnapshot().context.channelStates).toEqual([OPEN, OPEN, OPEN])
    peer.link.connection(ConnectionState.FAILED)
    expect(peer.actor.getSnapshot().context.connectionState).toBe(ConnectionState.FAILED)
    const other = start()
    other.link.channel(2, CLOSED)
    expect(other.actor.getSnapshot().context.channelStates).toEqual([CONNECTING, CONNECTING, CLOSED])
  })

  test('once it is open it has no timer', () => {
    const clock = new VirtualClock()
    const link = new FakeLink()
    const input = { id: 7, link, connectTimeout: 15_000, disconnectedTimeout: 5_000, drainTimeout: 1_000 }
    const actor = createActor(peerMachine, { clock, input }).start()
    expect(clock.pending).toBe(1)
    link.open()
    expect(clock.pending).toBe(0)
    link.connection(ConnectionState.DISCONNECTED)
    link.connection(ConnectionState.DISCONNECTED)
    expect(clock.pending).toBe(1)
    link.connection(ConnectionState.CONNECTED)
    expect(clock.pending).toBe(0)
    actor.stop()
  })

  test('a link whose states cannot be watched closes it', () => {
    const link = new FakeLink()
    const broken = new Observable<ChannelState>()
    Object.defineProperty(broken, 'subscribe', {
      value: () => {
        throw new Error('planted')
      },
    })
    const peer = start(Object.assign(link, { channelStates$: [broken] }))
    expect(peer.actor.getSnapshot()).toMatchObject({ value: 'closed', output: { id: 7, reason: 'error' } })
    expect(link.entries.at(-1)).toBe('closed')
  })

  test('is not admitted before it is open', () => {
    const peer = start()
    peer.actor.send({ type: 'admit' })
    expect(peer.value()).toBe('new')
  })

  describe.each(Object.keys(reach) as (keyof typeof reach)[])('in %s', (state) => {
    const lost = [ConnectionState.FAILED, ConnectionState.CLOSED]
    const expectClosed = (peer: Peer, reason: PeerCloseReason): void => {
      expect(peer.actor.getSnapshot()).toMatchObject({ value: 'closed', status: 'done', output: { id: 7, reason } })
      expect(peer.link.entries.filter((entry) => entry === 'closed')).toHaveLength(1)
      expect(peer.link.reason).toBe(reason)
      expect(peer.link.released).toBe(1)
      expect(peer.link.connectionState$.observed).toBe(false)
    }

    test.each(lost.map((connection) => [ConnectionState[connection], connection] as const))(
      'a connection that becomes %s closes it',
      (_, connection) => {
        const peer = start()
        reach[state](peer)
        expect(peer.value()).toBe(state)
        peer.link.connection(connection)
        expectClosed(peer, 'connection-failed')
      },
    )

    test('a connection that stays DISCONNECTED closes it after disconnectedTimeout', () => {
      const peer = start()
      reach[state](peer)
      peer.link.connection(ConnectionState.DISCONNECTED)
      peer.clock.increment(state === 'draining' ? 999 : 4_999)
      expect(peer.value()).toBe(state === 'new' ? 'connecting' : state)
      peer.clock.increment(1)
      expectClosed(peer, state === 'draining' ? 'channel-closed' : 'connection-failed')
    })

    test('a connection that heals in time does not', () => {
      const peer = start()
      reach[state](peer)
      peer.link.connection(ConnectionState.DISCONNECTED)
      peer.clock.increment(900)
      peer.link.connection(ConnectionState.CONNECTED)
      peer.clock.increment(99)
      const after = state === 'connecting' || state === 'new' ? 'connecting' : state
      expect(peer.value()).toBe(after)
      if (after === 'connected') {
        peer.clock.increment(100_000)
        expect(peer.value()).toBe('connected')
      }
    })

    test('ICE that checks again has not healed, but before all channels were open it is part of connecting', () => {
      const peer = start()
      reach[state](peer)
      const opens = state === 'new' || state === 'connecting'
      peer.link.connection(ConnectionState.DISCONNECTED)
      peer.link.connection(ConnectionState.CONNECTING)
      peer.clock.increment(5_000)
      if (opens) expect(peer.value()).toBe('connecting')
      else expectClosed(peer, state === 'draining' ? 'channel-closed' : 'connection-failed')
    })

    test('a connection that is said to be DISCONNECTED twice has not healed', () => {
      const peer = start()
      reach[state](peer)
      for (let i = 0; i < 2; i++) peer.link.connection(ConnectionState.DISCONNECTED)
      peer.clock.increment(5_000)
      expectClosed(peer, state === 'draining' ? 'channel-closed' : 'connection-failed')
    })

    test('it closes when told to, with the reason given', () => {
      const peer = start()
      reach[state](peer)
      peer.actor.send({ type: 'close', reason: 'mesh-closed' })
      expectClosed(peer, 'mesh-closed')
    })

    test('stopping the actor releases the link', () => {
      const peer = start()
      reach[state](peer)
      peer.actor.stop()
      expect(peer.link.released).toBe(1)
    })
  })

  test.each(['new', 'connecting', 'channelsOpen'] as const)(
    'a channel that closes in %s closes it at once',
    (state) => {
      const peer = start()
      reach[state](peer)
      peer.link.channel(1, ChannelState.CLOSING)
      expect(peer.actor.getSnapshot().output).toEqual({ id: 7, reason: 'channel-closed' })
    },
  )

  test.each(['new', 'connecting'] as const)('connectTimeout counts from the start and ends it in %s', (state) => {
    const peer = start()
    peer.clock.increment(10_000)
    reach[state](peer)
    peer.clock.increment(4_999)
    expect(peer.value()).toBe(state)
    peer.clock.increment(1)
    expect(peer.actor.getSnapshot().output).toEqual({ id: 7, reason: 'connect-timeout' })
    expect(peer.link.released).toBe(1)
  })

  test.each(['channelsOpen', 'connected'] as const)('connectTimeout is over in %s', (state) => {
    const peer = start()
    reach[state](peer)
    peer.clock.increment(1_000_000)
    expect(peer.value()).toBe(state)
  })

  describe('once announced, when the other side closes channel by channel', () => {
    test('it drains until the last reliable one is closed', () => {
      const peer = start()
      reach.draining(peer)
      peer.link.channel(1, ChannelState.CLOSED)
      expect(peer.value()).toBe('draining')
      peer.link.channel(0, ChannelState.CLOSED)
      expect(peer.actor.getSnapshot().output).toEqual({ id: 7, reason: 'channel-closed' })
    })

    test('it does not wait for channels whose messages may be lost', () => {
      const peer = start()
      reach.connected(peer)
      peer.link.channel(0, ChannelState.CLOSED)
      expect(peer.actor.getSnapshot().output).toEqual({ id: 7, reason: 'channel-closed' })
    })

    test('it drains for drainTimeout at most', () => {
      const peer = start()
      reach.draining(peer)
      peer.clock.increment(999)
      expect(peer.value()).toBe('draining')
      peer.clock.increment(1)
      expect(peer.actor.getSnapshot().output).toEqual({ id: 7, reason: 'channel-closed' })
    })
  })

  test('an error out of the link ends this actor, and goes to who watches it', () => {
    const link = new FakeLink()
    link.throwOn = 'connecting'
    const { actor } = start(link)
    const errors: unknown[] = []
    actor.subscribe({ error: (error) => errors.push(error) })
    link.connection(ConnectionState.CONNECTING)
    expect(errors).toHaveLength(1)
    expect(actor.getSnapshot().status).toBe('error')
  })
})
