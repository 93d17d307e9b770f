import { assign, emit, enqueueActions, setup } from 'xstate'
import { given } from '../../machines/given.ts'
import type { PeerCloseReason } from '../../machines/peer-state.ts'
import { isMeshModelId } from './mesh-model-events.ts'
import type {
  MeshModel,
  MeshModelContext,
  MeshModelEmitted,
  MeshModelEvent,
  MeshModelOptions,
  MeshModelPeer,
  MeshModelStatus,
  MeshModelTime,
} from './mesh-model-types.ts'

type Context = { context: MeshModelContext }
type Id = { id: number }
type Time = { of: MeshModelTime }
type Channel = Id & { channel: number }
type Reason = { reason: PeerCloseReason }
/** A peer ends: what LOST, REMOVE and the others come down to. */
type End = { type: 'END' } & Id & Reason

const SERVER = 1
const TIMES: readonly MeshModelTime[] = ['drain', 'healing', 'dial']
const REASON_OF_TIME: Readonly<Record<MeshModelTime, PeerCloseReason>> = {
  drain: 'channel-closed',
  healing: 'connection-failed',
  dial: 'connect-timeout',
}

const say = (status: MeshModelStatus) => ({ type: 'say' as const, params: { status } })
const endsAs = (reason: PeerCloseReason) => ({ type: 'raiseEnd' as const, params: { reason } })
const stageOf = ({ peers }: MeshModelContext, id: number): MeshModelPeer['stage'] | undefined =>
  peers.find((peer) => peer.id === id)?.stage
const moved = ({ peers }: MeshModelContext, id: number, stage: MeshModelPeer['stage']): MeshModelPeer[] =>
  peers.map((peer) => (peer.id === id ? { id, stage } : peer))
const isAnnounced = (context: MeshModelContext, id: number): boolean =>
  ['announced', 'draining'].includes(stageOf(context, id) ?? '')
const isHealing = ({ timers }: MeshModelContext, id: number): boolean =>
  timers.some((timer) => timer.of === 'healing' && timer.id === id)
const due = ({ timers }: MeshModelContext, of: MeshModelTime): MeshModelContext['timers'] =>
  TIMES.slice(0, TIMES.indexOf(of) + 1).flatMap((time) => timers.filter((timer) => timer.of === time))

/**
 * The specification of a mesh, after Godot's decision tables (4.x `WebRTCMultiplayerPeer`, 3.x `WebRTCMultiplayer`). Which row is where:
 *
 * - `create_*`, `initialize`: START. A mesh or server is CONNECTED at once; a client, and with server compatibility a peer other than 1, is CONNECTING.
 * - All channels open: OPEN. `peer_connected(P)`; a client is CONNECTED before its signal. With server compatibility nobody is announced before peer 1 is open:
 *   then 1, `connection_succeeded`, and everyone who waited, ascending.
 * - Fails before open: END while dialing. Nothing is heard, the peer is erased.
 * - Lost after open, or one channel closes: END while announced. `peer_disconnected(P)`; of a client's server also DISCONNECTED, after the signal.
 * - `remove_peer(P)`: as lost if connected; if not, silent, and a client stays CONNECTING. `disconnect_peer(P)`: as lost. `disconnect_peer(P, true)`: silent, a
 *   client is DISCONNECTED. `close()`: silent, DISCONNECTED.
 *
 * And where this library decided otherwise (docs/godot-compatibility.md): a client whose server fails before it is open hears `connectionFailed`; nobody is
 * reported gone who was not announced, or announced twice, when the server comes back; the server's loss is told (`serverDisconnected`) and leaves the status as `onServerLost` says; an id twice and one's own are
 * refused; peers that never open end; DISCONNECTED may heal; what is under way when the other side closes is still taken; `peerRemoved` tells of every end but `close()`.
 *
 * @example
 * ```ts
 * import { meshModel, meshModelEvents, transitionPaths } from 'webrtc-multiplayer/testing'
 *
 * const { paths, coverage } = transitionPaths(meshModel({ mode: 'mesh', uniqueId: 5 }), { events: meshModelEvents([2, 3]) })
 * console.log(paths.length, coverage.transitions)
 * ```
 */
