import { assign, emit, setup } from 'xstate'
import type { PeerCloseReason, PeerState } from '../../machines/peer-state.ts'
import type { Model, ModelSnapshot } from '../paths/path-types.ts'

/** What happens to one peer. Time is an event: one unit passes. */
export type PeerModelEvent =
  /** Signals are exchanged; or a connection that was DISCONNECTED looks for a path again. */
  | { type: 'CONNECTING' }
  | { type: 'CONNECTED' }
  /** The connection may heal, with CONNECTED. */
  | { type: 'DISCONNECTED' }
  | { type: 'FAILED' }
  | { type: 'CLOSED' }
  | { type: 'CHANNEL_OPENS'; channel: number }
  | { type: 'CHANNEL_CLOSES'; channel: number }
  /** The connection is CONNECTED and every channel open, all in one turn. */
  | { type: 'OPENS' }
  /** The mesh announces the peer. */
  | { type: 'ADMIT' }
  /** The mesh, or the application, ends it. */
  | { type: 'END'; reason: PeerEndReason }
  | { type: 'TIME_PASSES' }

/** Why a mesh ends a peer. */
export type PeerEndReason = Extract<PeerCloseReason, 'removed' | 'disconnected' | 'forced' | 'mesh-closed'>

/** The peer entered this state. */
export interface PeerModelEmitted {
  type: 'entered'
  state: PeerState
}

/** What {@link peerModel} knows of the peer. Times are in units that are left, null while nobody waits. */
export interface PeerModelContext {
  readonly connection: 'NEW' | 'CONNECTING' | 'CONNECTED' | 'DISCONNECTED'
  /** Reliable, ordered, unreliable. */
  readonly channels: readonly ('CONNECTING' | 'OPEN' | 'CLOSED')[]
  readonly dial: number | null
  readonly healing: number | null
  readonly drain: number | null
  /** Why it closed. */
  readonly reason: PeerCloseReason | null
}

/** Snapshot of {@link peerModel}. */
export type PeerModelState = ModelSnapshot<PeerModelEvent> & {
  readonly value: PeerState
  readonly context: PeerModelContext
}

/** Units of time after which a peer of {@link peerModel} is given up. Whoever runs its paths gives the real peer these, times the length of a unit. */
export const PEER_MODEL_TIMES = {
  /** From the start until it is open. */
  dial: 4,
  /** From DISCONNECTED until it counts as lost. */
  healing: 3,
  /** From the first channel that closes until the others count as closed. */
  drain: 2,
} as const

const CHANNELS = [0, 1, 2] as const
const REASONS: readonly PeerEndReason[] = ['removed', 'disconnected', 'forced', 'mesh-closed']

/** Every event of {@link peerModel}. */
export const PEER_MODEL_EVENTS: readonly PeerModelEvent[] = [
  { type: 'CONNECTING' },
  { type: 'CONNECTED' },
  { type: 'DISCONNECTED' },
  { type: 'FAILED' },
  { type: 'CLOSED' },
  ...CHANNELS.map((channel) => ({ type: 'CHANNEL_OPENS' as const, channel })),
  ...CHANNELS.map((channel) => ({ type: 'CHANNEL_CLOSES' as const, channel })),
  { type: 'OPENS' },
  { type: 'ADMIT' },
  ...REASONS.map((reason) => ({ type: 'END' as const, reason })),
  { type: 'TIME_PASSES' },
]

type Reason = { reason: PeerCloseReason }
type Channel = { channel: number }

const left = (time: number | null): number | null => (time === null ? null : time - 1)
const entered = (state: PeerState) => ({ type: 'enter' as const, params: { state } })
const because = (reason: PeerCloseReason) => ({ type: 'because' as const, params: { reason } })
const ofChannel = ({ event }: { event: Channel }): Channel => event

