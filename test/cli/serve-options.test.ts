import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { UsageError } from '../../src/cli/command.ts'
import { parseServeOptions, SERVE_HELP, type ServeOptions } from '../../src/cli/serve/options.ts'

const directory = mkdtempSync(path.join(tmpdir(), 'serve-options-'))
afterAll(() => {
  rmSync(directory, { recursive: true })
})

function file(name: string, content: string): string {
  const full = path.join(directory, name)
  writeFileSync(full, content)
  return full
}

const LONG = 'a secret of more than thirty-two bytes'
const long = file('long', `${LONG}\n`)
const windows = file('windows', `${LONG}\r\n`)
const short = file('short', 'too short\n')
const empty = file('empty', '\n')
const absent = path.join(directory, 'absent')

const DEFAULTS: ServeOptions = {
  port: 9080,
  host: '127.0.0.1',
  redis: null,
  origins: [],
  tokens: null,
  turn: null,
  limits: {},
  trustProxy: 0,
  logLevel: 'info',
  metrics: true,
  metricsPort: null,
}

const NO_TOKEN_RESTRICTIONS = { issuer: undefined, audience: undefined }
const TURN = ['--turn-url', 'turn:turn.example', '--turn-secret-file', long]

/** Each with the flags, the environment that says the same, and what differs from the defaults then. */
const TAKEN: readonly (readonly [readonly string[], NodeJS.ProcessEnv, Partial<ServeOptions>])[] = [
  [[], {}, {}],
  [['--port', '0'], { WEBRTC_MULTIPLAYER_PORT: '0' }, { port: 0 }],
  [['--host', '0.0.0.0'], { WEBRTC_MULTIPLAYER_HOST: '0.0.0.0' }, { host: '0.0.0.0' }],
  [
    ['--redis', 'redis://10.0.0.1:6379'],
    { WEBRTC_MULTIPLAYER_REDIS: 'redis://10.0.0.1:6379' },
    { redis: { url: 'redis://10.0.0.1:6379', prefix: undefined } },
  ],
  [
    ['--redis', 'rediss://:pw@redis.example/1', '--redis-prefix', 'eu:'],
    { WEBRTC_MULTIPLAYER_REDIS: 'rediss://:pw@redis.example/1', WEBRTC_MULTIPLAYER_REDIS_PREFIX: 'eu:' },
    { redis: { url: 'rediss://:pw@redis.example/1', prefix: 'eu:' } },
  ],
  [
    ['--origin', 'https://a.example', '--origin', 'http://localhost:8000'],
    { WEBRTC_MULTIPLAYER_ORIGIN: 'https://a.example, http://localhost:8000' },
    { origins: ['https://a.example', 'http://localhost:8000'] },
  ],
  [
    ['--jwt-secret-file', long],
    { WEBRTC_MULTIPLAYER_JWT_SECRET_FILE: windows },
    { tokens: { secret: LONG, jwks: undefined, ...NO_TOKEN_RESTRICTIONS } },
  ],
  [
    ['--jwks', 'https://id.example/keys', '--jwt-issuer', 'id', '--jwt-audience', 'lobby'],
    {
      WEBRTC_MULTIPLAYER_JWKS: 'https://id.example/keys',
      WEBRTC_MULTIPLAYER_JWT_ISSUER: 'id',
      WEBRTC_MULTIPLAYER_JWT_AUDIENCE: 'lobby',
    },
    { tokens: { secret: undefined, jwks: 'https://id.example/keys', issuer: 'id', audience: 'lobby' } },
  ],
  [
    ['--turn-url', 'turn:[2001:db8::1]:3478?transport=udp', ...TURN, '--turn-ttl', '600'],
    {
      WEBRTC_MULTIPLAYER_TURN_URL: 'turn:[2001:db8::1]:3478?transport=udp turn:turn.example',
      WEBRTC_MULTIPLAYER_TURN_SECRET_FILE: long,
      WEBRTC_MULTIPLAYER_TURN_TTL: '600',
    },
    { turn: { urls: ['turn:[2001:db8::1]:3478?transport=udp', 'turn:turn.example'], secret: LONG, ttl: 600 } },
  ],
  [
    ['--turn-url', 'stun:stun.example'],
    { WEBRTC_MULTIPLAYER_TURN_URL: 'stun:stun.example' },
    { turn: { urls: ['stun:stun.example'], secret: undefined, ttl: undefined } },
  ],
  [['--max-lobbies', '7'], { WEBRTC_MULTIPLAYER_MAX_LOBBIES: '7' }, { limits: { lobbies: 7 } }],
  [['--max-sockets', '9'], { WEBRTC_MULTIPLAYER_MAX_SOCKETS: '9' }, { limits: { sockets: 9 } }],
  [
    ['--limit', 'graceTime=0', '--limit', 'socketsPerAddress=1000'],
    { WEBRTC_MULTIPLAYER_LIMIT: 'graceTime=0,socketsPerAddress=1000' },
    { limits: { graceTime: 0, socketsPerAddress: 1000 } },
  ],
  [['--trust-proxy', '2'], { WEBRTC_MULTIPLAYER_TRUST_PROXY: '2' }, { trustProxy: 2 }],
  [['--log-level', 'WARN'], { WEBRTC_MULTIPLAYER_LOG_LEVEL: 'warn' }, { logLevel: 'warn' }],
  [['--no-metrics'], { WEBRTC_MULTIPLAYER_NO_METRICS: 'true' }, { metrics: false }],
  [['--metrics-port', '9090'], { WEBRTC_MULTIPLAYER_METRICS_PORT: '9090' }, { metricsPort: 9090 }],
]