export function meshModel(options: MeshModelOptions): MeshModel {
  const { mode, uniqueId, serverCompatibility = false, onServerLost = 'stay' } = options
  const waitsForServer = mode === 'client' || (serverCompatibility && uniqueId !== SERVER)
  const isServer = (id: number): boolean => waitsForServer && id === SERVER
  const isAllowed = (id: number): boolean =>
    isMeshModelId(id) && id !== uniqueId && (mode !== 'client' || id === SERVER)
  const startsAgain = waitsForServer
    ? ({ guard: 'isEmpty', target: 'connecting', actions: say('CONNECTING') } as const)
    : ({ guard: 'isEmpty', target: 'connected' } as const)

  const machine = setup({
    types: {} as { context: MeshModelContext; events: MeshModelEvent | End; emitted: MeshModelEmitted },
    guards: {
      isEmpty: ({ context }) => context.peers.length === 0,
      isThere: ({ context }, { id }: Id) => stageOf(context, id) !== undefined,
      mayAdd: ({ context }, { id }: Id) => isAllowed(id) && stageOf(context, id) === undefined,
      isDialing: ({ context }, { id }: Id) => stageOf(context, id) === 'dialing',
      opensServer: ({ context }, { id }: Id) => isServer(id) && stageOf(context, id) === 'dialing',
      // What was never up cannot be DISCONNECTED.
      mayBeLost: ({ context }, { id, state }: Id & { state: string }) =>
        stageOf(context, id) !== undefined && (state !== 'DISCONNECTED' || stageOf(context, id) !== 'dialing'),
      mayWaver: ({ context }, { id }: Id) =>
        stageOf(context, id) !== undefined && stageOf(context, id) !== 'dialing' && !isHealing(context, id),
      mayHeal: ({ context }, { id }: Id) => isHealing(context, id),
      beginsToDrain: ({ context }, { id, channel }: Channel) => stageOf(context, id) === 'announced' && channel !== 0,
      endsByChannel: ({ context }, { id, channel }: Channel) =>
        stageOf(context, id) !== undefined && (stageOf(context, id) !== 'draining' || channel === 0),
      isDue: ({ context }, { of }: Time) => due(context, of).length > 0,
      losesServer: ({ context }, { id, reason }: End) =>
        isServer(id) &&
        (mode === 'client' || onServerLost === 'disconnect') &&
        (isAnnounced(context, id) || reason === 'forced'),
      failsToConnect: (_, { reason }: End) => mode === 'client' && reason !== 'removed',
    },
    actions: {
      say: emit((_, { status }: { status: MeshModelStatus }) => ({ type: 'status' as const, status })),
      add: assign(({ context: { peers, timers } }: Context, { id }: Id) => ({
        peers: [...peers, { id, stage: 'dialing' as const }].sort((a, b) => a.id - b.id),
        timers: [...timers, { of: 'dial' as const, id }],
      })),
      open: assign(({ context }: Context, { id }: Id) => ({
        peers: moved(context, id, 'waiting'),
        timers: context.timers.filter((timer) => timer.id !== id),
      })),
      announce: enqueueActions(({ context, enqueue }) => {
        for (const { id, stage } of context.peers) {
          if (stage !== 'waiting') continue
          enqueue.assign({ peers: ({ context }) => moved(context, id, 'announced') })
          enqueue.emit({ type: 'peerConnected', id })
          if (isServer(id)) enqueue.emit({ type: 'connectionSucceeded' })
        }
      }),
      drain: assign(({ context }: Context, { id }: Id) => ({
        peers: moved(context, id, 'draining'),
        timers: [...context.timers, { of: 'drain' as const, id }],
      })),
      waver: assign({ timers: ({ context }, { id }: Id) => [...context.timers, { of: 'healing' as const, id }] }),
      heal: assign({
        timers: ({ context }, { id }: Id) =>
          context.timers.filter((timer) => timer.of !== 'healing' || timer.id !== id),
      }),
      raiseEnd: enqueueActions(({ event, enqueue }, { reason }: Reason) => {
        if ('id' in event) enqueue.raise({ type: 'END', id: event.id, reason })
      }),
      /** A peer of which two times end, ends with the first. */
      raiseDue: enqueueActions(({ context, enqueue }, { of }: Time) => {
        const ended = new Set<number>()
        for (const timer of due(context, of)) {
          if (!ended.has(timer.id)) enqueue.raise({ type: 'END', id: timer.id, reason: REASON_OF_TIME[timer.of] })
          ended.add(timer.id)
        }
      }),
      end: enqueueActions(({ context, enqueue }, { id, reason }: End) => {
        const announced = isAnnounced(context, id)
        enqueue.assign({
          peers: context.peers.filter((peer) => peer.id !== id),
          timers: context.timers.filter((timer) => timer.id !== id),
        })
        enqueue.emit({ type: 'peerRemoved', id, reason, announced })
        if (!announced || reason === 'forced') return
        enqueue.emit({ type: 'peerDisconnected', id })
        if (isServer(id)) enqueue.emit({ type: 'serverDisconnected' })
      }),
      sayFailed: enqueueActions(({ enqueue }, { reason }: End) => {
        if (reason !== 'forced') enqueue.emit({ type: 'connectionFailed' })
      }),
      forget: assign({ peers: [], timers: [] }),
    },
  }).createMachine({
    id: 'meshModel',
    context: { peers: [], timers: [] },
    on: {
      ADD: { guard: given('mayAdd'), actions: given('add') },
      LOST: { guard: given('mayBeLost'), actions: endsAs('connection-failed') },
      CHANNEL_CLOSES: [
        { guard: given('beginsToDrain'), actions: given('drain') },
        { guard: given('endsByChannel'), actions: endsAs('channel-closed') },
      ],
      WAVERS: { guard: given('mayWaver'), actions: given('waver') },
      HEALS: { guard: given('mayHeal'), actions: given('heal') },
      REMOVE: { guard: given('isThere'), actions: endsAs('removed') },
      DISCONNECT: { guard: given('isThere'), actions: endsAs('disconnected') },
      FORCE: { guard: given('isThere'), actions: endsAs('forced') },
      TIME_OUT: { guard: given('isDue'), actions: given('raiseDue') },
      CLOSE: { target: '.unstarted', actions: ['forget', say('DISCONNECTED')] },
    },
    initial: 'unstarted',
    states: {
      unstarted: {
        on: {
          START: waitsForServer
            ? { target: 'connecting', actions: say('CONNECTING') }
            : { target: 'connected', actions: say('CONNECTED') },
          ADD: {},
          CLOSE: {},
        },
      },
      connecting: {
        on: {
          START: { guard: 'isEmpty', target: 'connecting' },
          OPEN: [
            { guard: given('opensServer'), target: 'connected', actions: [given('open'), say('CONNECTED')] },
            { guard: given('isDialing'), actions: given('open') },
          ],
          END: [
            {
              guard: given('failsToConnect'),
              target: 'serverLost',
              actions: [given('end'), given('sayFailed'), say('DISCONNECTED')],
            },
            { actions: given('end') },
          ],
        },
      },
      connected: {
        entry: 'announce',
        on: {
          START: startsAgain,
          OPEN: { guard: given('isDialing'), actions: [given('open'), 'announce'] },
          END: [
            { guard: given('losesServer'), target: 'serverLost', actions: [given('end'), say('DISCONNECTED')] },
            { actions: given('end') },
          ],
        },
      },
      serverLost: {
        on: {
          START: startsAgain,
          OPEN: [
            { guard: given('opensServer'), target: 'connected', actions: [given('open'), say('CONNECTED')] },
            { guard: given('isDialing'), actions: given('open') },
          ],
          END: [
            { guard: given('failsToConnect'), actions: [given('end'), given('sayFailed')] },
            { actions: given('end') },
          ],
          CLOSE: { target: 'unstarted', actions: 'forget' },
        },
      },
    },
  })
  return machine as unknown as MeshModel
}
