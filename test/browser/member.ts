import { WebRTCMultiplayerPeer } from '../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { MultiplayerPeerOptions } from '../../src/services/multiplayer-peer/options.ts'
import type { SendOptions, TransferMode } from '../../src/services/multiplayer-peer/packet.ts'
import type { PeerConnectionConstructor, WebRTCPeerConnection } from '../../src/transport/peer-connection.ts'
import { ConnectionState } from '../../src/transport/states.ts'

/** What one member sends another until they are connected. */
export type Signal =
  | { is: 'description'; type: 'offer' | 'answer'; sdp: string }
  | { is: 'candidate'; media: string; index: number; name: string }

export interface Arrival {
  readonly peer: number
  readonly channel: number
  readonly mode: TransferMode
  readonly text: string
}

/** One peer of a mesh whose members live in Node and in pages; the test carries their signals. */
export class Member {
  readonly mesh: WebRTCMultiplayerPeer
  /** `+7` when peer 7 was announced, `-7` when it was reported gone, with the time by this member's clock. */
  readonly heard: { what: string; at: number }[] = []
  readonly arrivals: Arrival[] = []
  readonly #Connection: PeerConnectionConstructor
  readonly #sendSignal: (to: number, signal: Signal) => void
  readonly #connections = new Map<number, WebRTCPeerConnection>()

  constructor(
    Connection: PeerConnectionConstructor,
    sendSignal: (to: number, signal: Signal) => void,
    options: MultiplayerPeerOptions = {},
  ) {
    this.#Connection = Connection
    this.#sendSignal = sendSignal
    this.mesh = new WebRTCMultiplayerPeer(options)
    this.mesh.peerConnected$.subscribe((peer) => this.heard.push({ what: `+${peer}`, at: Date.now() }))
    this.mesh.peerDisconnected$.subscribe((peer) => this.heard.push({ what: `-${peer}`, at: Date.now() }))
    this.mesh.packets$.subscribe(({ peer, channel, mode, data }) => {
      this.arrivals.push({ peer, channel, mode, text: new TextDecoder().decode(data) })
    })
  }

  start(id: number, channels: readonly TransferMode[]): void {
    this.mesh.createMesh(id, channels)
  }

  /** Adds a peer, in place of one of the same id that may still seem to be there. */
  add(peer: number, offers: boolean): void {
    if (this.mesh.hasPeer(peer)) this.mesh.removePeer(peer)
    const connection = new this.#Connection({})
    this.#connections.set(peer, connection)
    this.mesh.addPeer(connection, peer)
    connection.sessionDescriptionCreated$.subscribe(({ type, sdp }) => {
      connection.setLocalDescription(type, sdp)
      this.#sendSignal(peer, { is: 'description', type, sdp })
    })
    connection.iceCandidateCreated$.subscribe((candidate) => {
      this.#sendSignal(peer, { is: 'candidate', ...candidate })
    })
    if (offers) connection.createOffer()
  }

  receive(from: number, signal: Signal): void {
    const connection = this.#connections.get(from)
    if (!connection || connection.connectionState === ConnectionState.CLOSED) return
    if (signal.is === 'description') connection.setRemoteDescription(signal.type, signal.sdp)
    else connection.addIceCandidate(signal.media, signal.index, signal.name)
  }

  send(text: string, options: SendOptions): number {
    return this.mesh.send(new TextEncoder().encode(text), options).sent
  }

  connectionState(peer: number): ConnectionState {
    return this.mesh.getPeer(peer).connection.connectionState
  }

  async close(): Promise<void> {
    await this.mesh.close()
  }
}
