import { request } from 'node:http'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Inspector } from '../../../../src/services/inspector/server/inspector.ts'
import type { InspectorOptions } from '../../../../src/services/inspector/server/inspector-options.ts'
import { startInspector } from '../../../../src/services/inspector/server/start-inspector.ts'
import { TestPage } from '../support/page.ts'
import { RawSocket } from '../support/raw-socket.ts'

interface Answer {
  readonly status: number
  readonly headers: Readonly<Record<string, string | string[] | undefined>>
  readonly body: string
}

const TOKEN = 'a-token-of-some-length'
const HEADER = '{"type":"webrtc.recording","version":1,"startedAt":1}\n'

let page: TestPage
const started: Inspector[] = []

beforeAll(async () => {
  page = await TestPage.make()
})
afterEach(async () => {
  for (const inspector of started.splice(0)) await inspector.close()
})
afterAll(() => page.remove())

async function start(options: InspectorOptions = {}): Promise<Inspector> {
  const inspector = await startInspector({ port: 0, page: page.directory, ...options })
  started.push(inspector)
  return inspector
}

/** The target goes out as it is, which fetch() would not do. */
function ask(url: string, target = '', headers: Record<string, string> = {}, method = 'GET'): Promise<Answer> {
  const { hostname, port, pathname, search } = new URL(url)
  return new Promise((resolve, reject) => {
    const asked = request(
      { host: hostname.replace(/[[\]]/g, ''), port, path: target || pathname + search, headers, method },
      (response) => {
        let body = ''
        response.on('data', (data: Buffer) => (body += data.toString()))
        response.on('error', reject)
        response.on('end', () => {
          resolve({ status: response.statusCode ?? 0, headers: response.headers, body })
        })
      },
    )
    asked.on('error', reject)
    asked.end()
  })
}

