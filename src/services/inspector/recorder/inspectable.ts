import type { Observable } from 'rxjs'
import { invalid } from '../../../checks.ts'
import type { ConnectionStatus } from '../../../machines/mesh-types.ts'
import type { Verdict } from '../../lobby/client/verdict.ts'
import type { PassedPacket } from '../../multiplayer-peer/passed-packet.ts'
import type { MeshStats } from '../../multiplayer-peer/peer-stats.ts'
import type { InspectableActor } from './running-actor.ts'

/** What is used of a `WebRTCMultiplayerPeer`. */
export interface InspectableMesh {
  readonly actor: InspectableActor
  readonly uniqueId: number
  readonly connectionStatus: ConnectionStatus
  stats(): MeshStats
}

/** What is used of a `JoinedLobby`. */
export interface InspectableLobby {
  readonly peer: InspectableMesh
  readonly id: number
  readonly lobby: string
  readonly verdicts$: Observable<Verdict>
}

/** What is used of a `MultiplayerAPI`. */
export interface InspectableAPI {
  readonly multiplayerPeer: object | null
  readonly uniqueId: number
}

/** What an inspector can watch: a `WebRTCMultiplayerPeer`, a `JoinedLobby`, a `MultiplayerAPI`, or an actor of XState 5. */
export type Inspectable = InspectableActor | InspectableMesh | InspectableLobby | InspectableAPI

// What follows is not in the public types of those classes.

/** A mesh with what it shows to inspectors alone. */
export interface WatchedMesh extends InspectableMesh {
  readonly passedPackets$?: Observable<PassedPacket>
}

/** A lobby with what it shows to inspectors alone. */
export interface WatchedLobby extends InspectableLobby {
  readonly negotiations$?: Observable<InspectableActor>
}

/** An API with what it shows to inspectors alone. */
export interface WatchedAPI extends InspectableAPI {
  readonly multiplayerPeers$: Observable<object | null>
  readonly authentications$: Observable<InspectableActor>
}

export type Recognized =
  | { readonly kind: 'mesh'; readonly mesh: WatchedMesh }
  | { readonly kind: 'lobby'; readonly lobby: WatchedLobby }
  | { readonly kind: 'api'; readonly api: WatchedAPI }
  | { readonly kind: 'actor'; readonly actor: InspectableActor }

/** Tells what something is. @throws MultiplayerError `ERR_INVALID_PARAMETER` if it is nothing that can be watched. */
export function recognize(target: unknown): Recognized {
  if (typeof target === 'object' && target !== null) {
    if ('multiplayerPeers$' in target) return { kind: 'api', api: target as WatchedAPI }
    if ('verdicts$' in target && 'peer' in target) return { kind: 'lobby', lobby: target as WatchedLobby }
    if (isMesh(target)) return { kind: 'mesh', mesh: target }
    if ('getSnapshot' in target && 'system' in target) return { kind: 'actor', actor: target as InspectableActor }
  }
  throw invalid('Give a WebRTCMultiplayerPeer, a JoinedLobby, a MultiplayerAPI, or an actor of XState 5.', target)
}

export function isMesh(target: object): target is WatchedMesh {
  return 'actor' in target && 'stats' in target
}
