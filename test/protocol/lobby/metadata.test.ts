import { describe, expect, test } from '@jest/globals'
import { isMetadata } from '../../../src/protocol/lobby/metadata.ts'

describe('metadata of a lobby', () => {
  test.each([
    ['nothing', '', true],
    ['4096 letters', 'x'.repeat(4096), true],
    ['4097 letters', 'x'.repeat(4097), false],
    ['8192 bytes as JSON', '"'.repeat(4095), true],
    ['8194 bytes as JSON', '"'.repeat(4096), false],
    ['8192 bytes of other scripts', '\u4e16'.repeat(2730), true],
    ['more of them', '\u4e16'.repeat(2731), false],
    ['control characters, six bytes each', '\u0001'.repeat(1365), true],
    ['one more of them', '\u0001'.repeat(1366), false],
    ['half a character', '\ud800', true],
    ['no text', {}, false],
  ])('may be %s: %#', (_what, value, isAllowed) => {
    expect(isMetadata(value)).toBe(isAllowed)
  })
})
