import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { UsageError } from '../../src/cli/command.ts'
import { INSPECT_HELP, parseInspectOptions, TOKEN_VARIABLE } from '../../src/cli/inspect/options.ts'

const DEFAULTS = {
  file: undefined,
  port: undefined,
  host: undefined,
  token: undefined,
  record: undefined,
  sampleInterval: undefined,
  json: false,
}

const parse = (text: string, environment: NodeJS.ProcessEnv = {}) =>
  parseInspectOptions(text.split(' ').filter(Boolean), environment)

describe('the options of inspect', () => {
  test.each([
    ['', {}],
    ['session.jsonl', { file: 'session.jsonl' }],
    ['--port 0 --json', { port: 0, json: true }],
    ['--host 0.0.0.0 --token a-long-enough-token', { host: '0.0.0.0', token: 'a-long-enough-token' }],
    ['--record new.jsonl --sample-interval 100', { record: 'new.jsonl', sampleInterval: 100 }],
  ])('%s', (text, expected) => {
    expect(parse(text)).toEqual({ ...DEFAULTS, ...expected })
  })

  test('the token may come from the environment; the option counts more', () => {
    const environment = { [TOKEN_VARIABLE]: 'of the environment' }
    expect(parse('', environment).token).toBe('of the environment')
    expect(parse('--token given', environment).token).toBe('given')
  })

  test.each([
    ['one two', "not also 'two'"],
    ['one --record two', '--record is for what is reported'],
    ['--port 65536', "--port is a whole number from 0 to 65535, not '65536'"],
    ['--port', "Option '--port <value>' argument missing; see: webrtc-multiplayer inspect --help"],
    ['--sample-interval 9', "--sample-interval is a whole number from 10 to 60000, not '9'"],
    ['--bogus', "Unknown option '--bogus'"],
  ])('%s is a wrong use', (text, message) => {
    const wrong = (): unknown => parse(text)
    expect(wrong).toThrow(UsageError)
    expect(wrong).toThrow(message)
  })
})

test('the table of options in the docs is that of the help', () => {
  const flags = [...INSPECT_HELP.matchAll(/^ {2}(--[a-z-]+(?: [A-Z]+)?) {2}/gm)].map(([, flag]) => flag)
  const documented = [...readFileSync('docs/inspector.md', 'utf8').matchAll(/^\| `(--[a-z-]+(?: [A-Z]+)?)`/gm)]
  expect(documented.map(([, flag]) => flag)).toEqual(flags.filter((flag) => flag !== '--help'))
})
