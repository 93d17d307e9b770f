import type { RpcViolation } from './rpc/rpc-violation.ts'

/**
 * What is wrong with a packet that was dropped. The RPC layer adds its own.
 *
 * | kind | what was dropped |
 * |---|---|
 * | `malformed` | a packet that cannot be read |
 * | `unexpected-auth` | authentication data from a peer that is admitted already, or of which none is asked here |
 * | `unexpected-system` | a system packet that this peer may not send, or not to us: ADD_PEER to a server, a relayed packet in a mesh |
 * | `no-relay` | a system packet of the relay, where `serverRelay` is off |
 * | `nested-system` | a system packet inside a relayed one |
 * | `invalid-peer` | a peer that the server announced with an impossible id |
 * | `too-many-peers` | a peer that the server announced beyond `limits.peers` |
 * | `unauthenticated` | a packet of the game from a peer that is still authenticating |
 * | `relay-failed` | a relayed packet that could not go on to a peer: too much waits to be sent to it already, or it takes no packet of this size |
 * | `unknown-target` | a relayed packet for a peer that is not here |
 * | `unknown-source` | a relayed packet from a peer that the server has not told of, or has told to be gone |
 */
export type ViolationKind =
  | 'malformed'
  | 'unexpected-auth'
  | 'unexpected-system'
  | 'no-relay'
  | 'nested-system'
  | 'invalid-peer'
  | 'too-many-peers'
  | 'unauthenticated'
  | 'relay-failed'
  | 'unknown-target'
  | 'unknown-source'

/** What an honest peer may cause too, one that runs Godot or is set up otherwise, as when packets cross each other on their way. */
const NOBODYS_FAULT: ReadonlySet<string> = new Set<ViolationKind | RpcViolation>([
  'unauthenticated',
  'unexpected-auth',
  'no-relay',
  'too-many-peers',
  'relay-failed',
  'unknown-target',
  'unknown-source',
  // A permission that changed while the call was on its way, and a busy moment.
  'not-permitted',
  'too-many-calls',
  // What was agreed about paths is forgotten on one side alone when an API is given its peer anew.
  'unknown-path-id',
  'path-conflict',
  'unrequested-confirmation',
  'no-arguments',
])

/** How often each kind was counted. */
export type ViolationCounts = Readonly<Record<string, number>>

interface PeerRecord {
  readonly counts: Map<string, number>
  /** Those that count against the limit. */
  blamed: number
}

/** Counts what peers send wrong, by peer and kind; what peers did that are gone stays in the totals. */
export class Violations {
  readonly #totals = new Map<string, number>()
  readonly #peers = new Map<number, PeerRecord>()

  /**
   * Counts one; a peer of which nothing is known (null) only in the totals, so that nobody fills memory with names.
   *
   * @returns whether it is the first of its kind, and how many count against the peer by now.
   */
  count(peer: number | null, kind: string): { isFirst: boolean; blamed: number } {
    increment(this.#totals, kind)
    if (peer === null) return { isFirst: false, blamed: 0 }
    let record = this.#peers.get(peer)
    if (record === undefined) {
      record = { counts: new Map(), blamed: 0 }
      this.#peers.set(peer, record)
    }
    if (!NOBODYS_FAULT.has(kind)) record.blamed++
    return { isFirst: increment(record.counts, kind) === 1, blamed: record.blamed }
  }

  of(peer: number): ViolationCounts {
    return Object.fromEntries(this.#peers.get(peer)?.counts ?? [])
  }

  get totals(): ViolationCounts {
    return Object.fromEntries(this.#totals)
  }

  forget(peer: number): void {
    this.#peers.delete(peer)
  }

  clear(): void {
    this.#peers.clear()
  }
}

function increment(counts: Map<string, number>, kind: string): number {
  const count = (counts.get(kind) ?? 0) + 1
  counts.set(kind, count)
  return count
}
