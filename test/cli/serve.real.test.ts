import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { SignJWT } from 'jose'
import WebSocket from 'ws'
import { LOBBY_SUBPROTOCOL, LobbyMessageType, TOKEN_SUBPROTOCOL_PREFIX } from '../../src/protocol/lobby/message.ts'
import { HAS_REDIS, RedisServer } from '../support/redis-server.ts'
import { wait } from '../support/real-time.ts'
import { ServeProcess } from './serve-process.ts'

const SECRET = 'a secret of more than thirty-two bytes'
const directory = mkdtempSync(path.join(tmpdir(), 'serve-'))
const secretFile = path.join(directory, 'secret')
writeFileSync(secretFile, `${SECRET}\n`)

const { JOIN, ID, WELCOME, TOKEN, RESUME, ICE_SERVERS } = LobbyMessageType

const started: ServeProcess[] = []
const sockets: WebSocket[] = []

afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.terminate()
  for (const serving of started.splice(0)) await serving.stop()
})

afterAll(() => {
  rmSync(directory, { recursive: true })
})

async function serve(
  args: readonly string[],
  options?: Parameters<typeof ServeProcess.start>[1],
): Promise<ServeProcess> {
  const serving = await ServeProcess.start(['--port', '0', ...args], options)
  started.push(serving)
  return serving
}

/** The status and the text at a path of the server. */
async function get(url: string, route: string): Promise<{ status: number; body: string }> {
  const response = await fetch(url.replace(/^ws/, 'http') + route)
  return { status: response.status, body: await response.text() }
}

interface Client {
  readonly socket: WebSocket
  /** The next message that has not been read. */
  next(): Promise<{ type: LobbyMessageType; id: number; data: string }>
  readonly closed: Promise<{ code: number; reason: string }>
}

/** Opens a socket; rejects, with the status in the message, if that is refused. */
async function connect(url: string, protocols: string[] = []): Promise<Client> {
  const socket = new WebSocket(url, protocols)
  sockets.push(socket)
  const waiting: string[] = []
  let wake: () => void = () => undefined
  socket.on('message', (message) => {
    waiting.push((message as Buffer).toString())
    wake()
  })
  const closed = new Promise<{ code: number; reason: string }>((resolve) => {
    socket.once('close', (code, reason) => {
      resolve({ code, reason: reason.toString() })
    })
  })
  await new Promise((resolve, reject) => {
    socket.once('open', resolve)
    socket.once('error', reject)
  })
  const next = async (): Promise<{ type: LobbyMessageType; id: number; data: string }> => {
    for (let text = waiting.shift(); ; text = waiting.shift()) {
      if (text !== undefined) return JSON.parse(text) as { type: LobbyMessageType; id: number; data: string }
      await new Promise<void>((resolve) => {
        wake = resolve
      })
    }
  }
  return { socket, next, closed }
}

/** Creates a lobby as Godot's demo client does. */
async function createLobby(client: Client): Promise<void> {
  client.socket.send(JSON.stringify({ type: JOIN, id: 0, data: '' }))
  expect(await client.next()).toEqual({ type: ID, id: 1, data: 'true' })
  expect(await client.next()).toMatchObject({ type: JOIN, id: 0 })
}

