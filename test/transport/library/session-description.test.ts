import { describe, expect, test } from '@jest/globals'
import { MAX_SDP_LENGTH } from '../../../src/transport/remote-limits.ts'
import { announceOurselves, parseRemoteImplementation } from '../../../src/transport/own-peers.ts'
import {
  checkDescriptionType,
  fingerprintOf,
  readRemoteDescription,
} from '../../../src/transport/library/session-description.ts'

const LINES = [
  'v=0',
  'o=rtc 1 0 IN IP4 127.0.0.1',
  's=-',
  't=0 0',
  'a=fingerprint:sha-256 6b:08:A1',
  'm=application 9 UDP/DTLS/SCTP webrtc-datachannel',
  'a=mid:0',
  'a=setup:actpass',
  'a=ice-ufrag:7ZQ5',
  'a=ice-pwd:YCCl6wG285NadJs4lBFl8G',
  '',
]
const SDP = LINES.join('\r\n')

describe('readRemoteDescription', () => {
  test('takes the candidates out and leaves the rest as it is', () => {
    const candidates = ['a=candidate:1 1 UDP 1 127.0.0.1 1 typ host', 'a=candidate:2 1 UDP 1 127.0.0.1 2 typ host']
    expect(readRemoteDescription(`${SDP}${candidates.join('\r\n')}\r\na=end-of-candidates\r\n`)).toEqual({
      sdp: SDP,
      candidates,
    })
  })

  test('takes lines that end without a carriage return', () => {
    expect(readRemoteDescription(LINES.join('\n')).sdp).toBe(SDP)
  })

  test.each(['v=0', 'm=application', 'a=ice-ufrag', 'a=ice-pwd', 'a=fingerprint'])(
    'refuses one without %s',
    (start) => {
      const without = LINES.filter((line) => !line.startsWith(start)).join('\r\n')
      expect(() => readRemoteDescription(without)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_DATA' }))
    },
  )

  test('gives a last line its end back, which a copied text loses and Chromium wants', () => {
    expect(readRemoteDescription(SDP.trimEnd()).sdp).toBe(readRemoteDescription(SDP).sdp)
    expect(readRemoteDescription(SDP).sdp).toMatch(/[^\r\n]\r\n$/)
  })

  test('refuses one that is too long, and takes the longest', () => {
    const padded = (length: number): string => `${SDP}a=x:`.padEnd(length, 'y')
    expect(readRemoteDescription(padded(MAX_SDP_LENGTH)).sdp.trimEnd()).toHaveLength(MAX_SDP_LENGTH)
    expect(() => readRemoteDescription(padded(MAX_SDP_LENGTH + 1))).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_DATA' }),
    )
  })
})

test('description types are offer and answer', () => {
  for (const type of ['pranswer', 'rollback', 'zzz', '', undefined]) {
    expect(() => {
      checkDescriptionType(type)
    }).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }))
  }
})

test('the fingerprint is found and does not depend on case', () => {
  expect(fingerprintOf(SDP)).toBe('SHA-256 6B:08:A1')
})

describe('the line by which our peers know each other', () => {
  test('is at session level, before the first section', () => {
    const lines = announceOurselves(SDP, ['one', 'two']).split('\r\n')
    expect(lines.indexOf('a=x-webrtc-multiplayer:1 one two')).toBe(lines.findIndex((line) => line.startsWith('m=')) - 1)
  })

  test('is read back', () => {
    expect(parseRemoteImplementation(announceOurselves(SDP))).toEqual({ version: 1, features: [] })
    expect(parseRemoteImplementation(announceOurselves(SDP, ['resume', 'other']))).toEqual({
      version: 1,
      features: ['resume', 'other'],
    })
  })

  test('is missing in others, or not understood', () => {
    expect(parseRemoteImplementation(SDP)).toBeNull()
    expect(parseRemoteImplementation(SDP.replace('s=-', 's=a=x-webrtc-multiplayer:1'))).toBeNull()
    expect(parseRemoteImplementation(SDP.replace('m=', 'a=x-webrtc-multiplayer:one\r\nm='))).toBeNull()
  })
})
