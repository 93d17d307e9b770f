import type { EncodedArguments } from '../variant/arguments.ts'

/** A node that the receiver knows by the id that the sender gave it ({@link SimplifyPathPacket}). */
export interface NodeById {
  /** From 0 to 2147483647; Godot counts from 1. */
  readonly id: number
  /** Bytes that the id takes if more than it needs: Godot 4 writes four where some other target of the same call does not know the id yet. */
  readonly size?: 2 | 4
}

/** A node by its path. */
export interface NodeByPath {
  /** From the root path on, as `Main/Player`. Not empty in what Godot sends, and without a NUL. */
  readonly path: string
}

/** The node that a call is for. */
export type NodeTarget = NodeById | NodeByPath

/** A remote call of Godot 4 (REMOTE_CALL). */
export interface RpcPacket {
  readonly kind: 'rpc'
  readonly node: NodeTarget
  /**
   * The method, from 0 to 65535: its number among those of the script in the order of their names; from 32768 on (bit 15) among those that were configured on the node itself
   * (`rpc_config`).
   */
  readonly method: number
  /** Set if the method's number takes two bytes though one would do. */
  readonly methodSize?: 2
  /** For `decodeArguments` of `webrtc-multiplayer/variant`, which also has `encodeArguments`. */
  readonly arguments: EncodedArguments
}

/** A remote call of Godot 3 (REMOTE_CALL), which names the method. */
export interface RpcByNamePacket {
  readonly kind: 'rpc-by-name'
  readonly node: NodeTarget
  readonly method: string
  /** For `decodeArguments` with version `'3'`. */
  readonly arguments: EncodedArguments
}

/** Godot 3's RSET: a property to be set. */
export interface RsetPacket {
  readonly kind: 'rset'
  readonly node: NodeTarget
  readonly property: string
  /** One of them, for `decodeArguments` with version `'3'`. */
  readonly arguments: EncodedArguments
}

/** The sender will call the node by this id from now on (SIMPLIFY_PATH). */
export interface SimplifyPathPacket {
  readonly kind: 'simplify-path'
  /** From 0 to 2147483647; Godot counts from 1. */
  readonly id: number
  /** From the root path on, as `Main/Player`. */
  readonly path: string
  /**
   * MD5 of the names of the node's methods, one behind the other in order: 32 hexadecimal digits in lower case. Godot 4 must have it, Godot 3 has none. Received, it is 32 characters
   * of whatever kind.
   */
  readonly md5?: string
}

/** Answers {@link SimplifyPathPacket} (CONFIRM_PATH): by the id since Godot 4.3 (and in 4.2.2), by the path before. */
export interface ConfirmPathPacket {
  readonly kind: 'confirm-path'
  /** The methods of both nodes have the same names. Always true in Godot 3, which does not compare them. */
  readonly valid: boolean
  readonly node: NodeById | NodeByPath
}

/** What `send_bytes` has sent (RAW). */
export interface RawPacket {
  readonly kind: 'raw'
  /** One byte or more. */
  readonly bytes: Uint8Array
}

/** Replication (SPAWN, DESPAWN, SYNC, and SYNC with the flag that says that it only has what has changed): recognised, not interpreted. Godot 4 only. */
export interface ReplicationPacket {
  readonly kind: 'spawn' | 'despawn' | 'sync' | 'delta'
  /** Everything after the first byte: 17 bytes or more to spawn, 4 to despawn, 10 else. */
  readonly bytes: Uint8Array
}

/** Data of the application's authentication (SYS, AUTH); empty when the sender is done with it. Godot 4 only, like all system packets. */
export interface AuthPacket {
  readonly kind: 'auth'
  readonly bytes: Uint8Array
}

/** From the server: another client came or went (SYS, ADD_PEER and DEL_PEER). */
export interface PeerPacket {
  readonly kind: 'add-peer' | 'del-peer'
  /** 32 bits signed; of a real peer from 2 to 2147483647. */
  readonly peer: number
}

/** A packet that passes through the server (SYS, RELAY). */
export interface RelayPacket {
  readonly kind: 'relay'
  /** 32 bits signed. To the server: the target, 0 for everyone, negative for everyone but one. From the server: the source. */
  readonly peer: number
  /** The whole packet inside, not decoded; see `decodeRelayed`. */
  readonly packet: Uint8Array
}

/** Packets that are not of a game but of the multiplayer API itself, which only pass between the server and a client or directly between peers. */
export type SystemPacket = AuthPacket | PeerPacket | RelayPacket

/** Every packet of SceneMultiplayer (Godot 4) and of MultiplayerAPI (Godot 3), told apart by `kind`. */
export type ScenePacket =
  | RpcPacket
  | RpcByNamePacket
  | RsetPacket
  | SimplifyPathPacket
  | ConfirmPathPacket
  | RawPacket
  | ReplicationPacket
  | SystemPacket
