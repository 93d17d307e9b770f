import { Subscription } from 'rxjs'
import { ConnectionStatus } from '../../machines/mesh-types.ts'
import type { ApiSignals } from './api-signals.ts'
import type { Membership } from './membership.ts'
import type { MultiplayerPeerPort } from './multiplayer-peer-port.ts'
import type { Settings } from './options.ts'
import type { SceneReceiver } from './scene-receiver.ts'

/** What listens to one peer, from its assignment until it is replaced. */
export class PeerSession {
  readonly #peer: MultiplayerPeerPort
  readonly #members: Membership
  readonly #receiver: SceneReceiver
  readonly #signals: ApiSignals
  readonly #settings: Settings
  readonly #forget: () => void
  readonly #subscription = new Subscription()
  #status: ConnectionStatus

  /** @param forget - called when the session is over and everyone is forgotten. */
  constructor(
    peer: MultiplayerPeerPort,
    members: Membership,
    receiver: SceneReceiver,
    signals: ApiSignals,
    settings: Settings,
    forget: () => void,
  ) {
    this.#peer = peer
    this.#members = members
    this.#receiver = receiver
    this.#signals = signals
    this.#settings = settings
    this.#forget = forget
    this.#status = peer.connectionStatus
    this.#hearPeers()
    if (settings.version === '3') this.#hearServer()
    const present = this.#present()
    if (present.length === 0) {
      this.#hearPackets()
      return
    }
    // Peers that were there before are admitted when whoever made this API has had the chance to subscribe; what they sent waits in the peer until then.
    queueMicrotask(() => {
      if (this.#subscription.closed) return
      this.#admitPresent()
      this.#hearPackets()
    })
  }

  end(): void {
    this.#subscription.unsubscribe()
    this.#clear()
  }

  #hearPeers(): void {
    this.#subscription.add(this.#peer.peerConnected$.subscribe((id) => this.#members.connected(id)))
    // Unlike peerDisconnected$ it also tells of peers that were disconnected by force, which must not stay here as ghosts.
    this.#subscription.add(this.#peer.peerRemoved$.subscribe(({ peer }) => this.#members.lost(peer)))
    this.#subscription.add(this.#peer.connectionStatus$.subscribe((status) => this.#watch(status)))
  }

  #hearPackets(): void {
    this.#subscription.add(this.#peer.packets$.subscribe((packet) => this.#receiver.receive(packet)))
  }

  /** In Godot 3 these are the peer's own signals; since Godot 4 they follow from the status, and from peer 1. */
  #hearServer(): void {
    const { connectedToServer, connectionFailed, serverDisconnected } = this.#signals.subjects
    this.#subscription.add(this.#peer.connectionSucceeded$.subscribe(() => connectedToServer.next()))
    this.#subscription.add(this.#peer.connectionFailed$.subscribe(() => connectionFailed.next()))
    this.#subscription.add(this.#peer.serverDisconnected$.subscribe(() => serverDisconnected.next()))
  }

  /** Godot's watcher of the status. */
  #watch(status: ConnectionStatus): void {
    const previous = this.#status
    this.#status = status
    if (status === previous) return
    if (status === ConnectionStatus.DISCONNECTED) this.#disconnected(previous)
    // A session that comes back to life (Godot 3's compatibility) still has peers that nobody will announce again.
    else if (status === ConnectionStatus.CONNECTED) this.#admitPresent()
  }

  #disconnected(previous: ConnectionStatus): void {
    const gone = this.#clear()
    const { subjects } = this.#signals
    if (this.#settings.reportLostPeers) for (const id of gone) subjects.peerDisconnected.next(id)
    if (this.#settings.version === '3') return
    if (previous === ConnectionStatus.CONNECTING) subjects.connectionFailed.next()
    else subjects.serverDisconnected.next()
  }

  #clear(): number[] {
    const gone = this.#members.clear()
    this.#receiver.clear()
    this.#forget()
    return gone
  }

  /** Peers that the peer has announced and that are not known here. */
  #present(): number[] {
    const { admitted, authentications } = this.#members
    return [...this.#peer.getPeers().keys()].filter((id) => {
      const { state } = this.#peer.peer(id)
      return (state === 'connected' || state === 'draining') && !admitted.has(id) && !authentications.has(id)
    })
  }

  #admitPresent(): void {
    for (const id of this.#present()) {
      // A listener of the one before may have removed this one.
      if (this.#peer.hasPeer(id)) this.#members.connected(id)
    }
  }
}
