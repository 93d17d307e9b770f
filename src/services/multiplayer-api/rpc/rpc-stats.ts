/** What is counted of remote calls. What a peer did wrong is not here but in the multiplayer API's `stats().violations`. */
export interface RpcStats {
  /** Calls given to the transport, one for every peer that they were for. */
  readonly sentCalls: number
  /** Calls that were carried out here, local ones included. */
  readonly handledCalls: number
  /** Calls of methods that are declared without a handler, while nobody was subscribed to their `calls$` either. */
  readonly unhandledCalls: number
  /** Calls and announcements of nodes that are not declared here. */
  readonly unknownNodes: number
  /** Announcements beyond `limits.paths`: those nodes are called by their whole path. */
  readonly refusedPaths: number
  /** Nodes that have methods of other names at a peer than here. */
  readonly checksumMismatches: number
  /** Answers that came after their call had been given up. */
  readonly lateAnswers: number
  /** Packets that are understood but have no meaning here: Godot 3's RSET. */
  readonly ignoredPackets: number
  /** Calls that wait for an answer now. */
  readonly pendingCalls: number
}

export type RpcCounters = { -readonly [Name in Exclude<keyof RpcStats, 'pendingCalls'>]: number }

export function noCalls(): RpcCounters {
  return {
    sentCalls: 0,
    handledCalls: 0,
    unhandledCalls: 0,
    unknownNodes: 0,
    refusedPaths: 0,
    checksumMismatches: 0,
    lateAnswers: 0,
    ignoredPackets: 0,
  }
}
