import { type ActorRefFrom, assign, emit, enqueueActions, raise, sendTo, setup } from 'xstate'
import {
  ConnectionStatus,
  TARGET_PEER_SERVER,
  type MeshConfiguration,
  type MeshEmitted,
  type MeshEvent,
  type MeshInput,
  type MeshLogic,
  type MeshMode,
  type MeshPeer,
} from './mesh-types.ts'
import { given } from './given.ts'
import type { LinkPort } from './link-port.ts'
import { peerMachine } from './peer-machine.ts'
import type { PeerCloseReason } from './peer-state.ts'

/** Longer than the worst stall of a healthy connect, several DTLS retransmissions at 1, 2, 4 s; shorter than a user's patience. */
export const DEFAULT_CONNECT_TIMEOUT = 15_000
/**
 * Browsers say DISCONNECTED after some seconds without an answer (Chromium 6) and FAILED 10 s later; what heals, as a change of the network or a page that
 * slept, mostly does so within a few seconds. Node's library gives up by itself at 13 s of silence with traffic, so longer would not help there.
 */
export const DEFAULT_DISCONNECTED_TIMEOUT = 5_000
/** A peer that closes gracefully has drained its send buffers before, so what is left is at most SCTP's own buffer of 1 MiB. */
export const DEFAULT_DRAIN_TIMEOUT = 1_000

interface PeerEntry extends MeshPeer {
  readonly ref: ActorRefFrom<typeof peerMachine>
  readonly link: LinkPort
}

interface MeshContext {
  mode: MeshMode
  uniqueId: number
  /** Godot 3's server compatibility, unless this peer is the server itself. */
  gated: boolean
  disconnectOnServerLost: boolean
  connectTimeout: number
  disconnectedTimeout: number
  drainTimeout: number
  peers: ReadonlyMap<number, PeerEntry>
}

type Context = { context: MeshContext }
type Id = { id: number }
type Removal = { id: number; reason: PeerCloseReason; link?: LinkPort }
type Opening = { id: number; link: LinkPort }
type ActorFailure = { actorId: string; error: unknown }

// Wildcard events have no type of their own in XState.
const fromFailure = ({ event }: { event: unknown }): ActorFailure => event as ActorFailure

const nextWaiting = (peers: MeshContext['peers']): number | undefined => {
  const waiting = [...peers].filter(([, peer]) => peer.open && !peer.announced).map(([id]) => id)
  return waiting.length === 0 ? undefined : Math.min(...waiting)
}

/** The peer that is meant: a report of a link that is not in the mesh any more means nobody. */
const peerMeant = ({ context }: Context, { id, link }: Partial<Opening> & Id): PeerEntry | undefined => {
  const peer = context.peers.get(id)
  return link === undefined || peer?.link === link ? peer : undefined
}

const isServerOf = ({ context }: Context, id: number): boolean =>
  id === TARGET_PEER_SERVER && (context.mode === 'client' || context.gated)

/** While peer 1 is not there: others that open wait, and a client whose connection to it fails hears of it, each time. */
const AWAITING_SERVER = {
  'peer.open': [
    {
      guard: given('isServer'),
      target: 'connected',
      actions: given('noteOpen'),
    },
    { actions: given('noteOpen') },
  ],
  'peer.closed': [
    {
      guard: given('failsToConnect'),
      target: 'serverLost',
      actions: [given('dropPeer'), given('emitConnectionFailed')],
    },
    { actions: given('dropPeer') },
  ],
} as const

/**
 * The statechart of a mesh: which peers there are, and what the application hears of them, in which order.
 *
 * `disconnected` -> `connected` for a mesh or a server; -> `connecting` -> `connected` for a client, or with server compatibility, once peer 1 is open;
 * -> `serverLost` when it is gone again. A peer that opens waits until it is admitted; admission goes one peer at a time
 * through the actor's mailbox, lowest id first, so that whatever a listener does in between (removing the next one, closing) counts.
 */
