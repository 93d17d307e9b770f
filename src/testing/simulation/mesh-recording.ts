import { ConnectionStatus } from '../../machines/mesh-types.ts'
import type { WebRTCMultiplayerPeer } from '../../services/multiplayer-peer/multiplayer-peer.ts'
import type { SendOptions, SendResult } from '../../services/multiplayer-peer/packet.ts'
import type { WebRTCPeerConnection } from '../../transport/peer-connection.ts'
import { Recording, type RecordingPort } from './recording.ts'

/** Options of `History.record`. */
export interface MeshRecordingOptions {
  /**
   * Whether to subscribe to `packets$`. Not where the application reads with `getPacket()`, for packets that a subscriber has had do not queue for it: give them to `delivered` then.
   * Default true.
   */
  deliveries?: boolean
}

/** Records a mesh. What is sent with {@link send} here is checked call by call. */
export class MeshRecording extends Recording {
  readonly #mesh: WebRTCMultiplayerPeer
  readonly #connections = new WeakMap<WebRTCPeerConnection, number>()
  /** The call of {@link send} under way. */
  #call: { readonly call: number; readonly target: number } | undefined

  constructor(
    name: string,
    mesh: WebRTCMultiplayerPeer,
    port: RecordingPort,
    { deliveries = true }: MeshRecordingOptions = {},
  ) {
    super(name, 'mesh', port)
    this.#mesh = mesh
    this.watch(
      mesh.connectionStatus$.subscribe({
        next: (status) => {
          const peers = status === ConnectionStatus.DISCONNECTED ? [...mesh.getPeers().keys()] : []
          this.status(status, mesh.isServerRelaySupported() ? 'star' : 'mesh', peers)
        },
        complete: () => {
          this.stop()
        },
      }),
      mesh.peerConnected$.subscribe((peer) => {
        this.connected(peer)
      }),
      mesh.peerDisconnected$.subscribe((peer) => {
        this.disconnected(peer)
      }),
      // The application hears nothing of one that it has disconnected by force.
      mesh.peerRemoved$.subscribe(({ peer, reason, announced }) => {
        if (reason === 'forced' && announced) this.disconnected(peer)
      }),
      // It tells of every peer that a packet is for, also of a broadcast, and only where it was accepted.
      mesh.passedPackets$.subscribe((packet) => {
        if (packet.direction === 'sent') this.sent(packet, this.connectionTo(packet.peer), this.#call)
      }),
    )
    if (!deliveries) return
    this.watch(
      mesh.packets$.subscribe((packet) => {
        this.delivered(packet)
      }),
    )
  }

  /** `WebRTCMultiplayerPeer.send`. Throws as that does. */
  send(data: Uint8Array, options: SendOptions = {}): SendResult {
    this.#call = { call: this.port.nextConnection(), target: options.to ?? 0 }
    try {
      return this.#mesh.send(data, options)
    } finally {
      this.#call = undefined
    }
  }

  protected override get self(): number {
    return this.#mesh.uniqueId
  }

  protected override connectionTo(peer: number): number {
    if (!this.#mesh.hasPeer(peer)) return 0
    const { connection } = this.#mesh.getPeer(peer)
    const number = this.#connections.get(connection) ?? this.port.nextConnection()
    this.#connections.set(connection, number)
    return number
  }
}
