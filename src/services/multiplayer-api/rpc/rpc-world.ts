import type { ScenePacket } from '../../../protocol/scene-packets/packet.ts'
import type { RpcPort } from '../rpc-port.ts'
import type { LocalNodes } from './local-node.ts'
import type { NodePaths } from './node-paths.ts'
import type { PeerRecords } from './peer-records.ts'
import type { RpcSettings } from './rpc-options.ts'
import type { RpcCounters } from './rpc-stats.ts'

/** What the parts of an endpoint share. */
export interface RpcWorld {
  readonly port: RpcPort
  readonly nodes: LocalNodes
  readonly paths: NodePaths
  readonly records: PeerRecords
  readonly settings: RpcSettings
  readonly counters: RpcCounters
}

/** Packets of one kind. */
export type PacketOf<Kind extends ScenePacket['kind']> = Extract<ScenePacket, { kind: Kind }>
