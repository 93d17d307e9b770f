import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { installCommand } from '../../../scripts/browsers.mjs'
import type { PageUnderTest } from '../page/main.ts'
import { type Arrangement, declareSuites, type Ends } from '../suites.ts'
import { bundlePage } from './bundle.ts'
import { type BrowserName, INSTALLED, launch, openPage, PLAIN_CANDIDATES } from './browser.ts'
import { PageServer } from './page-server.ts'

/** Milliseconds; over two far ends thousands of calls take half a minute. */
const TIMEOUT = 90_000

const inThePage = (): never => {
  throw new Error('This runs in the page.')
}
/** The bodies run in the page; here only their names count. */
const NOWHERE: Ends = { offering: inThePage, answering: inThePage }

/** Declares the suites as tests that run in a page of the browser, whose far end is in the test process or in another browser. */
export function runSuites(me: BrowserName, far: BrowserName | 'node', arrangements: readonly Arrangement[]): void {
  const needed = far === 'node' ? [me] : [me, far]
  const missing = needed.filter((name) => !INSTALLED.includes(name))
  if (missing.length > 0) {
    test.skip(`${missing.join(' and ')} missing: ${missing.map(installCommand).join('; ')}`, () => undefined)
    return
  }

  describe(`${me} and ${far}`, () => {
    let server: PageServer
    const browsers: Browser[] = []
    let page: Page
    beforeAll(async () => {
      server = await PageServer.start(await bundlePage('test/browser/page/main.ts'))
      // The far end first, as the near one asks it.
      for (const name of [...needed].reverse()) {
        const browser = await launch(name, PLAIN_CANDIDATES[name])
        browsers.push(browser)
        page = await openPage(browser, server.url(name, name === me ? far : 'nothing'))
        await page.waitForFunction(() => 'page' in globalThis)
      }
    })
    afterAll(async () => {
      for (const browser of browsers) await browser.close()
      await server.close()
    })

    const declare = (name: string): void => {
      test(
        name,
        async () => {
          const fullName = expect.getState().currentTestName?.split(`${me} and ${far} `)[1] ?? ''
          const run = (wanted: string): Promise<string | null> =>
            (globalThis as unknown as { page: PageUnderTest }).page.run(wanted)
          const failure = await page.evaluate(run, fullName)
          if (failure !== null) throw new Error(failure)
        },
        TIMEOUT,
      )
    }
    declareSuites({ describe, test: declare }, () => NOWHERE, arrangements)
  })
}
