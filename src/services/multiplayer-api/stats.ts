import type { ReplicationPacket } from '../../protocol/scene-packets/packet.ts'
import type { Membership } from './membership.ts'
import type { RpcStats } from './rpc/rpc-stats.ts'
import type { ViolationCounts } from './violations.ts'

/** Counters of what came in. */
export interface ReceiverCounters {
  /** Packets that a server has passed on, once for each receiver. */
  relayedPackets: number
  /** Packets of peers that were disconnected a moment before. */
  strangerPackets: number
  /** Authentication data that came where no authentication is set up. */
  unansweredAuth: number
  replication: Record<ReplicationPacket['kind'], number>
}

/** What is counted of one peer. */
export interface MultiplayerAPIPeerStats {
  readonly peer: number
  /** `relayed`: reached through the server. */
  readonly state: 'admitted' | 'relayed' | 'authenticating'
  /** What it sent wrong, by kind; see {@link ViolationKind}, and the RPC layer's own kinds. */
  readonly violations: ViolationCounts
}

/** What is counted of a {@link MultiplayerAPI}. */
export interface MultiplayerAPIStats extends Readonly<Omit<ReceiverCounters, 'replication'>> {
  /** Replication packets that came, by kind. */
  readonly replication: Readonly<ReceiverCounters['replication']>
  readonly peers: readonly MultiplayerAPIPeerStats[]
  /** The same for all peers, those that are gone included. */
  readonly violations: ViolationCounts
  readonly rpc: RpcStats
}

export function newCounters(): ReceiverCounters {
  return {
    relayedPackets: 0,
    strangerPackets: 0,
    unansweredAuth: 0,
    replication: { spawn: 0, despawn: 0, sync: 0, delta: 0 },
  }
}

export function collectStats(members: Membership, counters: ReceiverCounters, rpc: RpcStats): MultiplayerAPIStats {
  const { admitted, authentications, violations, peer } = members
  const stats = (id: number, state: MultiplayerAPIPeerStats['state']): MultiplayerAPIPeerStats => ({
    peer: id,
    state,
    violations: violations.of(id),
  })
  return {
    ...counters,
    replication: { ...counters.replication },
    peers: [
      ...Array.from(admitted, (id) => stats(id, peer?.hasPeer(id) === true ? 'admitted' : 'relayed')),
      ...authentications.peers.map((id) => stats(id, 'authenticating')),
    ],
    violations: violations.totals,
    rpc,
  }
}