describe('what is taken', () => {
  test.each(TAKEN)('%j, or %j', (args, environment, changes) => {
    expect(parseServeOptions(args, {})).toEqual({ ...DEFAULTS, ...changes })
    expect(parseServeOptions([], environment)).toEqual({ ...DEFAULTS, ...changes })
  })

  test.each([
    ['a flag wins over its variable', ['--port', '1'], { WEBRTC_MULTIPLAYER_PORT: '2' }, { port: 1 }],
    [
      'a repeatable one too: they are not mixed',
      ['--origin', 'https://a.example'],
      { WEBRTC_MULTIPLAYER_ORIGIN: 'https://b.example' },
      { origins: ['https://a.example'] },
    ],
    [
      'the flag for sockets wins over --limit',
      ['--max-sockets', '5', '--limit', 'sockets=4'],
      {},
      { limits: { sockets: 5 } },
    ],
    ['an empty variable is none', [], { WEBRTC_MULTIPLAYER_PORT: ' ', WEBRTC_MULTIPLAYER_REDIS: '' }, {}],
    ['a switch in the environment may be off', [], { WEBRTC_MULTIPLAYER_NO_METRICS: '0' }, {}],
    ['other variables are none of its business', [], { WEBRTC_MULTIPLAYER_SOMETHING: 'x', PORT: '5' }, {}],
  ])('%s', (_, args, environment, changes) => {
    expect(parseServeOptions(args, environment)).toEqual({ ...DEFAULTS, ...changes })
  })
})

