import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'puppeteer-core'
import { INSTALLED, launch, openPage } from '../browser/support/browser.ts'
import { RawSocket } from '../services/inspector/support/raw-socket.ts'
import { waitFor } from '../support/real-time.ts'
import { Program } from './program.ts'

describe.each(INSTALLED)('a visitor of the demo, in %s', (name) => {
  let demo: Program
  let browser: Browser

  beforeAll(async () => {
    demo = new Program(['demo', '--peers', '2', '--every', '0', '--port', '0'])
    browser = await launch(name)
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await demo.kill()
  })

  test('is seen in the inspector, connected to everyone, until the page is closed', async () => {
    const viewer = await RawSocket.view(await demo.printed(/inspector at (http:\S+):/))
    await demo.printed(/joined: its connection/)
    const page = await openPage(browser, await demo.printed(/open (http\S+)/))
    const sourceOf = () =>
      viewer.messages.find((message) => message.type === 'webrtc.source' && message.platform === 'browser')
    await waitFor(() => sourceOf() !== undefined, 'the page reports')
    const { source = '' } = sourceOf() ?? {}
    expect(sourceOf()).toMatchObject({ name: 'a visitor' })
    const connected = (): number =>
      Math.max(
        0,
        ...viewer.messages.map((message) =>
          message.type === 'webrtc.facts' && message.source === source && message.group === 'demo'
            ? message.links.filter(({ state }) => state === 'connected').length
            : 0,
        ),
      )
    await waitFor(() => connected() === 2, 'it is connected to both processes')
    await page.close()
    await viewer.heard(`${source} source-gone`)
    viewer.end()
    demo.signal('SIGTERM')
    expect(await demo.ended()).toBe(0)
  })
})
