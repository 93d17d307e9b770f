import type { Observable } from 'rxjs'
import type { PeerState } from '../../machines/peer-state.ts'
import type { WebRTCDataChannel } from '../../transport/data-channel.ts'
import type { WebRTCPeerConnection } from '../../transport/peer-connection.ts'
import type { Packet } from './packet.ts'
import type { PeerLink } from './peer-link.ts'
import type { PeerStats } from './peer-stats.ts'

/** What `getPeer` tells of a peer: the dictionary of Godot's `get_peer`. */
export interface PeerInfo {
  readonly connection: WebRTCPeerConnection
  /** The three default channels (reliable, ordered, unreliable), then the extra ones. */
  readonly channels: readonly WebRTCDataChannel[]
  /** Connected, with every channel open; announced or not. */
  readonly connected: boolean
}

/** One remote peer of a mesh, from {@link WebRTCMultiplayerPeer.peer}. Ends with that peer: one added later under the same id is another. */
export interface RemotePeer {
  readonly id: number
  readonly state: PeerState
  /** The state now and every change; completes after `closed`. */
  readonly state$: Observable<PeerState>
  /** This peer's packets, without a filter over everyone's. Completes when the peer is gone. */
  readonly packets$: Observable<Packet>
  stats(): PeerStats
}

export function remotePeer(link: PeerLink, packets$: Observable<Packet>): RemotePeer {
  return {
    id: link.id,
    get state() {
      return link.state$.value
    },
    state$: link.state$.asObservable(),
    packets$,
    stats: () => link.stats(),
  }
}

export function peerInfo(link: PeerLink): PeerInfo {
  return { connection: link.connection, channels: link.channels, connected: link.isOpen }
}
