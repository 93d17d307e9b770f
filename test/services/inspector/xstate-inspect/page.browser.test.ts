import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'puppeteer-core'
import type { Inspector } from '../../../../src/services/inspector/server/inspector.ts'
import { startInspector } from '../../../../src/services/inspector/server/start-inspector.ts'
import { INSTALLED, launch, openPage } from '../../../browser/support/browser.ts'
import { eventually } from '../../../browser/support/eventually.ts'
import { ScriptServer } from '../../../browser/support/script-server.ts'
import { Seen } from '../../../inspector-page/browser/seen.ts'

describe.each(INSTALLED)('a page with XState 4, in %s', (name) => {
  let browser: Browser
  let server: ScriptServer
  let inspector: Inspector

  beforeAll(async () => {
    browser = await launch(name)
    server = await ScriptServer.start('test/services/inspector/xstate-inspect/page/application.ts')
    inspector = await startInspector({ port: 0 })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await server.close()
    await inspector.close()
  })

  test('shows its services in a frame with our page, by inspect() of @xstate/inspect', async () => {
    const page = await openPage(browser, `${server.url}?inspector=${encodeURIComponent(inspector.url)}`)
    const frame = await (await page.waitForSelector('iframe'))?.contentFrame()
    if (!frame) throw new Error('no frame')
    const seen = new Seen(frame)
    await frame.waitForSelector('.header')
    await frame.locator('::-p-aria(List[role="tab"])').click()
    await eventually(async () => {
      expect((await seen.rows('Actors')).join()).toMatch(/^light \| other \| @xstate\/inspect \| red/)
    })
    await page.evaluate(() => (globalThis as unknown as { service: { send(type: string): void } }).service.send('GO'))
    await eventually(async () => {
      expect((await seen.rows('Actors')).join()).toMatch(/^light \| other \| @xstate\/inspect \| green \| GO/)
    })
    await page.close()
  })
})
