import { createServer } from 'node:http'
import { once } from 'node:events'
import { connect } from 'node:net'
import type { Duplex } from 'node:stream'
import { afterEach, describe, expect, test } from '@jest/globals'
import { WebSocket, WebSocketServer } from 'ws'
import { LOBBY_SUBPROTOCOL, TOKEN_SUBPROTOCOL_PREFIX } from '../../../../src/protocol/lobby/message.ts'
import { memoryBroker } from '../../../../src/services/lobby/broker/memory-broker.ts'
import type { LobbyErrorCode } from '../../../../src/protocol/lobby/extension.ts'
import type { AuthorizeRequest, Denial } from '../../../../src/services/lobby/server/authorization.ts'
import {
  createLobbyServer,
  type LobbyRoute,
  type LobbyServer,
  type LobbyServerOptions,
} from '../../../../src/services/lobby/server/lobby-server.ts'
import { waitFor } from '../../../support/real-time.ts'
import { ExtendedClient } from './support/extended-client.ts'
import { openSocket, refusalOf, startServer } from './support/server-world.ts'

const UNDECIDED = 'Who may come in cannot be told for the moment.'
const JOIN = '{"type":0,"id":0,"data":""}'

let server: LobbyServer
afterEach(() => server.close())

/** What opens a WebSocket, for a client that then does what it likes. */
const handshake = (headers: Record<string, string>): string => {
  const all = {
    ...{ Host: 'x', Upgrade: 'websocket', Connection: 'Upgrade', 'Sec-WebSocket-Version': '13' },
    'Sec-WebSocket-Key': 'dGhlIHNhbXBsZSBub25jZQ==',
    ...headers,
  }
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}`)
  return `GET / HTTP/1.1\r\n${lines.join('\r\n')}\r\n\r\n`
}

const start = async (options?: LobbyServerOptions): Promise<void> => {
  server = await startServer(options)
}

describe('where it listens', () => {
  test('says so, on this machine alone unless told otherwise', async () => {
    await start()
    expect(server.address).toBe('127.0.0.1')
    expect(server.url).toBe(`ws://127.0.0.1:${server.port}`)
    expect(server.isReady).toBe(true)
  })

  test('of everyone, the URL is one that works from here', async () => {
    await start({ host: '0.0.0.0' })
    expect([server.address, server.url]).toEqual(['0.0.0.0', `ws://127.0.0.1:${server.port}`])
    const socket = await openSocket(server.url)
    socket.send(JOIN)
    expect(await socket.take(2)).toHaveLength(2)
  })

  test('if the port is taken, it says so and leaves nothing open', async () => {
    await start()
    await expect(createLobbyServer({ port: server.port })).rejects.toMatchObject({
      code: 'ERR_ALREADY_IN_USE',
      message: expect.stringContaining(String(server.port)) as unknown,
    })
  })

  test('if it cannot listen there, it says so', async () => {
    await start()
    await expect(createLobbyServer({ port: 0, host: '192.0.2.1' })).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
  })

  test.each([
    ['port', { port: 65_536 }],
    ['trustProxy', { trustProxy: -1 }],
    ['path', { path: 'lobby' }],
    ['allowedOrigins', { allowedOrigins: ['game.example'] }],
    ['routes', { server: createServer(), routes: new Map() }],
    ['limits.sockets', { limits: { sockets: 0 } }],
    ['turn.secret', { turn: { secret: '', urls: [] } }],
  ])('%s out of range: ERR_INVALID_PARAMETER', async (name, options) => {
    await start()
    await expect(createLobbyServer({ port: 0, ...options })).rejects.toMatchObject({
      code: 'ERR_INVALID_PARAMETER',
      message: expect.stringContaining(name) as unknown,
    })
  })
})

