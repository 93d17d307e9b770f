import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import type { PageUnderTest } from './page/main.ts'
import { type Arrangement, declareSuites, type Ends } from './suites.ts'
import { bundlePage } from './support/bundle.ts'
import { INSTALLED, launch, openPage } from './support/browser.ts'
import { PageServer } from './support/page-server.ts'

/** The bodies run in the page; here only their names count. */
const NOWHERE: Ends = {
  offering: () => {
    throw new Error('This runs in the page.')
  },
  answering: () => {
    throw new Error('This runs in the page.')
  },
}
const ACROSS: readonly Arrangement[] = ['the page offers', 'the page answers']

let server: PageServer
const browsers = new Map<string, Browser>()

beforeAll(async () => {
  server = await PageServer.start(await bundlePage('test/browser/page/main.ts'))
  for (const name of INSTALLED) browsers.set(name, await launch(name))
})

afterAll(async () => {
  for (const browser of browsers.values()) await browser.close()
  await server.close()
})

/** Declares the suites as tests that run in a page of the browser, whose far end is in the other place. */
function runIn(me: string, far: string, arrangements: readonly Arrangement[]): void {
  describe(`${me} and ${far}`, () => {
    const pages: Page[] = []
    beforeAll(async () => {
      for (const [name, other] of far === 'node' ? [[me, far]] : [[far, 'nothing'], [me, far]]) {
        const page = await openPage(browsers.get(name ?? '') as Browser, server.url(name ?? '', other ?? ''))
        await page.waitForFunction(() => 'page' in globalThis)
        pages.unshift(page)
      }
    })
    afterAll(async () => {
      for (const page of pages) await page.close()
    })

    declareSuites(
      {
        describe,
        test: (name) => {
          test(name, async () => {
            const fullName = expect.getState().currentTestName?.split(`${me} and ${far} `)[1] ?? ''
            const failure = await pages[0]?.evaluate(
              (wanted) => (globalThis as unknown as { page: PageUnderTest }).page.run(wanted),
              fullName,
            )
            if (failure !== null) throw new Error(failure)
          })
        },
      },
      () => NOWHERE,
      arrangements,
    )
  })
}

for (const name of INSTALLED) runIn(name, 'node', ['in one page', ...ACROSS])
if (INSTALLED.length === 2) runIn('chromium', 'firefox', ACROSS)