describe('what is refused', () => {
  test.each([
    [['--prot', '1'], {}, "Unknown option '--prot'; see: webrtc-multiplayer serve --help"],
    [['lobby'], {}, "Unexpected argument 'lobby'"],
    [['--no-metrics=1'], {}, '--no-metrics'],
    [['--port'], {}, "'--port <value>' argument missing"],
    [['--port', '1', '--port', '2'], {}, '--port is given 2 times; once is enough'],
    [['--port', '65536'], {}, "--port is a whole number from 0 to 65535, not '65536'"],
    [[], { WEBRTC_MULTIPLAYER_PORT: '1e3' }, 'WEBRTC_MULTIPLAYER_PORT is a whole number from 0 to 65535'],
    [['--host', ''], {}, '--host is empty'],
    [['--redis', 'http://x'], {}, '--redis is not a URL of the form redis://... or rediss://...'],
    [[], { WEBRTC_MULTIPLAYER_REDIS: ':secret' }, 'WEBRTC_MULTIPLAYER_REDIS is not a URL'],
    [['--redis-prefix', 'x'], {}, '--redis-prefix needs --redis'],
    [['--origin', 'https://a.example/'], {}, '--origin is an origin, e.g. https://game.example or'],
    [['--origin', 'a.example'], {}, '--origin is an origin'],
    [['--jwt-secret-file', absent], {}, `--jwt-secret-file: cannot read ${absent} (ENOENT)`],
    [['--jwt-secret-file', empty], {}, `--jwt-secret-file: ${empty} is empty`],
    [['--jwt-secret-file', short], {}, 'is shorter than 32 bytes, which can be guessed'],
    [['--jwt-secret-file', long, '--jwks', 'https://x'], {}, '--jwt-secret-file and --jwks exclude each other'],
    [['--jwks', 'keys.json'], {}, '--jwks is not a URL of the form https://... or http://...'],
    [['--jwt-issuer', 'x'], {}, '--jwt-issuer needs --jwt-secret-file or --jwks'],
    [[], { WEBRTC_MULTIPLAYER_JWT_AUDIENCE: 'x' }, 'WEBRTC_MULTIPLAYER_JWT_AUDIENCE needs --jwt-secret-file or --jwks'],
    [['--turn-url', 'turn:t.example'], {}, '--turn-url needs --turn-secret-file'],
    [['--turn-secret-file', long], {}, '--turn-secret-file needs --turn-url'],
    [['--turn-ttl', '600'], {}, '--turn-ttl needs --turn-url and --turn-secret-file'],
    [[...TURN, '--turn-ttl', '5'], {}, '--turn-ttl is a whole number from 60 to 604800'],
    [['--turn-url', 'http://t.example', ...TURN.slice(2)], {}, '--turn-url is of the form turn:host'],
    [['--max-lobbies', '0'], {}, '--max-lobbies is a whole number from 1'],
    [['--max-sockets', '-1'], {}, '--max-sockets'],
    [['--limit', 'heartbeat'], {}, "--limit is of the form NAME=N, not 'heartbeat'; there is: sockets, "],
    [['--limit', 'toString=1'], {}, '--limit is of the form NAME=N'],
    [['--limit', 'heartbeat=0'], {}, '--limit: limits.heartbeat'],
    [[], { WEBRTC_MULTIPLAYER_LIMIT: 'nonsense=1' }, 'WEBRTC_MULTIPLAYER_LIMIT is of the form NAME=N'],
    [['--trust-proxy', 'yes'], {}, '--trust-proxy is a whole number from 0 to 16'],
    [['--log-level', 'loud'], {}, '--log-level is one of trace, debug, info, warn, error, fatal, silent'],
    [[], { WEBRTC_MULTIPLAYER_NO_METRICS: 'maybe' }, "WEBRTC_MULTIPLAYER_NO_METRICS is true or false, not 'maybe'"],
  ] as const)('%j %j: %s', (args, environment, message) => {
    const parse = (): unknown => parseServeOptions([...args], environment)
    expect(parse).toThrow(UsageError)
    expect(parse).toThrow(message)
  })

  test('a URL that may contain a password is not repeated in the message', () => {
    expect(() => parseServeOptions(['--redis', 'reddis://:hunter2@x'], {})).toThrow(/^(?!.*hunter2)/)
  })
})

test('the help names every flag of the table', () => {
  const flags = new Set(TAKEN.flatMap(([args]) => args.filter((arg) => arg.startsWith('--'))))
  for (const flag of flags) expect(SERVE_HELP).toMatch(new RegExp(`^  ${flag}( |$)`, 'm'))
  expect(SERVE_HELP.match(/^ {2}--/gm)).toHaveLength(flags.size + 1)
})
