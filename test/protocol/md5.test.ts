import { createHash } from 'node:crypto'
import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { md5Text } from '../../src/protocol/md5.ts'

// The examples of RFC 1321, A.5, and one that was recorded from Godot.
test.each([
  ['', 'd41d8cd98f00b204e9800998ecf8427e'],
  ['a', '0cc175b9c0f1b6a831c399e269772661'],
  ['abc', '900150983cd24fb0d6963f7d28e17f72'],
  ['message digest', 'f96b697d7cb7938d525a2f31aaf161d0'],
  ['abcdefghijklmnopqrstuvwxyz', 'c3fcd3d76192e4007dfb496cca67e13b'],
  ['ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789', 'd174ab98d277d9f5a5611c2c9f419d9f'],
  [
    '12345678901234567890123456789012345678901234567890123456789012345678901234567890',
    '57edf4a22be3c955ac49da2e2107b67a',
  ],
  ['auth_onlychan1echonoargsordered2replyunrel', '02c577bef61248cb247e4103caed0eca'],
])('md5 of "%s" is %s', (text, digest) => {
  expect(md5Text(text)).toBe(digest)
})

test('texts of any length and character have the digest that OpenSSL gives', () => {
  const seed = Math.floor(Math.random() * 2 ** 31)
  fc.assert(
    fc.property(fc.string({ unit: 'binary', maxLength: 300 }), (text) => {
      expect(md5Text(text)).toBe(createHash('md5').update(text, 'utf8').digest('hex'))
    }),
    { seed, numRuns: 500 },
  )
})
