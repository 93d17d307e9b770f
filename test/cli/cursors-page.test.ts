import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { decode } from '../../examples/browser-cursors/src/wire.ts'
import { encodeCursor, encodeHello } from '../../src/cli/demo/cursor-packets.ts'
import { cursorsPage, type PageHandler } from '../../src/cli/demo/cursors-page.ts'

let directory: string
let page: PageHandler

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'cursors-'))
  await mkdir(path.join(directory, 'page/assets'), { recursive: true })
  await writeFile(path.join(directory, 'page/index.html'), '<p>cursors')
  await writeFile(path.join(directory, 'page/assets/app.js'), 'run()')
  await writeFile(path.join(directory, 'page/notes.txt'), 'not for the web')
  await writeFile(path.join(directory, 'secret.js'), 'outside')
  page = (await cursorsPage(path.join(directory, 'page'), {
    lobby: 'demo',
    channels: [2, 0],
    inspector: null,
  })) as PageHandler
})
afterAll(() => rm(directory, { recursive: true }))

function ask(url: string, method = 'GET'): { status: number; type: string | undefined; body: string | undefined } {
  const answer = { status: 0, type: undefined as string | undefined, body: undefined as string | undefined }
  const response = {
    writeHead: (status: number, headers: Record<string, string> = {}) => {
      answer.status = status
      answer.type = headers['content-type']
      return response
    },
    end: (body?: Uint8Array | string) => {
      answer.body = body === undefined ? undefined : Buffer.from(body as string).toString()
    },
  }
  page({ method, url } as unknown as IncomingMessage, response as unknown as ServerResponse)
  return answer
}

describe('the page for visitors of the demo', () => {
  test.each([
    ['/', 200, 'text/html; charset=utf-8', '<p>cursors'],
    ['/?name=Ada', 200, 'text/html; charset=utf-8', '<p>cursors'],
    ['/assets/app.js', 200, 'text/javascript; charset=utf-8', 'run()'],
    ['/lobby.json', 200, 'application/json', '{"lobby":"demo","channels":[2,0],"inspector":null}'],
    ['/notes.txt', 404, undefined, 'There is nothing here.'],
    ['/../secret.js', 404, undefined, 'There is nothing here.'],
    ['/assets/%2e%2e/%2e%2e/secret.js', 404, undefined, 'There is nothing here.'],
    ['/__proto__', 404, undefined, 'There is nothing here.'],
  ])('%s is %d', (url, status, type, body) => {
    expect(ask(url)).toEqual({ status, type, body })
  })

  test('HEAD gets no body, anything else is not allowed', () => {
    expect(ask('/', 'HEAD')).toMatchObject({ status: 200, body: undefined })
    expect(ask('/', 'POST').status).toBe(405)
  })

  test('there is none where it was not built', async () => {
    expect(
      await cursorsPage(path.join(directory, 'nowhere'), { lobby: 'demo', channels: [], inspector: null }),
    ).toBeNull()
  })
})

describe('what the peers of the demo show a visitor', () => {
  test('is what the page reads', () => {
    expect(decode(encodeHello('Peer 3 (process 12345)', 52))).toEqual({
      is: 'hello',
      name: 'Peer 3 (process 12345)',
      hue: 52,
    })
    const cursor = decode(encodeCursor(0.25, 1))
    expect(cursor).toEqual({ is: 'cursor', x: expect.closeTo(0.25, 4), y: 1 })
  })
})
