import { describe, expect, test } from '@jest/globals'
import type {
  NegotiationCause,
  NegotiationStep,
  SignalingAvailability,
} from '../../../../src/machines/negotiation-types.ts'
import type { CandidateType, DialCandidate } from '../../../../src/services/lobby/client/dial-candidate.ts'
import { decideVerdict, type VerdictReason } from '../../../../src/services/lobby/client/verdict.ts'

const candidates = (...types: CandidateType[]): DialCandidate[] =>
  types.map((type) => ({ type, protocol: 'udp', address: '192.0.2.1', port: 4000 }))

type Given = 'none' | 'STUN' | 'TURN'

const decide = (
  step: NegotiationStep,
  cause: NegotiationCause,
  signaling: SignalingAvailability = 'up',
  local: readonly CandidateType[] = ['host'],
  remote: readonly CandidateType[] = ['host'],
  given: Given = 'none',
): { reason: VerdictReason; message: string } =>
  decideVerdict({
    failure: { step, cause },
    localCandidates: candidates(...local),
    remoteCandidates: candidates(...remote),
    stunGiven: given !== 'none',
    turnGiven: given === 'TURN',
    signaling,
  })

describe('the verdict by step and cause', () => {
  const rows: [NegotiationStep, NegotiationCause, VerdictReason, SignalingAvailability][] = [
    ['offer', 'timeout', 'no-offer', 'up'],
    ['offer', 'signaling-ended', 'signaling-ended', 'ended'],
    ['answer', 'timeout', 'no-answer', 'up'],
    ['answer', 'failed', 'no-answer', 'up'],
    ['answer', 'unmade', 'connection-refused', 'up'],
    ['ice', 'unmade', 'connection-refused', 'up'],
    ['answer', 'refused', 'remote-description-refused', 'up'],
    ['ice', 'refused', 'remote-description-refused', 'up'],
    ['dtls', 'failed', 'dtls-failed', 'up'],
    ['dtls', 'timeout', 'dtls-failed', 'up'],
    ['channels', 'failed', 'channels-not-opened', 'up'],
    ['channels', 'timeout', 'channels-not-opened', 'up'],
    ['connected', 'failed', 'connection-lost', 'up'],
    ['connected', 'failed', 'connection-lost', 'down'],
    ['connected', 'failed', 'signaling-ended', 'ended'],
    ['signaling', 'signaling-ended', 'signaling-ended', 'ended'],
    ['answer', 'left', 'peer-left', 'up'],
    ['ice', 'left', 'peer-left', 'up'],
    ['dtls', 'left', 'peer-left', 'up'],
  ]
  test.each(rows)('%s, %s: %s (signaling %s)', (step, cause, reason, signaling) => {
    expect(decide(step, cause, signaling).reason).toBe(reason)
  })
})

describe('the verdict when no path was found', () => {
  const rows: [CandidateType[], CandidateType[], Given, NegotiationCause, VerdictReason, RegExp][] = [
    [[], [], 'none', 'timeout', 'no-candidate-pair', /neither side/],
    [[], ['host'], 'none', 'timeout', 'no-candidate-pair', /this side found no candidate/],
    [['host'], [], 'none', 'failed', 'no-candidate-pair', /other side sent no candidate/],
    [['host'], ['host'], 'none', 'failed', 'relay-needed', /STUN server .* TURN server/],
    [['host'], ['host', 'srflx'], 'none', 'failed', 'relay-needed', /STUN server .* TURN server/],
    [['host', 'srflx'], ['host'], 'STUN', 'failed', 'relay-needed', /STUN server .* TURN server/],
    [['host', 'srflx'], ['host', 'srflx'], 'STUN', 'timeout', 'relay-needed', /Give a TURN server in/],
    [['host', 'srflx'], ['host', 'srflx'], 'TURN', 'timeout', 'no-candidate-pair', /TURN server gave no candidate/],
    [['host', 'relay'], ['host'], 'TURN', 'timeout', 'timed-out', /TURN server can be reached/],
    [['host'], ['host', 'relay'], 'none', 'timeout', 'timed-out', /TURN server can be reached/],
    [['host', 'relay'], ['host', 'relay'], 'TURN', 'failed', 'no-candidate-pair', /relay ports/],
    // Servers were given, and none has answered.
    [['host'], ['host', 'srflx'], 'STUN', 'failed', 'relay-needed', /UDP is probably blocked here/],
    [['host'], ['host'], 'TURN', 'timeout', 'no-candidate-pair', /UDP is probably blocked here/],
    [['host'], ['host', 'relay'], 'TURN', 'timeout', 'timed-out', /UDP is probably blocked here.*TURN server/],
    [['host'], ['host', 'relay'], 'TURN', 'failed', 'no-candidate-pair', /UDP is probably blocked here/],
  ]
  test.each(rows)('%j with %j, given: %s, %s: %s', (local, remote, given, cause, reason, message) => {
    const verdict = decide('ice', cause, 'up', local, remote, given)
    expect(verdict.reason).toBe(reason)
    expect(verdict.message).toMatch(message)
  })
})