describe('the page', () => {
  test.each([
    ['/', 200, 'text/html; charset=utf-8', '<!doctype html><title>inspector</title>'],
    ['/?recording=/recording', 200, 'text/html; charset=utf-8', '<!doctype html><title>inspector</title>'],
    ['/index.html', 200, 'text/html; charset=utf-8', '<!doctype html><title>inspector</title>'],
    ['/assets/index.js', 200, 'text/javascript; charset=utf-8', 'run()'],
    ['/assets/index.css?v=1', 200, 'text/css; charset=utf-8', 'body {}'],
    ['/notes.md', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/assets', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/recording', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/view', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/__proto__', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/../secret.js', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/assets/../../secret.js', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/assets/%2e%2e/%2e%2e/secret.js', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/..%2fsecret.js', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/..\\secret.js', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['//secret.js', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['/%00', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
    ['http://127.0.0.1/../secret.js', 404, 'text/plain; charset=utf-8', 'There is nothing here.\n'],
  ])('%s is %d', async (target, status, type, body) => {
    const { url } = await start()
    const answer = await ask(url, target)
    expect(answer).toMatchObject({ status, body, headers: { 'content-type': type } })
  })

  test('may load nothing from elsewhere and tell nobody its address', async () => {
    const { url } = await start()
    const { host } = new URL(url)
    const { headers } = await ask(url)
    const policy = new Map(
      String(headers['content-security-policy'])
        .split('; ')
        .map((directive) => [directive.split(' ', 1).join(''), directive.replace(/^\S+ /, '')]),
    )
    expect(Object.fromEntries(policy)).toEqual({
      'default-src': "'self'",
      'connect-src': `'self' ws://${host} wss://${host}`,
      'img-src': "'self' data:",
      'object-src': "'none'",
      'base-uri': "'none'",
      'form-action': "'none'",
      'frame-ancestors': "'self' http://localhost:* http://127.0.0.1:*",
    })
    expect(headers).toMatchObject({
      'x-content-type-options': 'nosniff',
      'referrer-policy': 'no-referrer',
      'cross-origin-resource-policy': 'same-origin',
    })
    expect(headers).not.toHaveProperty('access-control-allow-origin')
  })

  test('HEAD gets no body, anything else is not allowed', async () => {
    const { url } = await start()
    expect(await ask(url, '/', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
    expect(await ask(url, '/', {}, 'POST')).toMatchObject({ status: 405, headers: { allow: 'GET, HEAD' } })
  })

  test('is refused by a name that was made to lead here', async () => {
    const { url } = await start()
    const { port } = new URL(url)
    expect((await ask(url, '/', { host: `attacker.example:${port}` })).status).toBe(403)
    expect((await ask(url, '/assets/index.js', { host: `attacker.example:${port}` })).status).toBe(403)
    expect((await ask(url, '/', { host: `localhost:${port}` })).status).toBe(200)
  })

  test('nothing of what a request says gets into a header of the answer', async () => {
    const { url } = await start({ token: TOKEN })
    const { status, headers } = await ask(url, '/assets/index.js', { host: "x; script-src 'unsafe-inline'" })
    expect(status).toBe(400)
    expect(JSON.stringify(headers)).not.toContain('unsafe-inline')
  })
})

// Linux has all of 127.0.0.0/8, and answers at each address apart.
const testOnLinux = process.platform === 'linux' ? test : test.skip
testOnLinux('by default nobody is answered at another address', async () => {
  const { port } = new URL((await start()).url)
  expect((await ask(`http://127.0.0.1:${port}/`)).status).toBe(200)
  await expect(ask(`http://127.0.0.2:${port}/`)).rejects.toMatchObject({ code: 'ECONNREFUSED' })
})

describe('a token', () => {
  test('is needed for the page and what it is told, and not for the files of the package', async () => {
    const inspector = await start({ token: TOKEN })
    const { url } = inspector
    expect(new URL(url).searchParams.get('token')).toBe(TOKEN)
    expect((await ask(url)).status).toBe(200)
    const refused = await ask(url, '/')
    expect(refused).toMatchObject({ status: 401, headers: { 'www-authenticate': 'Bearer' } })
    expect(refused.body).not.toContain(TOKEN)
    expect((await ask(url, '/?token=wrong')).status).toBe(401)
    expect((await ask(url, '/', { authorization: `Bearer ${TOKEN}` })).status).toBe(200)
    expect((await ask(url, '/', { authorization: 'Bearer wrong' })).status).toBe(401)
    expect((await ask(url, '/assets/index.js')).status).toBe(200)
    expect((await ask(url, '/notes.md')).status).toBe(401)
  })

  test('is made where others can reach it', async () => {
    const inspector = await start({ host: '0.0.0.0' })
    const { hostname, searchParams } = new URL(inspector.url)
    expect(hostname).toBe('127.0.0.1')
    expect(searchParams.get('token')).toMatch(/^[\w-]{32}$/)
    expect((await ask(inspector.url, '/')).status).toBe(401)
    expect((await ask(inspector.url)).status).toBe(200)
    expect(await RawSocket.statusOf(inspector.reportUrl)).toBe(101)
    expect(await RawSocket.statusOf(inspector.reportUrl.replace(/\?.*/, ''))).toBe(401)
  })
})

describe('sockets', () => {
  test('are taken at two paths, from whom they are for', async () => {
    const { url, reportUrl } = await start()
    const { origin, host, port } = new URL(url)
    const view = `ws://${host}/view`
    expect(await RawSocket.statusOf(view, { origin })).toBe(101)
    expect(await RawSocket.statusOf(view)).toBe(403)
    expect(await RawSocket.statusOf(view, { origin: 'https://attacker.example' })).toBe(403)
    expect(await RawSocket.statusOf(view, { origin: `http://localhost:${port}` })).toBe(403)
    expect(await RawSocket.statusOf(reportUrl)).toBe(101)
    expect(await RawSocket.statusOf(reportUrl, { origin: 'http://localhost:5173' })).toBe(101)
    expect(await RawSocket.statusOf(reportUrl, { origin: 'https://attacker.example' })).toBe(403)
    expect(await RawSocket.statusOf(`ws://${host}/`, { origin })).toBe(404)
    expect(await RawSocket.statusOf(`ws://${host}/views`, { origin })).toBe(404)
    const rebound = { origin: `http://attacker.example:${port}`, headers: { host: `attacker.example:${port}` } }
    expect(await RawSocket.statusOf(view, rebound)).toBe(403)
    expect(await RawSocket.statusOf(reportUrl, rebound)).toBe(403)
  })

  test('need the token where there is one', async () => {
    const { url, reportUrl } = await start({ token: TOKEN })
    const { origin, host, search } = new URL(url)
    expect(await RawSocket.statusOf(`ws://${host}/view${search}`, { origin })).toBe(101)
    expect(await RawSocket.statusOf(`ws://${host}/view`, { origin })).toBe(401)
    expect(await RawSocket.statusOf(`ws://${host}/view${search}`)).toBe(403)
    expect(await RawSocket.statusOf(reportUrl)).toBe(101)
    expect(await RawSocket.statusOf(reportUrl, { origin: 'https://app.example' })).toBe(101)
    expect(await RawSocket.statusOf(`ws://${host}/report`)).toBe(401)
    const bearer = { headers: { authorization: `Bearer ${TOKEN}` } }
    expect(await RawSocket.statusOf(`ws://${host}/report`, bearer)).toBe(101)
  })
})

describe('a recording that it shows', () => {
  test('is given out whole, and the page opens it', async () => {
    const content = `${HEADER}${'{"type":"webrtc.source"}\n'.repeat(10_000)}{"cut`
    const { url } = await start({ recording: await page.write('session.jsonl', content) })
    expect(new URL(url).searchParams.get('recording')).toBe('/recording')
    const answer = await ask(url, '/recording')
    expect(answer).toMatchObject({ status: 200, headers: { 'content-type': 'application/jsonl; charset=utf-8' } })
    expect(answer.body).toBe(content)
    expect(await ask(url, '/recording', {}, 'HEAD')).toMatchObject({ status: 200, body: '' })
    expect((await ask(url, '/recording', { host: 'attacker.example' })).status).toBe(403)
  })

  test('needs the token, with which the page opens it', async () => {
    const { url } = await start({ recording: await page.write('session.jsonl', HEADER), token: TOKEN })
    expect((await ask(url, '/recording')).status).toBe(401)
    const { searchParams, origin } = new URL(url)
    expect((await ask(new URL(searchParams.get('recording') ?? '', origin).href)).body).toBe(HEADER)
  })

  test('that is gone meanwhile is not found', async () => {
    const file = await page.write('other/../gone.jsonl', HEADER)
    const { url } = await start({ recording: file })
    await page.write('gone.jsonl', HEADER)
    const { rm } = await import('node:fs/promises')
    await rm(page.file('gone.jsonl'))
    expect((await ask(url, '/recording')).status).toBe(404)
  })
})

describe('what cannot be started', () => {
  test('at a port that is taken', async () => {
    const port = Number(new URL((await start()).url).port)
    await expect(start({ port })).rejects.toMatchObject({ code: 'ERR_ALREADY_IN_USE', value: port })
  })

  test('at an address that this machine has not', async () => {
    await expect(start({ host: '192.0.2.1' })).rejects.toMatchObject({ code: 'ERR_UNAVAILABLE' })
  })

  test('without its page', async () => {
    await expect(start({ page: page.file('nowhere') })).rejects.toMatchObject({
      code: 'ERR_UNAVAILABLE',
      message: expect.stringContaining('npm run build'),
    })
  })

  test.each([
    [{ recording: 'nowhere.jsonl' }, 'ERR_DOES_NOT_EXIST'],
    [{ record: 'no/directory.jsonl' }, 'ERR_FILE_CANT_WRITE'],
    [{ port: -1 }, 'ERR_INVALID_PARAMETER'],
  ])('with %j', async (options, code) => {
    await expect(start(options)).rejects.toMatchObject({ code })
  })

  test('once it was told not to', async () => {
    const reason = new Error('not any more')
    await expect(start({ signal: AbortSignal.abort(reason) })).rejects.toBe(reason)
  })
})
