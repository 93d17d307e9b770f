import { ReceivedPaths } from './received-paths.ts'
import type { RpcLimits } from './rpc-options.ts'
import { SentPaths } from './sent-paths.ts'

/** What is remembered of one peer from when it comes until it goes. */
export interface PeerRecord {
  readonly sent: SentPaths
  readonly received: ReceivedPaths
  /** Its calls whose handlers have not answered yet. */
  unanswered: number
  /** Nodes whose methods have other names there; the logger hears of each once, so that a log is not filled from outside. */
  readonly mismatched: Set<string>
  /** What else the logger was told of once, for the same reason. */
  readonly told: Set<'unconfirmed' | 'unanswered' | 'unknown-node'>
}

/** Records of the peers that are there. */
export class PeerRecords {
  readonly #records = new Map<number, PeerRecord>()
  readonly #limits: RpcLimits

  constructor(limits: RpcLimits) {
    this.#limits = limits
  }

  get all(): Iterable<[peer: number, record: PeerRecord]> {
    return this.#records
  }

  /** The record of a peer that is there. */
  of(peer: number): PeerRecord {
    let record = this.#records.get(peer)
    if (record === undefined) {
      const { paths, waitingPaths } = this.#limits
      record = {
        sent: new SentPaths(),
        received: new ReceivedPaths(paths, waitingPaths),
        unanswered: 0,
        mismatched: new Set(),
        told: new Set(),
      }
      this.#records.set(peer, record)
    }
    return record
  }

  /** Whether the record is of a peer that is still there: not of one before it under the same id. */
  isCurrent(peer: number, record: PeerRecord): boolean {
    return this.#records.get(peer) === record
  }

  forget(peer: number): void {
    this.#records.delete(peer)
  }

  clear(): void {
    this.#records.clear()
  }
}
