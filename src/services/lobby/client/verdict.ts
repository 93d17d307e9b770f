import type { NegotiationFailure, NegotiationStep, SignalingAvailability } from '../../../machines/negotiation-types.ts'
import type { DialCandidate, DialPair } from './dial-candidate.ts'

/** Why two peers did not connect. */
export type VerdictReason =
  /** Offers were sent, no answer came. */
  | 'no-answer'
  /** The other side is to make the offer, and made none. */
  | 'no-offer'
  /** No pair of candidates let packets through. */
  | 'no-candidate-pair'
  /** Neither side has an address that the other one reaches: only a relay would have worked, and no TURN server was given. */
  | 'relay-needed'
  /** There is a path, but no keys were agreed on over it. */
  | 'dtls-failed'
  /** Connected, but not every channel opened. */
  | 'channels-not-opened'
  /** The member left before it was connected. */
  | 'peer-left'
  /** This side could not make the connection at all; `failure` says why. */
  | 'connection-refused'
  /** What the other side sent was no description that could be applied. */
  | 'remote-description-refused'
  /** A step took too long, while it might have succeeded yet. */
  | 'timed-out'
  /** It was connected, time and again, but never for long. */
  | 'connection-lost'
  /** The connection needs to be made anew, but there is no lobby any more to do it through: it is sealed, or its socket is lost. */
  | 'signaling-ended'

/** Why two peers did not connect, given when the dialling of a member is given up. */
export interface Verdict {
  /** The other peer's id. */
  readonly peer: number
  readonly reason: VerdictReason
  /** What was under way in the last attempt. */
  readonly step: NegotiationStep
  /** Attempts that failed. */
  readonly attempts: number
  /** What happened and what to do, in words. */
  readonly message: string
  /** Candidates of this side in the last attempt. */
  readonly localCandidates: readonly DialCandidate[]
  /** Candidates of the other side in the last attempt. */
  readonly remoteCandidates: readonly DialCandidate[]
  /** The path, if one was found. */
  readonly selectedPair?: DialPair
  /** What the connection, or whatever else failed, said of it. */
  readonly failure?: Error
}

/** What is known of the last attempt. */
export interface VerdictFacts {
  readonly failure: NegotiationFailure
  readonly localCandidates: readonly DialCandidate[]
  readonly remoteCandidates: readonly DialCandidate[]
  /** A TURN server was among this side's ICE servers. */
  readonly turnGiven: boolean
  /** A STUN or TURN server was. */
  readonly stunGiven: boolean
  readonly signaling: SignalingAvailability
}

/** Decides why two peers did not connect. */
export function decideVerdict(facts: VerdictFacts): { reason: VerdictReason; message: string } {
  const { step, cause } = facts.failure
  if (cause === 'left') return say('peer-left', `it left the lobby ${DURING[step]}`)
  if (cause === 'unmade') return say('connection-refused', UNMADE)
  if (cause === 'refused') return say('remote-description-refused', REFUSED)
  if (step === 'connected' && facts.signaling !== 'ended') return say('connection-lost', LOST)
  if (cause === 'signaling-ended' || step === 'connected' || step === 'signaling')
    return say('signaling-ended', NO_LOBBY)
  if (step === 'offer') return say('no-offer', NO_OFFER)
  if (step === 'answer') return say('no-answer', NO_ANSWER)
  if (step === 'dtls') return say('dtls-failed', DTLS)
  if (step === 'channels') return say('channels-not-opened', CHANNELS)
  return decidePath(facts)
}

function decidePath({
  failure,
  localCandidates: local,
  remoteCandidates: remote,
  turnGiven,
  stunGiven,
}: VerdictFacts): { reason: VerdictReason; message: string } {
  if (local.length === 0 && remote.length === 0)
    return say(
      'no-candidate-pair',
      'neither side gave a candidate. Look for a firewall that blocks UDP on both machines',
    )
  if (local.length === 0)
    return say('no-candidate-pair', 'this side found no candidate of its own. Check its network and its firewall')
  if (remote.length === 0)
    return say('no-candidate-pair', 'the other side sent no candidate. Check its network and its firewall')
  const isHost = ({ type }: DialCandidate): boolean => type === 'host'
  // A machine with an address of its own in the Internet looks the same.
  const blocked = stunGiven && local.every(isHost) ? BLOCKED : null
  if ([...local, ...remote].some(({ type }) => type === 'relay')) {
    return failure.cause === 'timeout'
      ? say('timed-out', blocked ?? SLOW_RELAY)
      : say('no-candidate-pair', blocked ?? DEAD_RELAY)
  }
  if (turnGiven) return say('no-candidate-pair', blocked ?? NO_RELAY_CANDIDATE)
  const usesStun = !local.every(isHost) && !remote.every(isHost)
  return say('relay-needed', blocked ?? (usesStun ? RELAY_NEEDED : RELAY_NEEDED_OR_STUN))
}

function say(reason: VerdictReason, what: string): { reason: VerdictReason; message: string } {
  return { reason, message: what }
}

const DURING: Readonly<Record<NegotiationStep, string>> = {
  signaling: 'between two attempts',
  offer: 'before it made an offer',
  answer: 'before it answered',
  ice: 'while a path was looked for',
  dtls: 'while keys were agreed on',
  channels: 'while the channels opened',
  connected: 'while it was connected',
}

const UNMADE = 'this side could not make the connection; `failure` says why'
const REFUSED = 'its description could not be applied. Check that it is a data-channel peer of a compatible version'
const NO_LOBBY = 'the lobby is sealed, or its server lost, so no fresh connection can be made. Join a lobby again'
const LOST = 'each connection was soon lost again. See whether a side closes it, or its network breaks'
const NO_OFFER =
  'it made no offer. Check that it runs a client of this protocol (Godot 4: the higher id offers) and has not frozen'
const NO_ANSWER = 'it did not answer. Check that it runs a client of this protocol and has not frozen'
const DTLS =
  'a path was found, but no keys were agreed on. Look for something that changes descriptions on their way, or lets only small packets pass'
const CHANNELS = 'connected, but not every channel opened. Give both sides the same `channels`'
const SLOW_RELAY =
  'the search for a path did not end in time, though there is a relay. Check that the TURN server can be reached, or allow more time'
const DEAD_RELAY =
  'no packets pass, not even through the relay. Check the TURN server: its relay ports must be reachable by both sides'
const NO_RELAY_CANDIDATE =
  'no direct path was found, and the TURN server gave no candidate. Check its address, user name, password and their expiry'
const BLOCKED =
  'no STUN or TURN server answered this side: UDP is probably blocked here. Check that, and the TURN server and its password'
const RELAY_NEEDED = 'no direct path was found: a NAT or firewall is in the way. Give a TURN server in `iceServers`'
const RELAY_NEEDED_OR_STUN =
  'no direct path was found. Give a STUN server in `iceServers`, and a TURN server for where that is not enough'
