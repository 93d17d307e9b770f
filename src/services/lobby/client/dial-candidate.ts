import type { SelectedCandidatePair } from '../../../transport/peer-connection.ts'

/** How a candidate was found: an address of the machine itself, as a STUN server saw it, as the other side saw it, or one of a TURN server. */
export type CandidateType = 'host' | 'srflx' | 'prflx' | 'relay'

/** A candidate, as far as it helps to understand why two peers did or did not connect. */
export interface DialCandidate {
  readonly type: CandidateType
  /** `udp` or `tcp`. */
  readonly protocol: string
  /** An IP address, or a name that ends in `.local`, behind which browsers hide it. */
  readonly address: string
  readonly port: number
}

/** The path between two connected peers. */
export type DialPair = SelectedCandidatePair

const FORM = /^(?:a=)?candidate:\S+ \d+ (udp|tcp) \d+ (\S+) (\d{1,5}) typ (host|srflx|prflx|relay)(?: |$)/i

/** Reads a candidate line; null if it is none. */
export function readCandidate(name: string): DialCandidate | null {
  const match = FORM.exec(name)
  if (match === null) return null
  const [, protocol = '', address = '', port, type = ''] = match
  return {
    type: type.toLowerCase() as CandidateType,
    protocol: protocol.toLowerCase(),
    address,
    port: Number(port),
  }
}
