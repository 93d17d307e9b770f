import { describe, expect, test } from '@jest/globals'
import type { NegotiationCause, NegotiationStep } from '../../../../src/machines/negotiation-types.ts'
import type { CandidateType, DialCandidate } from '../../../../src/services/lobby/client/dial-candidate.ts'
import { decideVerdict, type VerdictReason } from '../../../../src/services/lobby/client/verdict.ts'

const candidates = (...types: CandidateType[]): DialCandidate[] =>
  types.map((type) => ({ type, protocol: 'udp', address: '192.0.2.1', port: 4000 }))

const decide = (
  step: NegotiationStep,
  cause: NegotiationCause,
  local: readonly CandidateType[] = ['host'],
  remote: readonly CandidateType[] = ['host'],
  turnGiven = false,
): { reason: VerdictReason; message: string } =>
  decideVerdict({
    failure: { step, cause },
    localCandidates: candidates(...local),
    remoteCandidates: candidates(...remote),
    turnGiven,
  })

describe('the verdict by step and cause', () => {
  const rows: [NegotiationStep, NegotiationCause, VerdictReason][] = [
    ['offer', 'timeout', 'no-offer'],
    ['offer', 'signaling-ended', 'signaling-ended'],
    ['answer', 'timeout', 'no-answer'],
    ['answer', 'failed', 'no-answer'],
    ['answer', 'unmade', 'connection-refused'],
    ['ice', 'unmade', 'connection-refused'],
    ['answer', 'refused', 'remote-description-refused'],
    ['ice', 'refused', 'remote-description-refused'],
    ['dtls', 'failed', 'dtls-failed'],
    ['dtls', 'timeout', 'dtls-failed'],
    ['channels', 'failed', 'channels-not-opened'],
    ['channels', 'timeout', 'channels-not-opened'],
    ['connected', 'failed', 'signaling-ended'],
    ['signaling', 'signaling-ended', 'signaling-ended'],
    ['answer', 'left', 'peer-left'],
    ['ice', 'left', 'peer-left'],
    ['dtls', 'left', 'peer-left'],
  ]
  test.each(rows)('%s, %s: %s', (step, cause, reason) => {
    expect(decide(step, cause).reason).toBe(reason)
  })
})

describe('the verdict when no path was found', () => {
  const rows: [CandidateType[], CandidateType[], boolean, NegotiationCause, VerdictReason, RegExp][] = [
    [[], [], false, 'timeout', 'no-candidate-pair', /neither side/],
    [[], ['host'], false, 'timeout', 'no-candidate-pair', /this side found no candidate/],
    [['host'], [], false, 'failed', 'no-candidate-pair', /other side sent no candidate/],
    [['host'], ['host'], false, 'failed', 'relay-needed', /STUN server .* TURN server/],
    [['host'], ['host', 'srflx'], false, 'failed', 'relay-needed', /STUN server .* TURN server/],
    [['host', 'srflx'], ['host', 'srflx'], false, 'timeout', 'relay-needed', /Give a TURN server in/],
    [['host', 'srflx'], ['host', 'srflx'], true, 'timeout', 'no-candidate-pair', /TURN server gave no candidate/],
    [['host', 'relay'], ['host'], true, 'timeout', 'timed-out', /TURN server can be reached/],
    [['host'], ['host', 'relay'], false, 'timeout', 'timed-out', /TURN server can be reached/],
    [['host', 'relay'], ['host', 'relay'], true, 'failed', 'no-candidate-pair', /relay ports/],
  ]
  test.each(rows)('%j with %j, TURN given: %s, %s: %s', (local, remote, turnGiven, cause, reason, message) => {
    const verdict = decide('ice', cause, local, remote, turnGiven)
    expect(verdict.reason).toBe(reason)
    expect(verdict.message).toMatch(message)
  })
})