describe('HTTP', () => {
  test('has the routes that it is given, and says elsewhere what it is', async () => {
    await start({
      routes: new Map<string, LobbyRoute>([
        ['/healthz', (_request, response) => void response.end('fine')],
        ['/broken', () => Promise.reject(new Error('broken'))],
      ]),
    })
    const get = async (path: string) => {
      const response = await fetch(`${server.url.replace('ws', 'http')}${path}`)
      return [response.status, await response.text()]
    }
    expect(await get('/healthz?x=1')).toEqual([200, 'fine'])
    expect((await get('/broken'))[0]).toBe(500)
    expect((await get('/'))[0]).toBe(426)
  })

  test('on a server of the application: its paths are its own, and it outlives the lobby server', async () => {
    const http = createServer((_request, response) => void response.end('the application'))
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    const others = new WebSocketServer({ noServer: true })
    http.on('upgrade', (request, stream, head) => {
      if (request.url === '/own') others.handleUpgrade(request, stream, head, (socket) => socket.send('own'))
    })
    await start({ server: http, path: '/lobby' })
    const own = await openSocket(`${server.url}/own`)
    expect(await own.take(1)).toEqual(['own'])
    for (const [path, join, first] of [
      ['/lobby', JOIN, '{"type":1,"id":1,"data":"true"}'],
      ['/lobby/godot3', 'J: \n', 'I: 1\n'],
    ] as const) {
      const socket = await openSocket(`${server.url}${path}`)
      socket.send(join)
      expect((await socket.take(2))[0]).toBe(first)
    }
    const { url } = server
    await server.close()
    expect(await (await fetch(url.replace('ws', 'http'))).text()).toBe('the application')
    own.end()
    await own.closed()
    others.close()
    http.close()
    http.closeAllConnections()
  })

  test('on a server of the application that takes no sockets itself: other paths are 404', async () => {
    const http = createServer()
    http.listen(0, '127.0.0.1')
    await once(http, 'listening')
    await start({ server: http, path: '/lobby' })
    expect(await refusalOf(`${server.url}/other`)).toMatchObject({ status: 404 })
    const taken = new Promise<Duplex>((take) => {
      http.on('upgrade', (_request, stream) => take(stream))
    })
    // From now on others may be the application's. One that breaks before anybody has taken it harms nobody.
    const own = connect(server.port, '127.0.0.1')
    own.write('GET /own HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    const stream = await taken
    stream.destroy(new Error('broken'))
    await once(own, 'close')
    http.close()
    http.closeAllConnections()
  })

  test('other paths than its own are 404, a target that is no path 400', async () => {
    await start({ path: '/lobby' })
    expect(await refusalOf(`${server.url}/other`)).toMatchObject({ status: 404 })
    const stream = connect(server.port, '127.0.0.1')
    stream.write('GET http:// HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    const [answer] = (await once(stream, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /)
    stream.destroy()
  })

  test('what is no WebSocket handshake is refused', async () => {
    await start()
    const stream = connect(server.port, '127.0.0.1')
    stream.write('GET / HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n\r\n')
    const [answer] = (await once(stream, 'data')) as [Buffer]
    expect(answer.toString()).toMatch(/^HTTP\/1\.1 400 /)
    stream.destroy()
    expect(server.stats().sockets).toBe(0)
  })
})

describe('the subprotocol', () => {
  test.each([
    ['ours, for who offers it', '', [LOBBY_SUBPROTOCOL, `${TOKEN_SUBPROTOCOL_PREFIX}abc`], LOBBY_SUBPROTOCOL],
    ['ours, wherever it stands', '', ['other', LOBBY_SUBPROTOCOL], LOBBY_SUBPROTOCOL],
    ['the token, for who offers that alone', '', [`${TOKEN_SUBPROTOCOL_PREFIX}abc`], `${TOKEN_SUBPROTOCOL_PREFIX}abc`],
    ['the first, for who offers others', '', ['other', 'another'], 'other'],
    ['none, for who offers none', '', [], ''],
    ['not ours, where text is spoken', '/godot3', ['other', LOBBY_SUBPROTOCOL], 'other'],
  ])('is %s', async (_what, path, offered, answered) => {
    await start()
    const client = await openSocket(`${server.url}${path}`, offered)
    expect(client.socket.protocol).toBe(answered)
    client.send('no message')
    const isWelcome = (await client.closed().then(() => client.rest[0] ?? '')).startsWith('{"type":17')
    expect(isWelcome).toBe(answered === LOBBY_SUBPROTOCOL)
  })
})

describe('who may come in', () => {
  const requests: AuthorizeRequest[] = []
  afterEach(() => void requests.splice(0))

  const authorize = (request: AuthorizeRequest) => {
    requests.push(request)
    if (request.token === 'good') return { identity: 'ann' }
    if (request.token === 'later') return { refuse: 'rate-limited' as const, message: 'Later.', retryAfter: 2500 }
    if (request.token === 'broken') throw new Error('the database is away')
    if (request.token === 'nothing') return undefined as unknown as Denial
    if (request.token === 'strange') return { refuse: 'toString' as LobbyErrorCode }
    if (request.token === 'nowhere') return { lobby: 'no such lobby!' }
    return { refuse: 'unauthorized' as const, message: 'Who are you?' }
  }

  test.each([
    ['a header', '', [], { authorization: 'Bearer good' }],
    ['a subprotocol', '', [`${TOKEN_SUBPROTOCOL_PREFIX}good`], {}],
    ['the query', '/?token=good', [], {}],
  ])('may show a token in %s', async (_where, path, protocols, headers) => {
    await start({ authorize })
    const socket = await openSocket(`${server.url}${path}`, protocols, headers)
    socket.send(JOIN)
    expect(await socket.take(2)).toHaveLength(2)
    expect(requests).toMatchObject([{ token: 'good', origin: null, address: '127.0.0.1', dialect: 'json' }])
  })

  test.each([
    ['without a token', null, 401, undefined, 'Who are you?'],
    ['with a wrong one', 'bad', 401, undefined, 'Who are you?'],
    ['who came too often', 'later', 429, '3', 'Later.'],
    ['when the hook fails', 'broken', 503, '2', UNDECIDED],
    ['when the hook gives nothing', 'nothing', 503, '2', UNDECIDED],
    ['when the hook gives no known code', 'strange', 503, '2', UNDECIDED],
    ['when the hook names a lobby that cannot be', 'nowhere', 503, '2', UNDECIDED],
  ])(
    '%s: an HTTP status for plain clients, an ERROR for extended ones',
    async (_who, token, status, retryAfter, body) => {
      await start({ authorize })
      const protocols = token === null ? [] : [`${TOKEN_SUBPROTOCOL_PREFIX}${token}`]
      expect(await refusalOf(server.url, protocols)).toEqual({ status, retryAfter, body })
      const client = new ExtendedClient(await openSocket(server.url, [LOBBY_SUBPROTOCOL, ...protocols]))
      const { data } = await client.hearOne('ERROR')
      expect(data).toMatchObject({ message: body, closing: true })
      expect((await client.closed()).code).toBe(status === 503 ? 1013 : 4000)
      await waitFor(() => server.stats().sockets === 0, 'nothing is left of it')
    },
  )

  test('pages of other origins may not, pages of these and clients that are no pages may', async () => {
    await start({ allowedOrigins: ['https://game.example', 'http://localhost:8080'] })
    expect(await refusalOf(server.url, [], { origin: 'https://evil.example' })).toMatchObject({ status: 403 })
    expect(await refusalOf(server.url, [], { origin: 'null' })).toMatchObject({ status: 403 })
    for (const headers of [{ origin: 'https://game.example' }, { origin: 'http://localhost:8080' }, {}]) {
      const socket = await openSocket(server.url, [], headers)
      socket.send(JOIN)
      expect(await socket.take(2)).toHaveLength(2)
    }
    const client = new ExtendedClient(
      await openSocket(server.url, [LOBBY_SUBPROTOCOL], { origin: 'https://evil.example' }),
    )
    const { data } = await client.hearOne('ERROR')
    expect(data).toMatchObject({ code: 'unauthorized', closing: true })
  })

  test('no more are asked about at a time than may be pending', async () => {
    let decide: (() => void) | undefined
    const decided = new Promise<void>((resolve) => {
      decide = resolve
    })
    await start({ limits: { pendingSockets: 1 }, authorize: () => decided.then(() => ({})) })
    const first = openSocket(server.url)
    const refused = await refusalOf(server.url).catch(() => null)
    expect(refused).toMatchObject({ status: 503, retryAfter: '1' })
    decide?.()
    const socket = await first
    socket.send(JOIN)
    expect(await socket.take(2)).toHaveLength(2)
  })
})

describe('addresses', () => {
  test.each([
    [0, '203.0.113.9, 198.51.100.1', '127.0.0.1'],
    [1, '203.0.113.9, 198.51.100.1', '198.51.100.1'],
    [2, '203.0.113.9, 198.51.100.1', '203.0.113.9'],
    [5, '203.0.113.9, 198.51.100.1', '203.0.113.9'],
    [1, '', '127.0.0.1'],
    [1, '2001:db8::5', '2001:db8:0:0::/64'],
  ])('behind %i proxies, with X-Forwarded-For "%s": %s', async (trustProxy, forwarded, address) => {
    const seen: string[] = []
    await start({
      trustProxy,
      authorize: (request) => {
        seen.push(request.address)
        return {}
      },
    })
    const socket = await openSocket(server.url, [], { 'x-forwarded-for': forwarded })
    expect(seen).toEqual([address])
    socket.end()
  })

  test('that open too many sockets: 429 with the time to wait', async () => {
    await start({ limits: { newSocketsPerMinute: 2 } })
    for (let times = 0; times < 2; times++) await openSocket(server.url)
    expect(await refusalOf(server.url)).toMatchObject({ status: 429, retryAfter: '30' })
    expect(server.stats().refusals).toMatchObject({ 'rate-limited': 1 })
  })

  test('are limited before authorize is asked, in how often and in how many at a time', async () => {
    let asked = 0
    let decide: (() => void) | undefined
    const decided = new Promise<void>((resolve) => {
      decide = resolve
    })
    await start({
      limits: { newSocketsPerMinute: 5, socketsPerAddress: 3 },
      authorize: async () => {
        asked++
        await decided
        return { refuse: 'unauthorized' }
      },
    })
    const undecided = Array.from({ length: 3 }, () => refusalOf(server.url))
    await waitFor(() => asked === 3, 'three are asked about')
    const fourth = await openSocket(server.url)
    expect(await fourth.closed()).toEqual({ code: 4000, reason: 'Too many peers connected' })
    decide?.()
    for (const refusal of await Promise.all(undecided)) expect(refusal.status).toBe(401)
    const statuses: unknown[] = []
    for (let times = 0; times < 10; times++) statuses.push((await refusalOf(server.url)).status)
    expect([asked, statuses]).toEqual([5, [401, 401, ...Array<number>(8).fill(429)]])
  })

  test('whose sockets are refused take nobody the place, and have to do without sockets when there are many', async () => {
    await start({ limits: { sockets: 8, socketsPerAddress: 2 }, trustProxy: 1 })
    const busy = { 'x-forwarded-for': '192.0.2.7' }
    for (let times = 0; times < 2; times++) await openSocket(server.url, [LOBBY_SUBPROTOCOL], busy)
    const silent = Array.from({ length: 64 }, () => {
      const stream = connect(server.port, '127.0.0.1')
      stream.write(handshake({ 'Sec-WebSocket-Protocol': LOBBY_SUBPROTOCOL, 'X-Forwarded-For': '192.0.2.7' }))
      return stream
    })
    await Promise.all(silent.map((stream) => once(stream, 'data')))
    expect(await refusalOf(server.url, [LOBBY_SUBPROTOCOL], busy)).toMatchObject({ status: 503, retryAfter: '5' })
    expect(server.stats().sockets).toBe(2)
    const other = await openSocket(server.url, [], { 'x-forwarded-for': '192.0.2.8' })
    other.send(JOIN)
    expect(await other.take(2)).toHaveLength(2)
    for (const stream of silent) stream.destroy()
  })
})

describe('sockets', () => {
  test('whose other side answers no pings are ended; others are not', async () => {
    await start({ limits: { heartbeat: 40 } })
    const silent = new WebSocket(server.url, { autoPong: false })
    await once(silent, 'open')
    const alive = await openSocket(server.url)
    for (const socket of [silent, alive]) socket.send(JOIN)
    const [code] = (await once(silent, 'close')) as [number]
    expect([code, alive.socket.readyState]).toEqual([1006, WebSocket.OPEN])
    await waitFor(() => server.stats().sockets === 1, 'the server knows')
    expect(server.stats().members).toBe(1)
  })

  test('with messages far over the limit are closed with 1009 by the library', async () => {
    await start({ limits: { messageSize: 1000 } })
    const socket = await openSocket(server.url)
    socket.send('x'.repeat(10_000))
    expect((await socket.closed()).code).toBe(1009)
  })

  test('with text that is no UTF-8 are closed with 1007', async () => {
    await start()
    const { socket, closed } = await openSocket(server.url)
    socket.send(Buffer.from([0xff, 0xfe]), { binary: false })
    expect((await closed()).code).toBe(1007)
  })
})

describe('the end', () => {
  test('close() closes all sockets with 1012, and nothing is left', async () => {
    await start()
    const socket = await openSocket(server.url)
    const client = new ExtendedClient(await openSocket(server.url, [LOBBY_SUBPROTOCOL]))
    socket.send(JOIN)
    await socket.take(2)
    await client.hearOne('WELCOME')
    const idle = connect(server.port, '127.0.0.1')
    await once(idle, 'connect')
    const { url } = server
    await server.close()
    expect(await socket.closed()).toEqual({ code: 1012, reason: 'Service restart' })
    expect(await client.closed()).toEqual({ code: 1012, reason: 'Service restart' })
    expect(server.stats()).toMatchObject({ sockets: 0, lobbies: 0, members: 0 })
    expect(server.isReady).toBe(false)
    const late = new WebSocket(url)
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
  })

  test('close() does not wait for clients that do not answer', async () => {
    await start()
    const socket = await openSocket(server.url)
    socket.socket.pause()
    const started = performance.now()
    await server.close()
    expect(performance.now() - started).toBeLessThan(5000)
    socket.socket.terminate()
  })

  test('while draining new clients are refused: 503, or ERROR draining', async () => {
    const broker = memoryBroker()
    await start({ broker, limits: { graceTime: 300 } })
    const other = await startServer({ broker })
    const client = new ExtendedClient(await openSocket(server.url, [LOBBY_SUBPROTOCOL]))
    client.say('JOIN', 0, '')
    await client.hear(4)
    const drained = server.drain()
    expect(server.isReady).toBe(false)
    expect(await refusalOf(server.url)).toMatchObject({ status: 503, retryAfter: '1' })
    const late = new ExtendedClient(await openSocket(server.url, [LOBBY_SUBPROTOCOL]))
    const { data } = await late.hearOne('ERROR')
    expect(data).toMatchObject({ code: 'draining', closing: true, retryAfter: 1000 })
    expect((await late.closed()).code).toBe(1012)
    await drained
    expect(server.stats()).toMatchObject({ sockets: 0, members: 0 })
    await other.close()
  })

  test('close() is not disturbed by a client that breaks the protocol meanwhile', async () => {
    await start()
    const stream = connect(server.port, '127.0.0.1')
    stream.write(handshake({ 'Sec-WebSocket-Protocol': LOBBY_SUBPROTOCOL }))
    await once(stream, 'data')
    // A frame with bits that nobody agreed on, in answer to the close.
    stream.on('data', () => stream.write(Buffer.from([0xf1, 0x80, 1, 2, 3, 4])))
    stream.on('error', () => undefined)
    const { port } = server
    await server.close()
    expect(server.stats()).toMatchObject({ sockets: 0, refusals: { draining: 1 } })
    const late = connect(port, '127.0.0.1')
    const [error] = (await once(late, 'error')) as [NodeJS.ErrnoException]
    expect(error.code).toBe('ECONNREFUSED')
    stream.destroy()
  })

  test('clients about whom is not decided yet hold nothing up', async () => {
    let decide: ((grant: object) => void) | undefined
    await start({
      authorize: () =>
        new Promise((resolve) => {
          decide = resolve
        }),
    })
    const socket = new WebSocket(server.url)
    const failed = once(socket, 'error')
    await waitFor(() => decide !== undefined, 'it is asked about')
    await server.close()
    await failed
    decide?.({})
    expect(server.stats().sockets).toBe(0)
  })
})
