import type { Observable } from 'rxjs'
import type { ConnectionStatus } from '../../machines/mesh-types.ts'
import type { ScenePacket } from '../../protocol/scene-packets/packet.ts'
import type { GodotVersion } from '../../protocol/variant/godot-version.ts'
import type { TransferMode } from '../multiplayer-peer/packet.ts'

/** Where and how a packet of the RPC layer goes. */
export interface RpcSendOptions {
  /** 0: every admitted peer, an id: that peer, a negative id: every admitted peer but that one. */
  readonly to: number
  readonly mode: TransferMode
  /** 0, or the number of an extra channel. */
  readonly channel: number
}

/** What the RPC layer needs of the multiplayer API: who is there, and a way to send that relays where it has to. */
export interface RpcPort {
  /** This peer's id; 0 before the first start. */
  readonly uniqueId: number
  readonly connectionStatus: ConnectionStatus
  /** Admitted peers, those behind a relay included, in the order in which they were admitted. */
  readonly peers: ReadonlySet<number>
  /** A peer was admitted. The RPC layer hears it before the application does, so that an application's first call finds it known. */
  readonly peerConnected$: Observable<number>
  /** An admitted peer is gone: what is remembered of it is to be forgotten. Before the application hears it. When the session ends, `clear()` is called instead. */
  readonly peerDisconnected$: Observable<number>
  /**
   * Sends one packet, wrapped for the relay if the target is reached through the server.
   *
   * @throws MultiplayerError `ERR_UNCONFIGURED` unless connected; `ERR_BUG` (Godot's code) for a target that is not here; whatever the peer's `send` throws.
   */
  send(packet: ScenePacket, options: RpcSendOptions): void
  /** Counts something that a peer did wrong; may disconnect it. */
  violation(peer: number, kind: string): void
  readonly version: GodotVersion
}

/** What the multiplayer API hands the packets of remote calls to: `rpc`, `rpc-by-name`, `rset`, `simplify-path`, `confirm-path`. */
export interface RpcReceiver {
  /** @param from - an admitted peer, or the source that the server names in a relayed packet. */
  receive(from: number, packet: ScenePacket): void
  /** The session is over; everyone is gone. */
  clear(): void
}
