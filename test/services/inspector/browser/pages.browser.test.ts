import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { INSTALLED, launch, openPage } from '../../../browser/support/browser.ts'
import { eventually } from '../../../browser/support/eventually.ts'
import { ScriptServer } from '../../../browser/support/script-server.ts'
import type { Inspector } from '../../../../src/services/inspector/server/inspector.ts'
import { startInspector } from '../../../../src/services/inspector/server/start-inspector.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { parseInspectorMessages } from '../../../../src/services/inspector/wire/parse.ts'
import { waitFor } from '../../../support/real-time.ts'
import { TestPage } from '../support/page.ts'
import { RawSocket } from '../support/raw-socket.ts'

const SCRIPT = 'test/services/inspector/browser/page/inspected.ts'

describe.each(INSTALLED)('pages that are inspected, in %s', (name) => {
  let browser: Browser
  let server: ScriptServer
  let page: TestPage
  let inspector: Inspector

  beforeAll(async () => {
    browser = await launch(name)
    server = await ScriptServer.start(SCRIPT)
    page = await TestPage.make()
    inspector = await startInspector({ port: 0, page: page.directory })
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await inspector.close()
    await server.close()
    await page.remove()
  })

  const open = (query: string): Promise<Page> => openPage(browser, `${server.url}?${query}`)
  const meshesIn = (messages: readonly InspectorMessage[]) =>
    messages.flatMap((message) =>
      message.type === '@xstate.actor' && message.kind === 'mesh' ? [message.uniqueId] : [],
    )
  const goneIn = (messages: readonly InspectorMessage[]) =>
    messages.filter(({ type }) => type === 'webrtc.source-gone').length

  test('a page of another origin of this machine reports to an inspector, until it is closed', async () => {
    const viewer = await RawSocket.view(inspector.url)
    const reporting = await open(`id=5&report=${encodeURIComponent(inspector.reportUrl)}`)
    await waitFor(() => meshesIn(viewer.messages).length > 0, 'the mesh is told of')
    expect(meshesIn(viewer.messages)).toEqual([5])
    expect(viewer.messages[0]).toMatchObject({ type: 'webrtc.source', platform: 'browser', name: 'tests' })
    expect(viewer.messages[0]).toHaveProperty('detail', expect.stringContaining('Mozilla'))
    await reporting.close()
    await waitFor(() => goneIn(viewer.messages) === 1, 'it is gone')
    expect(inspector.stats()).toMatchObject({ lost: 0, drops: { invalid: 0, foreign: 0 } })
    viewer.end()
  })

  const heardBy = async (tab: Page): Promise<InspectorMessage[]> => {
    const text = await tab.evaluate(() => JSON.stringify((globalThis as unknown as { heard: unknown }).heard))
    const parsed = parseInspectorMessages(text)
    expect(parsed).toMatchObject({ ok: true, ignored: 0 })
    return parsed.ok ? [...parsed.messages] : []
  }

  test('a tab shows what happens in the others of its origin; who looks late is told everything too', async () => {
    const inspected = await open('id=7')
    const first = await open('view')
    await eventually(async () => {
      expect(meshesIn(await heardBy(first))).toContain(7)
    })
    const second = await open('view')
    await eventually(async () => {
      expect(meshesIn(await heardBy(second))).toContain(7)
    })
    await inspected.close()
    await eventually(async () => {
      expect((await heardBy(second)).at(-1)).toMatchObject({ type: 'webrtc.source-gone' })
    })
  })

  // Only Chromium has an address for it.
  if (name !== 'chromium') return
  test('a tab that crashes is seen to be gone', async () => {
    const inspected = await open('id=8')
    const viewer = await open('view')
    await eventually(async () => {
      expect(meshesIn(await heardBy(viewer))).toContain(8)
    })
    // It never answers.
    inspected.goto('chrome://crash').catch(() => undefined)
    await eventually(async () => {
      expect((await heardBy(viewer)).at(-1)).toMatchObject({ type: 'webrtc.source-gone' })
    })
    await viewer.close()
  })
})
