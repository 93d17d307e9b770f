import { describe, expect, test } from '@jest/globals'
import { EarlyCandidates } from '../../../../src/services/lobby/client/early-candidates.ts'
import { readCandidate } from '../../../../src/services/lobby/client/dial-candidate.ts'
import { OfferGate } from '../../../../src/services/lobby/client/offer-gate.ts'
import {
  attemptOf,
  looksLikeDescription,
  ufragOf,
  ufragOfCandidate,
  withAttempt,
  withoutUfrag,
  withUfrag,
} from '../../../../src/services/lobby/client/signal-text.ts'
import { VirtualClock } from '../../../../src/transport/simulated/virtual-clock.ts'

const SDP = [
  'v=0',
  's=-',
  'a=group:BUNDLE 0',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=ice-ufrag:abcd',
  '',
].join('\r\n')
const NAME = 'candidate:1 1 UDP 2122317823 192.0.2.1 4000 typ host'
const candidate = (name: string) => ({ media: '0', index: 0, name })

describe('what is added to signals', () => {
  test('the number of the attempt is a line of the session part', () => {
    const sdp = withAttempt(SDP, 1_790_000_000_000)
    expect(sdp.split('\r\n').slice(2, 5)).toEqual([
      'a=group:BUNDLE 0',
      'a=x-webrtc-multiplayer-attempt:1790000000000',
      'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
    ])
    expect(attemptOf(sdp)).toBe(1_790_000_000_000)
    expect(attemptOf(SDP)).toBeNull()
    expect(attemptOf('a=x-webrtc-multiplayer-attempt:1790000000000000000\r\n')).toBeNull()
  })

  test('a candidate says to which description it belongs', () => {
    expect(ufragOf(SDP)).toBe('abcd')
    const name = withUfrag(NAME, 'abcd')
    expect(name).toBe(`${NAME} ufrag abcd`)
    expect(withUfrag(name, 'other')).toBe(name)
    expect(withUfrag(NAME, null)).toBe(NAME)
    expect(ufragOfCandidate(name)).toBe('abcd')
    expect(ufragOfCandidate(NAME)).toBeNull()
    expect(withoutUfrag(`${name} network-cost 999`)).toBe(`${NAME} network-cost 999`)
  })

  test.each([
    [SDP, true],
    ['', false],
    ['v=0', false],
    [SDP.replace('ice-ufrag', 'nothing'), false],
    [SDP.replace('m=application', 'm=audio'), false],
  ])('%j looks like a description: %s', (sdp, expected) => {
    expect(looksLikeDescription(sdp)).toBe(expected)
  })
})

describe('readCandidate', () => {
  test.each([
    [NAME, { type: 'host', protocol: 'udp', address: '192.0.2.1', port: 4000 }],
    [`a=${NAME}`, { type: 'host', protocol: 'udp', address: '192.0.2.1', port: 4000 }],
    [
      'candidate:4 1 udp 41885695 2001:db8::1 50000 typ relay raddr 0.0.0.0 rport 0 ufrag x',
      { type: 'relay', protocol: 'udp', address: '2001:db8::1', port: 50_000 },
    ],
    [
      'candidate:2 1 tcp 1518280447 x-y.local 9 typ srflx tcptype active',
      { type: 'srflx', protocol: 'tcp', address: 'x-y.local', port: 9 },
    ],
    ['candidate:nonsense', null],
    ['', null],
    [NAME.replace('host', 'guest'), null],
  ])('%s', (name, expected) => {
    expect(readCandidate(name)).toEqual(expected)
  })
})

describe('EarlyCandidates', () => {
  const early = new EarlyCandidates()
  const named = (ufrag: string) => candidate(`${NAME} ufrag ${ufrag}`)

  test('wait for their description, and are stale after the next one', () => {
    expect(early.route(named('a'), false)).toBe('wait')
    expect(early.route(named('b'), true)).toBe('wait')
    expect(early.route(candidate(NAME), false)).toBe('wait')
    expect(early.described('a')).toEqual([named('a'), candidate(NAME)])
    expect(early.route(named('a'), true)).toBe('add')
    expect(early.route(candidate(NAME), true)).toBe('add')
    expect(early.described('b')).toEqual([named('b')])
    expect(early.route(named('a'), true)).toBe('stale')
    early.ended()
    expect(early.route(named('b'), false)).toBe('stale')
  })

  test('at most 128 wait', () => {
    const many = new EarlyCandidates()
    const routes = Array.from({ length: 130 }, () => many.route(named('z'), true))
    expect(routes.filter((route) => route === 'wait')).toHaveLength(128)
    expect(routes.slice(128)).toEqual(['no room', 'no room'])
    expect(many.described('z')).toHaveLength(128)
  })
})

describe('OfferGate', () => {
  test('takes offers with rising numbers, each once', () => {
    const gate = new OfferGate(new VirtualClock())
    expect(gate.decide(withAttempt(SDP, 5))).toMatchObject({ offer: { number: 5 } })
    expect(gate.decide(withAttempt(SDP, 5))).toEqual({ dropped: 'stale' })
    expect(gate.decide(withAttempt(SDP, 4))).toEqual({ dropped: 'stale' })
    expect(gate.last).toBe(5)
    expect(gate.decide(withAttempt(SDP, 6))).toMatchObject({ offer: { number: 6 } })
  })

  test('an offer without a number is taken, the same text only once', () => {
    const gate = new OfferGate(new VirtualClock())
    expect(gate.decide(SDP)).toMatchObject({ offer: { number: null, sdp: SDP } })
    expect(gate.decide(SDP)).toEqual({ dropped: 'stale' })
    expect(gate.decide(SDP.replace('abcd', 'efgh'))).toMatchObject({ offer: { number: null } })
  })

  test('nonsense is refused, and one offer too many', () => {
    const clock = new VirtualClock()
    const gate = new OfferGate(clock)
    expect(gate.decide('nonsense')).toEqual({ dropped: 'refused' })
    for (let number = 1; number <= 16; number++) {
      expect(gate.decide(withAttempt(SDP, number))).toMatchObject({ offer: { number } })
    }
    expect(gate.decide(withAttempt(SDP, 17))).toEqual({ dropped: 'refused' })
    clock.advance(10_000)
    expect(gate.decide(withAttempt(SDP, 17))).toMatchObject({ offer: { number: 17 } })
  })
})
