import type { PeerCloseReason } from '../../machines/peer-state.ts'
import type { ServerLostPolicy } from '../../machines/mesh-types.ts'
import type { Model, ModelSnapshot } from '../paths/path-types.ts'

/** Which mesh {@link meshModel} specifies; as a mesh is started. */
export interface MeshModelOptions {
  mode: 'mesh' | 'server' | 'client'
  /** This peer's own id. */
  uniqueId: number
  /** Godot 3's: peers are announced only once peer 1 is there. Default false. */
  serverCompatibility?: boolean
  /** With server compatibility, the status after the server is lost: CONNECTED (`stay`) or DISCONNECTED. Default `stay`. */
  onServerLost?: ServerLostPolicy
}

/** Which times end. Each is so much longer than the one before that those have ended too. */
export type MeshModelTime =
  /** For the channels that remain after the other side closed one. */
  | 'drain'
  /** For a connection that is DISCONNECTED to heal. */
  | 'healing'
  /** For a peer to open. */
  | 'dial'

/** What happens to a mesh. */
export type MeshModelEvent =
  /** `createMesh`, `createServer`, `createClient`, `initialize`. */
  | { type: 'START' }
  | { type: 'ADD'; id: number }
  /** As ADD, while `refuseNewConnections` is true. */
  | { type: 'ADD_REFUSED'; id: number }
  /** The connection is CONNECTED and every channel open. */
  | { type: 'OPEN'; id: number }
  /** The connection ends in this state. */
  | { type: 'LOST'; id: number; state: 'DISCONNECTED' | 'FAILED' | 'CLOSED' }
  /** The other side closes this channel (0 is the reliable one), before it was open our side does. */
  | { type: 'CHANNEL_CLOSES'; id: number; channel: number }
  /** The connection is DISCONNECTED, which may heal. */
  | { type: 'WAVERS'; id: number }
  | { type: 'HEALS'; id: number }
  /** `removePeer(id)`. */
  | { type: 'REMOVE'; id: number }
  /** `disconnectPeer(id)`. */
  | { type: 'DISCONNECT'; id: number }
  /** `disconnectPeer(id, true)`. */
  | { type: 'FORCE'; id: number }
  | { type: 'CLOSE' }
  | { type: 'TIME_OUT'; of: MeshModelTime }

/** What the application hears, in this order. */
export type MeshModelEmitted =
  | { type: 'status'; status: MeshModelStatus }
  | { type: 'peerConnected'; id: number }
  | { type: 'peerRemoved'; id: number; reason: PeerCloseReason; announced: boolean }
  | { type: 'peerDisconnected'; id: number }
  | { type: 'connectionSucceeded' }
  | { type: 'connectionFailed' }
  | { type: 'serverDisconnected' }

export type MeshModelStatus = 'DISCONNECTED' | 'CONNECTING' | 'CONNECTED'

/** One remote peer of {@link meshModel}. */
export interface MeshModelPeer {
  readonly id: number
  /** Added; open and not announced; announced; announced, and the other side begins to close. */
  readonly stage: 'dialing' | 'waiting' | 'announced' | 'draining'
}

/** A time that runs, in the order in which those of a kind began and so end. */
export interface MeshModelTimer {
  readonly of: MeshModelTime
  readonly id: number
}

/** What {@link meshModel} knows. */
export interface MeshModelContext {
  /** In ascending order of their ids. */
  readonly peers: readonly MeshModelPeer[]
  readonly timers: readonly MeshModelTimer[]
}

/** Snapshot of {@link meshModel}: in `serverLost` the status is DISCONNECTED, but it can connect again. */
export type MeshModelState = ModelSnapshot<MeshModelEvent> & {
  readonly value: 'unstarted' | 'connecting' | 'connected' | 'serverLost'
  readonly context: MeshModelContext
}

/** Logic of {@link meshModel}. */
export type MeshModel = Model<MeshModelState, MeshModelEvent, MeshModelEmitted>
