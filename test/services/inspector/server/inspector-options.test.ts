import { describe, expect, test } from '@jest/globals'
import { MultiplayerError } from '../../../../src/multiplayer-error.ts'
import {
  type InspectorOptions,
  isLoopback,
  resolveInspectorOptions,
} from '../../../../src/services/inspector/server/inspector-options.ts'

describe('the options of an inspector', () => {
  test('by default it is for this machine alone, without a token', () => {
    expect(resolveInspectorOptions({})).toMatchObject({
      port: 9280,
      host: '127.0.0.1',
      token: null,
      sampleInterval: 500,
      record: null,
      recording: null,
      page: expect.stringMatching(/\/dist\/inspector-page\/$/),
    })
  })

  test.each(['0.0.0.0', '::', '192.168.1.7', 'devbox', 'localhost.example', '128.0.0.1'])(
    'at %s it makes a token, another one each time',
    (host) => {
      const [one, two] = [resolveInspectorOptions({ host }), resolveInspectorOptions({ host })]
      expect(one.token).toMatch(/^[\w-]{32}$/)
      expect(one.token).not.toBe(two.token)
    },
  )

  test.each([
    ['127.0.0.1', true],
    ['127.9.9.9', true],
    ['::1', true],
    ['localhost', true],
    ['LocalHost', true],
    ['0.0.0.0', false],
    ['::', false],
    ['::ffff:10.0.0.1', false],
    ['', false],
  ])('%j is this machine alone: %s', (host, expected) => {
    expect(isLoopback(host)).toBe(expected)
  })

  test('a token that is given counts anywhere', () => {
    const token = 'sixteen.chars_at-least'
    expect(resolveInspectorOptions({ token }).token).toBe(token)
    expect(resolveInspectorOptions({ token, host: '0.0.0.0' }).token).toBe(token)
  })

  test.each<[string, InspectorOptions]>([
    ['port', { port: 65_536 }],
    ['port', { port: 1.5 }],
    ['sampleInterval', { sampleInterval: 9 }],
    ['sampleInterval', { sampleInterval: 60_001 }],
    ['token', { token: 'short' }],
    ['token', { token: '' }],
    ['token', { token: 'with a space in between' }],
    ['token', { token: 'x'.repeat(257) }],
    ['same file', { record: './session.jsonl', recording: 'session.jsonl' }],
  ])('a %s that makes no sense is refused: %j', (what, options) => {
    let error: unknown
    try {
      resolveInspectorOptions(options)
    } catch (thrown) {
      error = thrown
    }
    expect(error).toBeInstanceOf(MultiplayerError)
    expect(error).toMatchObject({ code: 'ERR_INVALID_PARAMETER', message: expect.stringContaining(what) })
    // A token is a secret, also one that is none.
    if (options.token) expect(JSON.stringify(error)).not.toContain(options.token)
  })
})
