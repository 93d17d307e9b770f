import { describe, expect, test } from '@jest/globals'
import { toNativeIceServers } from '../../../src/transport/node/ice-servers.ts'
import type { IceServer } from '../../../src/transport/peer-connection.ts'

const turn = { username: 'u', credential: 'c' }
const native = { username: 'u', password: 'c', relayType: 'TurnUdp' }

describe('toNativeIceServers', () => {
  test.each<[string, IceServer, object[]]>([
    ['STUN, default port', { urls: 'stun:stun.example.org' }, [{ hostname: 'stun.example.org', port: 3478 }]],
    ['STUN, IPv4 and port', { urls: 'stun:192.0.2.1:19302' }, [{ hostname: '192.0.2.1', port: 19302 }]],
    ['IPv6 in brackets', { urls: 'stun:[2001:db8::1]:3479' }, [{ hostname: '2001:db8::1', port: 3479 }]],
    ['TURN', { urls: 'turn:t.example.org', ...turn }, [{ hostname: 't.example.org', port: 3478, ...native }]],
    [
      'TURN over UDP',
      { urls: 'turn:t.example.org:99?transport=udp', ...turn },
      [{ hostname: 't.example.org', port: 99, ...native }],
    ],
    ['TURN, IPv6', { urls: 'turn:[::1]', ...turn }, [{ hostname: '::1', port: 3478, ...native }]],
    [
      'a colon in the user name',
      { urls: 'turn:t.org', username: '1700:alice', credential: 'c' },
      [{ hostname: 't.org', port: 3478, ...native, username: '1700:alice' }],
    ],
    [
      'several urls',
      { urls: ['stun:a.org', 'turn:b.org'], ...turn },
      [
        { hostname: 'a.org', port: 3478 },
        { hostname: 'b.org', port: 3478, ...native },
      ],
    ],
    [
      'variants that Node cannot use are left out',
      { urls: ['turn:b.org', 'turn:b.org?transport=tcp', 'turns:b.org:5349', 'stuns:b.org'], ...turn },
      [{ hostname: 'b.org', port: 3478, ...native }],
    ],
  ])('%s', (_name, server, expected) => {
    expect(toNativeIceServers([server])).toEqual(expected)
  })

  test('no servers are fine', () => {
    expect(toNativeIceServers([])).toEqual([])
  })

  test.each<[string, unknown]>([
    ['bogus', { urls: 'bogus' }],
    ['http:', { urls: 'http://example.org' }],
    ['no host', { urls: 'stun:' }],
    ['IPv6 without brackets', { urls: 'stun:2001:db8::1' }],
    ['no IPv6 in the brackets', { urls: 'stun:[example]' }],
    ['a space', { urls: 'stun:exam ple.org' }],
    ['port 0', { urls: 'stun:a.org:0' }],
    ['port 65536', { urls: 'stun:a.org:65536' }],
    ['TURN without credentials', { urls: 'turn:a.org' }],
    ['no urls', {}],
    ['urls of a wrong type', { urls: [7] }],
    ['a string instead of an object', 'stun:a.org'],
    ['only TCP and TLS', { urls: ['turn:b.org?transport=tcp', 'turns:b.org'], ...turn }],
  ])('refuses %s', (_name, server) => {
    expect(() => toNativeIceServers([server as IceServer])).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PARAMETER' }),
    )
  })

  test('names the entry', () => {
    expect(() => toNativeIceServers([{ urls: 'stun:a.org' }, { urls: 'bogus' }])).toThrow(
      /iceServers\[1\].*'bogus'.*stun:host/,
    )
  })
})
