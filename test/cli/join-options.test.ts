import { describe, expect, test } from '@jest/globals'
import { UsageError } from '../../src/cli/command.ts'
import { readText } from '../../src/cli/join/conversation.ts'
import { parseJoinOptions } from '../../src/cli/join/options.ts'
import { TransferMode } from '../../src/services/multiplayer-peer/packet.ts'

const DEFAULTS = {
  url: 'ws://host',
  lobby: undefined,
  create: false,
  mode: 'mesh',
  channels: [],
  iceServers: undefined,
  token: undefined,
  json: false,
}

describe('the options of join', () => {
  test.each([
    ['ws://host', {}],
    ['ws://host game', { lobby: 'game' }],
    ['ws://host game --create', { lobby: 'game', create: true }],
    ['ws://host --client-server --json', { mode: 'client-server', json: true }],
    ['ws://host --channels reliable,ordered', { channels: [TransferMode.RELIABLE, TransferMode.UNRELIABLE_ORDERED] }],
    ['ws://host --ice-server stun:s.example', { iceServers: [{ urls: 'stun:s.example' }] }],
    [
      'ws://host --ice-server turn:17%3Aann:pass%40word@t.example:3478 --ice-server stun:s.example',
      {
        iceServers: [
          { urls: 'turn:t.example:3478', username: '17:ann', credential: 'pass@word' },
          { urls: 'stun:s.example' },
        ],
      },
    ],
    ['ws://host --token abc', { token: 'abc' }],
  ])('%s', (text, expected) => {
    expect(parseJoinOptions(text.split(' '), {})).toEqual({ ...DEFAULTS, ...expected })
  })

  test('the token may come from the environment; the option counts more', () => {
    const environment = { WEBRTC_MULTIPLAYER_TOKEN: 'of the environment' }
    expect(parseJoinOptions(['ws://host'], environment).token).toBe('of the environment')
    expect(parseJoinOptions(['ws://host', '--token', 'given'], environment).token).toBe('given')
  })

  test.each([
    ['', 'join what?'],
    ['ws://host a b', "not also 'b'"],
    ['ws://host --create', '--create needs the name'],
    ['ws://host --channels fast', "not 'fast'"],
    ['ws://host --channels constructor', "not 'constructor'"],
    ['ws://host --ice-server turn:u:100%@h:1', 'begins an escape'],
    ['ws://host --bogus', "Unknown option '--bogus'; see: webrtc-multiplayer join --help"],
  ])('%s is a wrong use', (text, message) => {
    const parse = (): unknown => parseJoinOptions(text.split(' ').filter(Boolean), {})
    expect(parse).toThrow(UsageError)
    expect(parse).toThrow(message)
  })
})

describe('what others send', () => {
  test.each([
    ['héllo 🎈', 'héllo 🎈'],
    ['with\ttab', 'with\ttab'],
    ['', ''],
    ['\x1b[2J', null],
    ['two\nlines', null],
    ['\x9b31m', null],
  ])('%j is shown as %j', (text, shown) => {
    expect(readText(new TextEncoder().encode(text))).toBe(shown)
  })

  test('what is no UTF-8 is no text', () => {
    expect(readText(Uint8Array.of(0x68, 0xff))).toBeNull()
  })
})
