import { Subject, Subscription, takeUntil } from 'rxjs'
import { ConnectionStatus } from '../../machines/mesh-types.ts'
import type { PeerState } from '../../machines/peer-state.ts'
import { MultiplayerError } from '../../multiplayer-error.ts'
import type { ApiSignals } from './api-signals.ts'
import type { Membership } from './membership.ts'
import type { MultiplayerPeerPort } from './multiplayer-peer-port.ts'
import type { Settings } from './options.ts'
import type { SceneReceiver } from './scene-receiver.ts'

/** Announced, and not gone. */
const PRESENT: ReadonlySet<PeerState> = new Set<PeerState>(['connected', 'draining'])

/** The same, or announced at the moment. */
const OPEN: ReadonlySet<PeerState> = new Set<PeerState>(['channelsOpen', ...PRESENT])

/** Peers that have an API. */
const taken = new WeakSet<MultiplayerPeerPort>()

/** @throws MultiplayerError `ERR_ALREADY_IN_USE` for a peer that has an API: two would both relay what is to be relayed, and tell twice who is there. */
export function assertFree(peer: MultiplayerPeerPort): void {
  if (!taken.has(peer)) return
  throw new MultiplayerError(
    'ERR_ALREADY_IN_USE',
    'This peer belongs to another MultiplayerAPI; set the multiplayerPeer of that one to null first.',
  )
}

/** What listens to one peer, from its assignment until it is replaced. */
export class PeerSession {
  readonly #peer: MultiplayerPeerPort
  readonly #members: Membership
  readonly #receiver: SceneReceiver
  readonly #signals: ApiSignals
  readonly #settings: Settings
  readonly #forget: () => void
  readonly #subscription = new Subscription()
  readonly #over = new Subject<void>()
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
    taken.add(peer)
    this.#hearPeers()
    if (settings.version === '3') this.#hearServer()
    if (this.#peersThatAre(OPEN).length === 0) {
      this.#hearPackets()
      return
    }
    // Peers that were there before are admitted when whoever made this API has had the chance to subscribe; what they sent waits in the peer until then. So is one whose
    // announcement is under way, if this API was made by a listener of it.
    queueMicrotask(() => {
      this.#admitPresent()
      this.#hearPackets()
    })
  }

  end(): void {
    taken.delete(this.#peer)
    this.#subscription.unsubscribe()
    this.#over.next()
    this.#clear()
  }

  #hearPeers(): void {
    this.#subscription.add(this.#peer.peerConnected$.subscribe((id) => this.#admit(id)))
    // Unlike peerDisconnected$ it also tells of peers that were disconnected by force, which must not stay here as ghosts.
    this.#subscription.add(this.#peer.peerRemoved$.subscribe(({ peer }) => this.#members.lost(peer)))
    this.#subscription.add(this.#peer.connectionStatus$.subscribe((status) => this.#watch(status)))
  }

  /** Those that have waited come while this subscribes; whoever ends the session then must not lose the rest. */
  #hearPackets(): void {
    if (this.#subscription.closed) return
    const packets$ = this.#peer.packets$.pipe(takeUntil(this.#over))
    this.#subscription.add(packets$.subscribe((packet) => this.#receiver.receive(packet)))
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
    // Once a listener has set another peer, or none, nothing more is said of this one.
    for (const id of this.#settings.reportLostPeers ? gone : []) {
      if (!this.#subscription.closed) subjects.peerDisconnected.next(id)
    }
    if (this.#subscription.closed || this.#settings.version === '3') return
    if (previous === ConnectionStatus.CONNECTING) subjects.connectionFailed.next()
    else subjects.serverDisconnected.next()
  }

  #clear(): number[] {
    const gone = this.#members.clear()
    this.#receiver.clear()
    this.#forget()
    return gone
  }

  #peersThatAre(states: ReadonlySet<PeerState>): number[] {
    return [...this.#peer.getPeers().keys()].filter((id) => states.has(this.#peer.peer(id).state))
  }

  /** Admits peers that the peer has announced and that are not known here. */
  #admitPresent(): void {
    for (const id of this.#peersThatAre(PRESENT)) {
      const { admitted, authentications } = this.#members
      if (!admitted.has(id) && !authentications.has(id)) this.#admit(id)
    }
  }

  /** Unless a listener that was told before has removed it, or has ended the session. */
  #admit(id: number): void {
    if (!this.#subscription.closed && this.#peer.hasPeer(id)) this.#members.connected(id)
  }
}