describe('serving', () => {
  test('tells its address, its health and what it counts', async () => {
    const serving = await serve([])
    const url = await serving.url()
    expect(url).toMatch(/^ws:\/\/127\.0\.0\.1:\d+$/)
    expect(await get(url, '/healthz')).toEqual({ status: 200, body: 'ok\n' })
    expect(await get(url, '/readyz')).toEqual({ status: 200, body: '{"ready":true}\n' })
    await createLobby(await connect(url))
    const { body } = await get(url, '/metrics')
    expect(body).toMatch(/^webrtc_lobby_sockets 1$/m)
    expect(body).toMatch(/^webrtc_lobby_members 1$/m)
    expect(body).toMatch(/^webrtc_lobby_joins_total\{dialect="json"\} 1$/m)
    expect(body).toMatch(/^process_cpu_seconds_total /m)
  })

  test('settings come from the environment too', async () => {
    const serving = await serve([], { environment: { WEBRTC_MULTIPLAYER_LIMIT: 'messageSize=100' } })
    const client = await connect(await serving.url())
    client.socket.send('x'.repeat(200))
    expect(await client.closed).toMatchObject({ code: 1009 })
  })

  test('--metrics-port moves health and metrics away from the sockets', async () => {
    const serving = await serve(['--metrics-port', '0'])
    const url = await serving.url()
    const { operation } = await serving.logged('listening')
    for (const route of ['/healthz', '/readyz', '/metrics']) {
      expect(await get(String(operation), route)).toMatchObject({ status: 200 })
      expect((await get(url, route)).status).toBeGreaterThanOrEqual(400)
    }
    expect(await get(String(operation), '/elsewhere')).toMatchObject({ status: 404 })
    await createLobby(await connect(url))
  })

  test('--no-metrics leaves health', async () => {
    const url = await (await serve(['--no-metrics'])).url()
    expect((await get(url, '/metrics')).status).toBeGreaterThanOrEqual(400)
    expect(await get(url, '/readyz')).toMatchObject({ status: 200 })
  })

  test('--jwt-secret-file asks for tokens', async () => {
    const url = await (await serve(['--jwt-secret-file', secretFile, '--jwt-audience', 'lobby'])).url()
    await expect(connect(url)).rejects.toThrow('401')
    const token = (audience: string): Promise<string> =>
      new SignJWT({})
        .setProtectedHeader({ alg: 'HS256' })
        .setSubject('somebody')
        .setAudience(audience)
        .setExpirationTime('1 minute')
        .sign(new TextEncoder().encode(SECRET))
    await expect(connect(url, [TOKEN_SUBPROTOCOL_PREFIX + (await token('bank'))])).rejects.toThrow('401')
    const client = await connect(url, [LOBBY_SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX + (await token('lobby'))])
    expect(await client.next()).toMatchObject({ type: WELCOME })
  })

  test('--origin keeps other pages out', async () => {
    const url = await (await serve(['--origin', 'https://game.example'])).url()
    const open = (origin: string): Promise<unknown> =>
      new Promise((resolve, reject) => {
        const socket = new WebSocket(url, { origin })
        sockets.push(socket)
        socket.once('open', resolve)
        socket.once('error', reject)
      })
    await expect(open('https://other.example')).rejects.toThrow('403')
    await open('https://game.example')
  })

  test('--turn-url gives members credentials', async () => {
    const turn = ['--turn-url', 'turn:turn.example:3478', '--turn-secret-file', secretFile, '--turn-ttl', '600']
    const client = await connect(await (await serve(turn)).url(), [LOBBY_SUBPROTOCOL])
    expect(await client.next()).toMatchObject({ type: WELCOME })
    client.socket.send(JSON.stringify({ type: JOIN, id: 0, data: '' }))
    const { type, data } = await client.next()
    expect(type).toBe(ICE_SERVERS)
    const { iceServers, expiresIn } = JSON.parse(data) as { iceServers: object[]; expiresIn: number }
    expect(expiresIn).toBe(600_000)
    expect(iceServers).toHaveLength(1)
    expect(iceServers[0]).toMatchObject({ urls: ['turn:turn.example:3478'], credential: expect.any(String) })
  })
})

describe('ending', () => {
  test.each(['SIGTERM', 'SIGINT'] as const)(
    '%s drains: sockets hear of a restart, and the exit code is 0',
    async (signal) => {
      const serving = await serve([])
      const client = await connect(await serving.url())
      await createLobby(client)
      serving.kill(signal)
      expect(await client.closed).toMatchObject({ code: 1012 })
      expect(await serving.ended).toEqual({ code: 0, signal: null, stderr: '' })
      expect(await serving.logged('told to end')).toMatchObject({ level: 'info', signal })
      expect(serving.log.at(-1)).toMatchObject({ msg: 'ended' })
    },
  )

  test('a port that is taken is an error that is logged', async () => {
    const url = new URL(await (await serve([])).url())
    const other = await ServeProcess.start(['--port', url.port])
    started.push(other)
    expect(await other.ended).toMatchObject({ code: 1, stderr: '' })
    expect(other.log.at(-1)).toMatchObject({ level: 'error', msg: expect.stringContaining('is taken; choose another') })
  })

  test('a Redis that cannot be reached is one too', async () => {
    const serving = await serve(['--redis', 'redis://127.0.0.1:1'])
    expect(await serving.ended).toMatchObject({ code: 1, stderr: '' })
    expect(serving.log.at(-1)).toMatchObject({
      level: 'error',
      msg: expect.stringMatching(/^cannot start: /),
    })
  })

  test('wrong settings are a wrong use', async () => {
    const { code, stderr } = await (await serve(['--log-level', 'loud'])).ended
    expect(code).toBe(2)
    expect(stderr).toMatch(/^webrtc-multiplayer: --log-level is one of .*\n$/)
  })
})

