import { assign, cancel, enqueueActions, raise, setup } from 'xstate'
import { ChannelState, ConnectionState } from '../transport/states.ts'
import { given } from './given.ts'
import { linkLogic } from './link-port.ts'
import type { PeerCloseReason, PeerState } from './peer-state.ts'
import type { PeerEvent, PeerInput, PeerLogic, PeerOutput } from './peer-types.ts'

export interface PeerContext extends PeerInput {
  connectionState: ConnectionState
  channelStates: readonly ChannelState[]
  /** Why it closed; null while it has not. */
  reason: PeerCloseReason | null
}

const LOST_STATES: readonly ConnectionState[] = [ConnectionState.FAILED, ConnectionState.CLOSED]

const isShut = (state: ChannelState): boolean => state === ChannelState.CLOSING || state === ChannelState.CLOSED

const TIMED_OUT = {
  target: 'closed',
  actions: { type: 'noteReason', params: { reason: 'connect-timeout' } },
} as const

/**
 * The statechart of one remote peer: new -> connecting -> channelsOpen -> connected (-> draining) -> closed.
 *
 * It closes when the connection is lost or stays DISCONNECTED for `disconnectedTimeout`, when any channel closes (Godot: "connected" requires all of them), after `connectTimeout`, or when
 * told to. A peer that was announced and whose other side closes channel by channel drains first, so that data sent just before a
 * graceful close is not lost.
 */
export const peerMachine = setup({
  types: {} as { input: PeerInput; context: PeerContext; events: PeerEvent; output: PeerOutput },
  actors: { link: linkLogic },
  delays: {
    connectTimeout: ({ context }) => context.connectTimeout,
    disconnectedTimeout: ({ context }) => context.disconnectedTimeout,
    drainTimeout: ({ context }) => context.drainTimeout,
  },
  guards: {
    leftNew: ({ context }) => context.connectionState !== ConnectionState.NEW,
    isOpen: ({ context }) =>
      context.connectionState === ConnectionState.CONNECTED &&
      context.channelStates.every((state) => state === ChannelState.OPEN),
    connectionIsLost: (_, { state }: { state: ConnectionState }) => LOST_STATES.includes(state),
    // Said twice, it would start a second timer, and XState could stop only that one.
    connectionMayHeal: ({ context }, { state }: { state: ConnectionState }) =>
      state === ConnectionState.DISCONNECTED && context.connectionState !== state,
    // ICE that checks again has not healed; but before all channels were open the dial's own time says when to give up.
    connectionGoesOn: ({ context: { connectionState, channelStates } }, { state }: { state: ConnectionState }) =>
      state === ConnectionState.CONNECTED ||
      (state === ConnectionState.CONNECTING &&
        (connectionState === ConnectionState.NEW || channelStates.includes(ChannelState.CONNECTING))),
    channelIsShut: (_, { state }: { state: ChannelState }) => isShut(state),
    isDrained: ({ context }) =>
      context.channelStates.every((state, index) => isShut(state) || context.link.lossy[index] === true),
  },
  actions: {
    noteConnection: assign({ connectionState: (_, { state }: { state: ConnectionState }) => state }),
    noteChannel: assign({
      channelStates: ({ context }, { index, state }: { index: number; state: ChannelState }) =>
        context.channelStates.map((other, i) => (i === index ? state : other)),
    }),
    noteReason: assign({ reason: (_, { reason }: { reason: PeerCloseReason }) => reason }),
    enter: ({ context }, { state }: { state: PeerState }) => {
      context.link.entered(state, context.reason ?? undefined)
    },
    startConnectTimer: raise({ type: 'connect.timeout' }, { delay: 'connectTimeout', id: 'connectTimeout' }),
    stopConnectTimer: cancel('connectTimeout'),
    startDisconnectedTimer: raise(
      { type: 'disconnected.timeout' },
      { delay: 'disconnectedTimeout', id: 'disconnected' },
    ),
    stopDisconnectedTimer: cancel('disconnected'),
    reportOpen: enqueueActions(({ context: { parent, id, link }, enqueue }) => {
      if (parent) enqueue.sendTo(parent, { type: 'peer.open', id, link })
    }),
    reportClosed: enqueueActions(({ context: { parent, id, link, reason }, enqueue }) => {
      if (parent) enqueue.sendTo(parent, { type: 'peer.closed', id, reason: reason ?? 'error', link })
    }),
  },
}).createMachine({
  id: 'peer',
  context: ({ input }) => ({
    ...input,
    connectionState: ConnectionState.NEW,
    channelStates: input.link.channelStates$.map(() => ChannelState.CONNECTING),
    reason: null,
  }),
  output: ({ context }) => ({ id: context.id, reason: context.reason ?? 'error' }),
  entry: 'startConnectTimer',
  invoke: {
    src: 'link',
    input: ({ context }) => ({ link: context.link }),
    onError: { target: '.closed', actions: { type: 'noteReason', params: { reason: 'error' } } },
  },
  on: {
    'connection.state': [
      {
        guard: given('connectionIsLost'),
        target: '.closed',
        actions: [given('noteConnection'), { type: 'noteReason', params: { reason: 'connection-failed' } }],
      },
      {
        guard: given('connectionMayHeal'),
        actions: [given('noteConnection'), 'startDisconnectedTimer'],
      },
      { guard: given('connectionGoesOn'), actions: [given('noteConnection'), 'stopDisconnectedTimer'] },
    ],
    'disconnected.timeout': {
      target: '.closed',
      actions: { type: 'noteReason', params: { reason: 'connection-failed' } },
    },
    'channel.state': [
      {
        guard: given('channelIsShut'),
        target: '.closed',
        actions: [given('noteChannel'), { type: 'noteReason', params: { reason: 'channel-closed' } }],
      },
      { actions: given('noteChannel') },
    ],
    close: { target: '.closed', actions: given('noteReason') },
  },
  initial: 'new',
  states: {
    new: {
      entry: { type: 'enter', params: { state: 'new' } },
      always: { guard: 'leftNew', target: 'connecting' },
      on: { 'connect.timeout': TIMED_OUT },
    },
    connecting: {
      entry: { type: 'enter', params: { state: 'connecting' } },
      always: { guard: 'isOpen', target: 'channelsOpen' },
      on: { 'connect.timeout': TIMED_OUT },
    },
    channelsOpen: {
      entry: ['stopConnectTimer', { type: 'enter', params: { state: 'channelsOpen' } }, 'reportOpen'],
      on: { admit: 'connected' },
    },
    connected: {
      entry: { type: 'enter', params: { state: 'connected' } },
      on: {
        'channel.state': [
          {
            guard: given('channelIsShut'),
            target: 'draining',
            actions: [given('noteChannel'), { type: 'noteReason', params: { reason: 'channel-closed' } }],
          },
          // As the root state does; here the inspector can show where the event was taken.
          { actions: given('noteChannel') },
        ],
      },
    },
    draining: {
      entry: { type: 'enter', params: { state: 'draining' } },
      always: { guard: 'isDrained', target: 'closed' },
      after: { drainTimeout: 'closed' },
      on: { 'channel.state': { actions: given('noteChannel') } },
    },
    closed: {
      entry: [{ type: 'enter', params: { state: 'closed' } }, 'reportClosed'],
      type: 'final',
    },
  },
})

/** {@link peerMachine} behind types of our own, so that what XState infers never becomes part of the public interface. */
export const peerLogic = peerMachine as unknown as PeerLogic