export const meshMachine = setup({
  types: {} as { input: MeshInput; context: MeshContext; events: MeshEvent; emitted: MeshEmitted },
  actors: { peer: peerMachine },
  guards: {
    startsConnected: (_, { mode, serverCompatibility, uniqueId }: MeshConfiguration) =>
      mode !== 'client' && (!serverCompatibility || uniqueId === TARGET_PEER_SERVER),
    isServer: (args, opening: Opening) => isServerOf(args, opening.id) && peerMeant(args, opening) !== undefined,
    isUnknown: ({ context }, { id }: Id) => !context.peers.has(id),
    losesServer: (args, removal: Removal) =>
      isServerOf(args, removal.id) &&
      (peerMeant(args, removal)?.announced === true || removal.reason === 'forced') &&
      (args.context.mode === 'client' || args.context.disconnectOnServerLost),
    failsToConnect: (args, removal: Removal) =>
      args.context.mode === 'client' && peerMeant(args, removal) !== undefined && removal.reason !== 'removed',
  },
  actions: {
    configure: assign((_, { mode, uniqueId, serverCompatibility, onServerLost }: MeshConfiguration) => ({
      mode,
      uniqueId,
      gated: serverCompatibility && uniqueId !== TARGET_PEER_SERVER,
      disconnectOnServerLost: onServerLost === 'disconnect',
    })),
    emitStatus: emit((_, { status }: { status: ConnectionStatus }) => ({ type: 'status' as const, status })),
    addPeer: assign({
      peers: ({ context, spawn, self }, { id, link }: { id: number; link: LinkPort }) => {
        const { connectTimeout, disconnectedTimeout, drainTimeout } = context
        const input = { id, link, connectTimeout, disconnectedTimeout, drainTimeout, parent: self }
        const ref = spawn('peer', { id: `peer:${id}`, input })
        return new Map(context.peers).set(id, { ref, link, open: false, announced: false })
      },
    }),
    noteOpen: assign({
      peers: ({ context }, opening: Opening) => {
        const peer = peerMeant({ context }, opening)
        return peer ? new Map(context.peers).set(opening.id, { ...peer, open: true }) : context.peers
      },
    }),
    /** Announces the lowest waiting peer, then opens its gate; the next one gets its turn after what listeners did. */
    announceNext: enqueueActions(({ context, enqueue }) => {
      const id = nextWaiting(context.peers)
      const peer = id === undefined ? undefined : context.peers.get(id)
      if (id === undefined || !peer) return
      const peers = new Map(context.peers).set(id, { ...peer, announced: true })
      enqueue.assign({ peers })
      enqueue.emit({ type: 'peerConnected', id })
      if (isServerOf({ context }, id)) enqueue.emit({ type: 'connectionSucceeded' })
      enqueue.sendTo(peer.ref, { type: 'admit' })
      if (nextWaiting(peers) !== undefined) enqueue.sendTo(({ self }) => self, { type: 'admit.next' })
    }),
    /** Stops and forgets a peer; says so, and of the server too, to whoever heard of it before. */
    dropPeer: enqueueActions(({ context, enqueue }, removal: Removal) => {
      const { id, reason } = removal
      const peer = peerMeant({ context }, removal)
      if (!peer) return
      const peers = new Map(context.peers)
      peers.delete(id)
      enqueue.assign({ peers })
      enqueue.stopChild(peer.ref)
      enqueue.emit({ type: 'peerRemoved', id, reason, announced: peer.announced, link: peer.link })
      if (!peer.announced || reason === 'forced') return
      enqueue.emit({ type: 'peerDisconnected', id })
      if (isServerOf({ context }, id)) enqueue.emit({ type: 'serverDisconnected' })
    }),
    /** To itself, through the mailbox: after whatever listeners of the last announcement ask for. */
    admitNext: sendTo(({ self }) => self, { type: 'admit.next' }),
    emitConnectionFailed: enqueueActions(({ enqueue }, { reason }: Removal) => {
      if (reason !== 'forced') enqueue.emit({ type: 'connectionFailed' })
    }),
    dropAll: enqueueActions(({ context, enqueue }) => {
      for (const [id, peer] of context.peers) {
        enqueue.stopChild(peer.ref)
        enqueue.emit({ type: 'peerRemoved', id, reason: 'mesh-closed', announced: peer.announced, link: peer.link })
      }
      enqueue.assign({ peers: new Map(), mode: 'none', gated: false })
    }),
    /** A peer's actor threw: that peer ends, the mesh does not. */
    dropBroken: enqueueActions(({ context, enqueue }, { actorId, error }: ActorFailure) => {
      enqueue.emit({ type: 'peerError', actorId, error })
      const id = Number(actorId.replace(/^peer:/, ''))
      const peer = context.peers.get(id)
      if (!peer) return
      // XState does not stop what a failed actor had invoked, so its link would never be released.
      enqueue(() => {
        peer.link.release()
      })
      enqueue.raise({ type: 'peer.closed', id, reason: 'error' })
    }),
  },
}).createMachine({
  id: 'mesh',
  context: ({ input }) => ({
    mode: 'none',
    uniqueId: 0,
    gated: false,
    disconnectOnServerLost: false,
    connectTimeout: input.connectTimeout ?? DEFAULT_CONNECT_TIMEOUT,
    disconnectedTimeout: input.disconnectedTimeout ?? DEFAULT_DISCONNECTED_TIMEOUT,
    drainTimeout: input.drainTimeout ?? DEFAULT_DRAIN_TIMEOUT,
    peers: new Map(),
  }),
  on: {
    configure: [
      {
        guard: given('startsConnected'),
        target: '.connected',
        actions: given('configure'),
      },
      { target: '.connecting', actions: given('configure') },
    ],
    // A second child of the same name would be an orphan that nothing can stop.
    'peer.add': { guard: given('isUnknown'), actions: given('addPeer') },
    'peer.open': { actions: given('noteOpen') },
    'peer.closed': { actions: given('dropPeer') },
    'peer.remove': {
      actions: raise(({ event: { id, reason } }) => ({ type: 'peer.closed' as const, id, reason })),
    },
    close: { target: '.disconnected', actions: 'dropAll' },
    // Unhandled, the error of one peer's actor would stop the mesh and every other peer with it.
    'xstate.error.actor.*': { actions: { type: 'dropBroken', params: fromFailure } },
  },
  initial: 'disconnected',
  states: {
    disconnected: {
      entry: [{ type: 'emitStatus', params: { status: ConnectionStatus.DISCONNECTED } }, emit({ type: 'closed' })],
    },
    connecting: {
      entry: { type: 'emitStatus', params: { status: ConnectionStatus.CONNECTING } },
      on: AWAITING_SERVER,
    },
    connected: {
      entry: [{ type: 'emitStatus', params: { status: ConnectionStatus.CONNECTED } }, 'admitNext'],
      on: {
        'peer.open': { actions: [given('noteOpen'), 'announceNext'] },
        'admit.next': { actions: 'announceNext' },
        'peer.closed': [
          {
            guard: given('losesServer'),
            target: 'serverLost',
            actions: given('dropPeer'),
          },
          { actions: given('dropPeer') },
        ],
      },
    },
    /** Status DISCONNECTED, but the other peers live on, and a server that is added again revives the session (Godot 3 and 4 both). */
    serverLost: {
      entry: { type: 'emitStatus', params: { status: ConnectionStatus.DISCONNECTED } },
      on: AWAITING_SERVER,
    },
  },
})

/** {@link meshMachine} behind types of our own, so that what XState infers never becomes part of the public interface. */
export const meshLogic = meshMachine as unknown as MeshLogic