const describeWithRedis = HAS_REDIS ? describe : describe.skip

describeWithRedis('with a Redis', () => {
  let redis: RedisServer

  beforeEach(async () => {
    redis = await RedisServer.start()
  })

  afterEach(() => redis.kill())

  /** Creates a lobby with the extended protocol; gives the token with which its place can be taken up again. */
  async function createWithToken(url: string): Promise<{ client: Client; token: string }> {
    const client = await connect(url, [LOBBY_SUBPROTOCOL])
    client.socket.send(JSON.stringify({ type: JOIN, id: 0, data: '' }))
    for (;;) {
      const { type, data } = await client.next()
      if (type === TOKEN) return { client, token: (JSON.parse(data) as { token: string }).token }
    }
  }

  test('a server that drains waits for its members to go on at another, and no longer', async () => {
    const [one, other] = [await serve(['--redis', redis.url]), await serve(['--redis', redis.url])]
    const [url, otherUrl] = [await one.url(), await other.url()]
    const { client, token } = await createWithToken(url)
    one.kill('SIGTERM')
    expect(await client.closed).toMatchObject({ code: 1012 })
    expect(await get(url, '/readyz')).toEqual({ status: 503, body: '{"ready":false,"reason":"draining"}\n' })
    expect(await get(url, '/healthz')).toMatchObject({ status: 200 })
    await expect(connect(url)).rejects.toThrow('503')
    const again = await connect(otherUrl, [LOBBY_SUBPROTOCOL])
    again.socket.send(JSON.stringify({ type: RESUME, id: 0, data: token }))
    expect(await again.next()).toMatchObject({ type: WELCOME })
    expect(await again.next()).toMatchObject({ type: RESUME, id: 1 })
    const before = performance.now()
    expect(await one.ended).toEqual({ code: 0, signal: null, stderr: '' })
    // The grace time, for which it would wait otherwise, is 15 s.
    expect(performance.now() - before).toBeLessThan(5_000)
    expect((await get(otherUrl, '/metrics')).body).toMatch(/^webrtc_lobby_resumes_total\{moved="true"\} 1$/m)
  })

  test('a second signal ends it at once', async () => {
    const serving = await serve(['--redis', redis.url])
    const { client } = await createWithToken(await serving.url())
    serving.kill('SIGTERM')
    await client.closed
    serving.kill('SIGTERM')
    expect(await serving.ended).toMatchObject({ code: 143, stderr: '' })
  })

  test('it is not ready while Redis is gone, and counts that', async () => {
    const url = await (await serve(['--redis', redis.url])).url()
    /** Bounded by the time limit of the test. */
    const ready = async (status: number): Promise<void> => {
      while ((await get(url, '/readyz')).status !== status) await wait(10)
    }
    await ready(200)
    await redis.kill()
    await ready(503)
    expect((await get(url, '/readyz')).body).toContain('the broker cannot be reached')
    await redis.restart()
    await ready(200)
    expect((await get(url, '/metrics')).body).toMatch(/^webrtc_lobby_broker_outages_total 1$/m)
  })
})

describe('optional packages that are not installed', () => {
  test('without pino it does not start and says what to install', async () => {
    const { code, stderr } = await (await serve([], { missing: ['pino'] })).ended
    expect(code).toBe(2)
    expect(stderr).toBe(
      'webrtc-multiplayer: serve logs with the package pino, which is not installed: npm install pino\n',
    )
  })

  test('without prom-client /metrics says what to install', async () => {
    const url = await (await serve([], { missing: ['prom-client'] })).url()
    expect(await get(url, '/metrics')).toEqual({
      status: 501,
      body: 'Metrics need the package prom-client: npm install prom-client\n',
    })
    expect(await get(url, '/readyz')).toMatchObject({ status: 200 })
  })

  test.each([
    ['ioredis', ['--redis', 'redis://127.0.0.1:1']],
    ['jose', ['--jwt-secret-file', secretFile]],
  ])('without %s what needs it does not start, and says what to install', async (name, args) => {
    const serving = await serve(args, { missing: [name] })
    expect(await serving.ended).toMatchObject({ code: 1 })
    expect(serving.log.at(-1)).toMatchObject({ msg: expect.stringContaining(`npm install ${name}`) })
  })
})
