import { TARGET_PEER_SERVER } from '../../machines/mesh-types.ts'

/** What a server does with a packet that a client wants relayed. */
export interface RelayRoute {
  /** Who gets it. */
  readonly receivers: Iterable<number>
  /** Whether the server itself is meant as well. */
  readonly processes: boolean
}

/**
 * Godot's rules of the relay (since 4.4; older servers get negative targets wrong):
 *
 * | target | receivers | the server too |
 * |---|---|---|
 * | an admitted peer, also the sender itself | that peer | no |
 * | any other id, also the server's | nobody | no |
 * | 0 | all but the sender | yes |
 * | -1 | all but the sender | no |
 * | -k | all but the sender and k | yes |
 */
export function relayRoute(target: number, source: number, admitted: ReadonlySet<number>): RelayRoute {
  if (target > 0) return { receivers: admitted.has(target) ? [target] : [], processes: false }
  const receivers: number[] = []
  for (const peer of admitted) if (peer !== source && peer !== -target) receivers.push(peer)
  return { receivers, processes: target !== -TARGET_PEER_SERVER }
}
