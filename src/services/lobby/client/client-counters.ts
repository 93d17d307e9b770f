/** What a lobby's client has dropped, by reason. */
export interface LobbyClientCounters {
  /** Messages that were not of the protocol, or made no sense when they came. */
  malformedMessages: number
  /** Signals of peers that are not members (any more). */
  unknownMembers: number
  /** Offers that came twice, or later than a newer one; answers to an offer that is not the present one. */
  staleDescriptions: number
  /** Descriptions that could not be applied; offers, and requests for one, that came too fast. */
  refusedDescriptions: number
  /** Candidates of a connection that is gone. */
  staleCandidates: number
  /** Malformed candidates, and those for which there was no room. */
  refusedCandidates: number
  /** Signals that could not be sent: the socket was gone for too long, or they were too large. */
  unsentSignals: number
}

export function noCounts(): LobbyClientCounters {
  return {
    malformedMessages: 0,
    unknownMembers: 0,
    staleDescriptions: 0,
    refusedDescriptions: 0,
    staleCandidates: 0,
    refusedCandidates: 0,
    unsentSignals: 0,
  }
}
