import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import type { Refusal, Refusals } from './page/refusals-page.ts'
import { INSTALLED, launch } from './support/browser.ts'
import { ScriptServer } from './support/script-server.ts'

declare global {
  var refusals: Refusals
}

/** A name that leads to this machine, but that browsers do not trust as they trust localhost. */
const INSECURE_HOST = 'insecure.test'

describe.each(INSTALLED)('bad input in %s', (name) => {
  let server: ScriptServer
  let browser: Browser
  let page: Page
  const uncaught: unknown[] = []
  beforeAll(async () => {
    server = await ScriptServer.start('test/browser/page/refusals-page.ts')
    browser = await launch(name, name === 'chromium' ? [`--host-resolver-rules=MAP ${INSECURE_HOST} 127.0.0.1`] : [])
  })
  beforeEach(async () => {
    page = await browser.newPage()
    uncaught.length = 0
    page.on('pageerror', (error) => uncaught.push(error))
    await page.goto(server.url)
  })
  afterEach(async () => {
    await page.close()
    expect(uncaught).toEqual([])
  })
  afterAll(async () => {
    await browser.close()
    await server.close()
  })

  test.each([
    ['no URL', { urls: 'bogus' }],
    ['another scheme', { urls: 'https://example.org' }],
    ['a TURN server without credentials', { urls: 'turn:example.org' }],
    ['an entry without urls', {}],
    ['no entry at all', null],
  ])('a bad entry in iceServers: %s', async (_, entry) => {
    const { code, message } = await page.evaluate(
      (bad) => refusals.create({ iceServers: [{ urls: 'stun:example.org' }, bad as never] }),
      entry,
    )
    expect(code).toBe('ERR_INVALID_PARAMETER')
    expect(message).toMatch(/^iceServers\[1\] is refused: .+stun:host:port/)
  })

  test('iceServers that is no list, an unknown iceTransportPolicy', async () => {
    for (const configuration of [{ iceServers: 7 }, { iceTransportPolicy: 'none' }]) {
      const { code } = await page.evaluate((bad) => refusals.create(bad as never), configuration)
      expect(code).toBe('ERR_INVALID_PARAMETER')
    }
  })

  test('a browser whose WebRTC was switched off', async () => {
    const { code, message } = await page.evaluate(() => {
      Reflect.deleteProperty(globalThis, 'RTCPeerConnection')
      return refusals.create({})
    })
    expect([code, message]).toEqual(['ERR_UNAVAILABLE', expect.stringContaining('switched off')])
  })

  test('a worker', async () => {
    const { code, message } = await page.evaluate(
      () =>
        new Promise<Refusal>((resolve) => {
          const worker = new Worker('/script.js', { type: 'module' })
          worker.onmessage = ({ data }: MessageEvent<Refusal>) => resolve(data)
        }),
    )
    expect([code, message]).toEqual(['ERR_UNAVAILABLE', expect.stringContaining('no WebRTC in a worker')])
  })

  test('a description that only the browser refuses: FAILED, then CLOSED, and why', async () => {
    const { states, code, message } = await page.evaluate(() => refusals.refusedLater())
    expect(states).toEqual([0, 1, 4, 5])
    expect(code).toBe('ERR_INVALID_DATA')
    expect(message).toMatch(/^The other side's offer is refused: [^]+Begin anew on a new connection/)
  })

  test('mutated descriptions and candidates', async () => {
    expect(await page.evaluate(() => refusals.mutations(200))).toEqual(['ERR_INVALID_DATA', 'OK'])
  }, 60_000)

  if (name === 'chromium') {
    test('an insecure page without WebRTC', async () => {
      await page.goto(`http://${INSECURE_HOST}:${server.port}/`)
      expect(await page.evaluate(() => isSecureContext)).toBe(false)
      const { code, message } = await page.evaluate(() => {
        // Chromium has WebRTC in insecure pages too; others may not.
        Reflect.deleteProperty(globalThis, 'RTCPeerConnection')
        return refusals.create({})
      })
      expect([code, message]).toEqual(['ERR_UNAVAILABLE', expect.stringContaining('https, or from localhost')])
    })

    test('more connections than a page may have (Chromium: 500)', async () => {
      const { code, message, made } = await page.evaluate(() => refusals.createTooMany())
      expect(made).toBeGreaterThan(100)
      expect([code, message]).toEqual(['ERR_UNAVAILABLE', expect.stringContaining('Close connections')])
    })
  }
})
