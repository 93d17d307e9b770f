import { describe, expect, test } from '@jest/globals'
import { readIceCandidate } from '../../../src/transport/library/ice-candidate.ts'

const HOST = 'candidate:1 1 UDP 2114977791 192.0.2.2 51392 typ host'

describe('readIceCandidate', () => {
  test.each([
    [HOST, HOST],
    [`a=${HOST}`, HOST],
    [`a=${HOST}\r\n`, HOST],
    [
      'candidate:2 1 udp 2116026111 fd00::2 1 typ host generation 0 ufrag x',
      'candidate:2 1 udp 2116026111 fd00::2 1 typ host generation 0 ufrag x',
    ],
    [
      'candidate:842163049 1 udp 1677729535 203.0.113.1 40000 typ srflx raddr 0.0.0.0 rport 0',
      'candidate:842163049 1 udp 1677729535 203.0.113.1 40000 typ srflx raddr 0.0.0.0 rport 0',
    ],
    [
      'candidate:1 1 udp 1 0b6f2c1a-5d3e-4f00-9c3b-0a1b2c3d4e5f.local 5000 typ host',
      'candidate:1 1 udp 1 0b6f2c1a-5d3e-4f00-9c3b-0a1b2c3d4e5f.local 5000 typ host',
    ],
    ...['::', '::1', 'fe80::', '2001:DB8::1', '1:2:3:4:5:6:7:8', '::ffff:192.0.2.1', '64:ff9b::192.0.2.1'].map(
      (address) => [HOST.replace('192.0.2.2', address), HOST.replace('192.0.2.2', address)],
    ),
    ['', null],
    ['a=end-of-candidates', null],
  ])('takes %j', (name, candidate) => {
    expect(readIceCandidate(name)).toEqual(candidate === null ? null : { candidate, isUdp: true })
  })

  test('tells TCP, which not every library speaks', () => {
    const candidate = 'candidate:1 1 tcp 1518280447 192.0.2.2 9 typ host tcptype active'
    expect(readIceCandidate(candidate)).toEqual({ candidate, isUdp: false })
  })

  test.each<[string, unknown]>([
    ['no string', null],
    ['garbage', 'hello'],
    ['a second line', `${HOST}\r\na=setup:active`],
    ['a port beyond 65535', HOST.replace('51392', '65536')],
    ['port 0', HOST.replace('51392', '0')],
    ['an unknown type', HOST.replace('host', 'guest')],
    ['a host name, which would be looked up', HOST.replace('192.0.2.2', 'example.org')],
    ['a broken address', HOST.replace('192.0.2.2', '192.0.2.256')],
    ...[
      '1::2::3',
      '1:2:3:4:5:6:7',
      '1:2:3:4:5:6:7:8:9',
      '12345::',
      '::g',
      '::192.0.2.256',
      '1:2:3:4:5:6:7:192.0.2.1',
      ':',
      'fe80::1%eth0',
    ].map((address): [string, string] => [`a broken IPv6 address, ${address}`, HOST.replace('192.0.2.2', address)]),
    ['an unknown transport', HOST.replace('UDP', 'SCTP')],
    ['component 0', HOST.replace('1 1 UDP', '1 0 UDP')],
    ['more than 1024 characters', `${HOST} ${'x'.repeat(1024)}`],
  ])('refuses %s', (_name, name) => {
    expect(() => readIceCandidate(name)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_DATA' }))
  })
})
