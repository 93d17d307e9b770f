import type { ActorLogic, ActorRef, ActorSystem, ActorSystemInfo, Snapshot } from 'xstate'
import type { LinkPort } from './link-port.ts'
import type { PeerCloseReason } from './peer-state.ts'

/** Godot's `MultiplayerPeer.ConnectionStatus`, with its numbers. */
export enum ConnectionStatus {
  DISCONNECTED = 0,
  CONNECTING = 1,
  CONNECTED = 2,
}

/** Target of a packet: everyone. */
export const TARGET_PEER_BROADCAST = 0
/** Target of a packet, and id: the server. */
export const TARGET_PEER_SERVER = 1

/** How a mesh was started; `none` before that and after `close()`. */
export type MeshMode = 'none' | 'mesh' | 'server' | 'client'

/** What happens to the status when server compatibility has lost the server: see `MeshConfiguration.onServerLost`. */
export type ServerLostPolicy = 'stay' | 'disconnect'

/** How a mesh is to run. */
export interface MeshConfiguration {
  mode: Exclude<MeshMode, 'none'>
  uniqueId: number
  /** Godot 3's gating: peers are announced only once peer 1 is there. */
  serverCompatibility: boolean
  /**
   * With server compatibility, when the server is lost: `stay` CONNECTED, as Godot's documentation says, or `disconnect`: DISCONNECTED, as its engine does.
   */
  onServerLost: ServerLostPolicy
}

/** What can be sent to a mesh actor. */
export type MeshEvent =
  | ({ type: 'configure' } & MeshConfiguration)
  | { type: 'peer.add'; id: number; link: LinkPort }
  | { type: 'peer.remove'; id: number; reason: PeerCloseReason }
  | { type: 'close' }
  /** From a peer's actor: every channel is open. The link tells it from a peer added since under the same id. */
  | { type: 'peer.open'; id: number; link: LinkPort }
  /** From a peer's actor: it has ended. Without a link it means whoever has this id now. */
  | { type: 'peer.closed'; id: number; reason: PeerCloseReason; link?: LinkPort }
  /** From the mesh to itself: announce the next waiting peer. */
  | { type: 'admit.next' }

/** What a mesh actor emits, in the order in which an application is to hear it. */
export type MeshEmitted =
  | { type: 'status'; status: ConnectionStatus }
  /** The peer is no longer in the mesh; comes before `peerDisconnected`, and also for peers that were never announced. */
  | { type: 'peerRemoved'; id: number; reason: PeerCloseReason; announced: boolean; link: LinkPort }
  | { type: 'peerConnected'; id: number }
  | { type: 'peerDisconnected'; id: number }
  | { type: 'connectionSucceeded' }
  | { type: 'connectionFailed' }
  | { type: 'serverDisconnected' }
  /** `close` was carried out, the status included. */
  | { type: 'closed' }
  | { type: 'peerError'; actorId: string; error: unknown }

/** One peer as the mesh actor sees it. */
export interface MeshPeer {
  /** Every channel is open. */
  readonly open: boolean
  /** The application heard of it. */
  readonly announced: boolean
}

export interface MeshInput {
  /** Milliseconds until a peer that was added must be open. Default 15000. */
  connectTimeout?: number
  /** Milliseconds that a peer's connection may be DISCONNECTED before the peer counts as lost. Default 5000. */
  disconnectedTimeout?: number
  /** Milliseconds for the remaining channels once the other side closed the first one. Default 1000. */
  drainTimeout?: number
}

/** Snapshot of a mesh actor. */
export type MeshSnapshot = Snapshot<undefined> & {
  readonly value: 'disconnected' | 'connecting' | 'connected' | 'serverLost'
  readonly context: {
    readonly mode: MeshMode
    readonly uniqueId: number
    readonly peers: ReadonlyMap<number, MeshPeer>
  }
}

/** A running mesh actor. */
export type MeshActorRef = ActorRef<MeshSnapshot, MeshEvent, MeshEmitted>

/** The mesh as actor logic, to be invoked or spawned by another machine. */
export type MeshLogic = ActorLogic<MeshSnapshot, MeshEvent, MeshInput, ActorSystem<ActorSystemInfo>, MeshEmitted>
