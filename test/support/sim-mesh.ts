import { WebRTCMultiplayerPeer } from '../../src/services/multiplayer-peer/multiplayer-peer.ts'
import type { MultiplayerPeerOptions } from '../../src/services/multiplayer-peer/options.ts'
import type { TransferMode } from '../../src/services/multiplayer-peer/packet.ts'
import { connectPair, SimulatedNetwork, type SimulatedNetworkOptions } from '../../src/testing/index.ts'

/** Meshes of several peers on one simulated network. */
export class SimMesh {
  readonly network: SimulatedNetwork
  readonly peers = new Map<number, WebRTCMultiplayerPeer>()
  readonly #options: MultiplayerPeerOptions
  readonly #channels: readonly TransferMode[]

  constructor(
    network: SimulatedNetworkOptions = {},
    options: MultiplayerPeerOptions = {},
    channels: readonly TransferMode[] = [],
  ) {
    this.network = new SimulatedNetwork({ latency: 5, ...network })
    this.#options = { clock: this.network.clock, ...options }
    this.#channels = channels
  }

  peer(id: number): WebRTCMultiplayerPeer {
    const peer = this.peers.get(id)
    if (peer === undefined) throw new Error(`peer ${id} was not made`)
    return peer
  }

  /** Makes a peer of the mesh, connected to nobody. */
  make(id: number, options: MultiplayerPeerOptions = {}): WebRTCMultiplayerPeer {
    const peer = new WebRTCMultiplayerPeer({ ...this.#options, ...options })
    peer.createMesh(id, this.#channels)
    this.peers.set(id, peer)
    return peer
  }

  /** Adds two peers to each other and exchanges their signals. */
  join(a: number, b: number): void {
    const left = new (this.network.host(`host-${a}`).PeerConnection)()
    const right = new (this.network.host(`host-${b}`).PeerConnection)()
    this.peer(a).addPeer(left, b)
    this.peer(b).addPeer(right, a)
    connectPair(left, right)
  }

  /** Makes peers with these ids, all joined, and lets them connect. */
  async form(...ids: number[]): Promise<WebRTCMultiplayerPeer[]> {
    for (const id of ids) this.make(id)
    for (const a of ids) for (const b of ids) if (a < b) this.join(a, b)
    await this.run(1_000)
    return ids.map((id) => this.peer(id))
  }

  async run(milliseconds: number): Promise<void> {
    await this.network.clock.run(milliseconds)
  }

  dispose(): void {
    for (const peer of this.peers.values()) peer[Symbol.dispose]()
  }
}