const machine = setup({
  types: {} as { context: PeerModelContext; events: PeerModelEvent; emitted: PeerModelEmitted },
  guards: {
    isSignalled: ({ context }) => context.connection !== 'NEW',
    isOpen: ({ context: { connection, channels } }) =>
      connection === 'CONNECTED' && channels.every((channel) => channel === 'OPEN'),
    isDrained: ({ context }) => context.channels[0] === 'CLOSED',
    // Once it was open, a connection that is dialed again has not healed.
    mayDial: ({ context: { connection, channels } }) =>
      connection === 'NEW' || (connection === 'DISCONNECTED' && channels.includes('CONNECTING')),
    mayConnect: ({ context: { connection } }) => connection !== 'CONNECTED',
    mayDisconnect: ({ context: { connection } }) => connection !== 'DISCONNECTED',
    mayOpen: ({ context: { connection, channels } }) =>
      (connection === 'NEW' || connection === 'CONNECTING') && channels.every((channel) => channel === 'CONNECTING'),
    mayOpenChannel: ({ context: { connection, channels } }, { channel }: Channel) =>
      connection !== 'NEW' && channels[channel] === 'CONNECTING',
    mayCloseChannel: ({ context: { channels } }, { channel }: Channel) => channels[channel] !== 'CLOSED',
    dialEnds: ({ context }) => context.dial === 1,
    healingEnds: ({ context }) => context.healing === 1,
    drainEnds: ({ context }) => context.drain === 1,
  },
  actions: {
    enter: emit((_, { state }: { state: PeerState }) => ({ type: 'entered' as const, state })),
    because: assign({ reason: (_, { reason }: Reason) => reason }),
    connecting: assign({ connection: 'CONNECTING', healing: null }),
    connected: assign({ connection: 'CONNECTED', healing: null }),
    disconnected: assign({ connection: 'DISCONNECTED', healing: PEER_MODEL_TIMES.healing }),
    openAll: assign({ connection: 'CONNECTED', channels: CHANNELS.map(() => 'OPEN' as const) }),
    openChannel: assign({
      channels: ({ context }, { channel }: Channel) => context.channels.with(channel, 'OPEN'),
    }),
    closeChannel: assign({
      channels: ({ context }, { channel }: Channel) => context.channels.with(channel, 'CLOSED'),
    }),
    passTime: assign({
      dial: ({ context }) => left(context.dial),
      healing: ({ context }) => left(context.healing),
      drain: ({ context }) => left(context.drain),
    }),
    stopDial: assign({ dial: null }),
    startDrain: assign({ drain: PEER_MODEL_TIMES.drain }),
    // What a closed peer was before is of no importance any more.
    forget: assign({ connection: 'NEW', channels: [], dial: null, healing: null, drain: null }),
  },
}).createMachine({
  id: 'peerModel',
  context: {
    connection: 'NEW',
    channels: CHANNELS.map(() => 'CONNECTING' as const),
    dial: PEER_MODEL_TIMES.dial,
    healing: null,
    drain: null,
    reason: null,
  },
  on: {
    CONNECTING: { guard: 'mayDial', actions: 'connecting' },
    CONNECTED: { guard: 'mayConnect', actions: 'connected' },
    DISCONNECTED: { guard: 'mayDisconnect', actions: 'disconnected' },
    FAILED: { target: '.closed', actions: because('connection-failed') },
    CLOSED: { target: '.closed', actions: because('connection-failed') },
    CHANNEL_OPENS: {
      guard: { type: 'mayOpenChannel', params: ofChannel },
      actions: { type: 'openChannel', params: ofChannel },
    },
    CHANNEL_CLOSES: { target: '.closed', actions: because('channel-closed') },
    END: { target: '.closed', actions: { type: 'because', params: ({ event }) => event } },
    TIME_PASSES: [
      { guard: 'dialEnds', target: '.closed', actions: because('connect-timeout') },
      { guard: 'drainEnds', target: '.closed' },
      { guard: 'healingEnds', target: '.closed', actions: because('connection-failed') },
      { actions: 'passTime' },
    ],
  },
  initial: 'new',
  states: {
    new: {
      entry: entered('new'),
      always: { guard: 'isSignalled', target: 'connecting' },
      on: { OPENS: { guard: 'mayOpen', actions: 'openAll' } },
    },
    connecting: {
      entry: entered('connecting'),
      always: { guard: 'isOpen', target: 'channelsOpen' },
      on: { OPENS: { guard: 'mayOpen', actions: 'openAll' } },
    },
    channelsOpen: {
      entry: [entered('channelsOpen'), 'stopDial'],
      on: { ADMIT: 'connected' },
    },
    connected: {
      entry: entered('connected'),
      on: {
        CHANNEL_CLOSES: {
          target: 'draining',
          actions: [{ type: 'closeChannel', params: ofChannel }, because('channel-closed')],
        },
      },
    },
    draining: {
      entry: [entered('draining'), 'startDrain'],
      always: { guard: 'isDrained', target: 'closed' },
      on: {
        CHANNEL_CLOSES: [
          {
            guard: { type: 'mayCloseChannel', params: ofChannel },
            actions: { type: 'closeChannel', params: ofChannel },
          },
          {},
        ],
      },
    },
    closed: { entry: [entered('closed'), 'forget'], type: 'final' },
  },
})

/** Logic of {@link peerModel}. */
export type PeerModel = Model<PeerModelState, PeerModelEvent, PeerModelEmitted>

/**
 * The specification of one peer with Godot's three channels, of which the first is reliable. From Godot's `WebRTCMultiplayerPeer` (4.x):
 *
 * - `add_peer`: it is there, not connected. `poll`: it is connected once the connection is CONNECTED and all channels are open; a connection that
 *   has FAILED or CLOSED, or one channel that closes, ends it. Nothing ends it twice.
 * - `remove_peer`, `disconnect_peer`, `close`: it ends, whatever it was.
 *
 * And where this library decided otherwise:
 *
 * - A connection that is DISCONNECTED may heal; it ends the peer only when it stays so. One that never opens ends too.
 * - It is announced by its mesh, which may wait (`ADMIT`).
 * - Once it was announced, what is under way on its reliable channel is still taken after another channel closes, for a while.
 *
 * @example
 * ```ts
 * import { PEER_MODEL_EVENTS, peerModel, transitionPaths } from 'webrtc-multiplayer/testing'
 *
 * const { paths, coverage } = transitionPaths(peerModel, {
 *   events: PEER_MODEL_EVENTS,
 *   isPossible: (_, { type }) => type !== 'TIME_PASSES', // where time cannot be moved
 * })
 * console.log(paths.length, coverage.states)
 * ```
 */
export const peerModel: PeerModel = machine as unknown as PeerModel
