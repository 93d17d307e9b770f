import { describe, expect, test } from '@jest/globals'
import { agreedMessageSize } from '../../../src/transport/browser/message-size.ts'

describe('agreedMessageSize', () => {
  test.each([
    ['what the other side says', 'a=max-message-size:100000\r\n', 100_000],
    ['Chromium, libdatachannel', 'a=mid:0\r\na=max-message-size:262144\r\n', 262_144],
    ['RFC 8841: 64 KiB if it says nothing', 'a=mid:0\r\n', 65_536],
    ['0 is no limit, but ours', 'a=max-message-size:0\r\n', 4_194_304],
    ['Firefox: 1 GiB', 'a=max-message-size:1073741823\r\n', 4_194_304],
    ['nonsense counts as nothing', 'a=max-message-size:lots\r\n', 65_536],
    ['a number that is no size', 'a=max-message-size:99999999999999999999\r\n', 65_536],
  ])('%s', (_, sdp, size) => {
    expect(agreedMessageSize(`v=0\r\n${sdp}`)).toBe(size)
  })
})
