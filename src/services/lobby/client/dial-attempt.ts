import { Subscription } from 'rxjs'
import type { WebRTCMultiplayerPeer } from '../../multiplayer-peer/multiplayer-peer.ts'
import type { IceCandidate, SessionDescription, WebRTCPeerConnection } from '../../../transport/peer-connection.ts'
import { ConnectionState } from '../../../transport/states.ts'
import { type DialCandidate, type DialPair, readCandidate } from './dial-candidate.ts'
import { ufragOf, withUfrag } from './signal-text.ts'

/** Candidates of each side that are remembered for a verdict. */
const MAX_REMEMBERED = 128

/** What an attempt tells whoever made it. */
export interface AttemptListener {
  /** This side has described itself; the description is applied already. */
  described(description: SessionDescription): void
  /** The candidate already says to which description it belongs. */
  found(candidate: IceCandidate): void
  pathFound(): void
  secured(): void
  opened(): void
  failed(error: unknown): void
}

/** One connection to a member, from its making to its end; the mesh owns it, this watches it. */
export class DialAttempt {
  readonly connection: WebRTCPeerConnection
  readonly localCandidates: DialCandidate[] = []
  readonly remoteCandidates: DialCandidate[] = []
  /** The last description of the other side that was applied. */
  remoteDescription: string | null = null

  readonly #mesh: WebRTCMultiplayerPeer
  readonly #peer: number
  readonly #listener: AttemptListener
  readonly #subscription = new Subscription()
  #ufrag: string | null = null
  /** Kept, since a connection that has ended tells of none. */
  #pair: DialPair | null = null

  /** @throws MultiplayerError what `addPeer` throws; the connection is closed then. */
  constructor(mesh: WebRTCMultiplayerPeer, peer: number, connection: WebRTCPeerConnection, listener: AttemptListener) {
    this.#mesh = mesh
    this.#peer = peer
    this.#listener = listener
    this.connection = connection
    try {
      mesh.addPeer(connection, peer)
    } catch (error) {
      connection.close()
      throw error
    }
    this.#watch()
  }

  /** Whether the mesh has this connection, and not another one of that peer, or none. */
  get isInMesh(): boolean {
    return this.#mesh.hasPeer(this.#peer) && this.#mesh.getPeer(this.#peer).connection === this.connection
  }

  get pair(): DialPair | null {
    return (this.#pair ??= this.connection.stats().selectedCandidatePair)
  }

  /** @throws MultiplayerError for a candidate that is refused. */
  addCandidate({ media, index, name }: IceCandidate): void {
    const read = readCandidate(name)
    if (read !== null) remember(this.remoteCandidates, read)
    this.connection.addIceCandidate(media, index, name)
  }

  /** Takes the connection out of the mesh, if it is still in it, and tells nothing any more. */
  end(): void {
    this.#subscription.unsubscribe()
    if (this.isInMesh) this.#mesh.removePeer(this.#peer)
  }

  #watch(): void {
    const { connection } = this
    const listener = this.#listener
    this.#subscription.add(
      connection.sessionDescriptionCreated$.subscribe((description) => {
        if (!this.#apply(description)) return
        this.#ufrag = ufragOf(description.sdp)
        listener.described(description)
      }),
    )
    this.#subscription.add(
      connection.iceCandidateCreated$.subscribe((candidate) => {
        const read = readCandidate(candidate.name)
        if (read !== null) remember(this.localCandidates, read)
        listener.found({ ...candidate, name: withUfrag(candidate.name, this.#ufrag) })
      }),
    )
    this.#subscription.add(
      connection.iceConnectionState$.subscribe((state) => {
        if (state === 'connected' || state === 'completed') listener.pathFound()
      }),
    )
    this.#subscription.add(
      connection.connectionState$.subscribe((state) => {
        if (state === ConnectionState.CONNECTED) listener.secured()
      }),
    )
    this.#subscription.add(
      this.#mesh.peer(this.#peer).state$.subscribe((state) => {
        if (state !== 'channelsOpen' && state !== 'connected') return
        this.#pair = connection.stats().selectedCandidatePair
        listener.opened()
      }),
    )
  }

  #apply({ type, sdp }: SessionDescription): boolean {
    try {
      this.connection.setLocalDescription(type, sdp)
      return true
    } catch (error) {
      this.#listener.failed(error)
      return false
    }
  }
}

function remember(candidates: DialCandidate[], candidate: DialCandidate): void {
  if (candidates.length < MAX_REMEMBERED) candidates.push(candidate)
}
