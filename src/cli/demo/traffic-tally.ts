/** What a peer sent on one channel to one kind of target. */
export interface SentTally {
  /** Index into the channels. */
  readonly channel: number
  /** Index into the target kinds. */
  readonly target: number
  /** Packets, each counted once however many peers it was for. */
  packets: number
  /** Packets times peers that they were given to: what should arrive. */
  expected: number
  /** Dropped before they were sent, as too much waited on an unreliable channel. */
  dropped: number
  /** Peers that were not open. */
  skipped: number
  /** Packets that the mesh refused with an error. */
  refused: number
}

/** What a peer received from one other peer on one channel, of one kind of target. */
export interface ReceivedTally {
  readonly from: number
  /** Index into the channels. */
  readonly channel: number
  /** Index into the target kinds. */
  readonly target: number
  /** Packets, duplicates not counted. */
  received: number
  duplicated: number
  /** Packets that came after one with a higher sequence number. */
  outOfOrder: number
  bytes: number
  /** Packets that came on another channel than they were sent on, to a peer they were not for, or changed. */
  wrong: number
}
