import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { INSTALLED, launch, openPage, PLAIN_CANDIDATES } from '../browser/support/browser.ts'
import { ScriptServer } from '../browser/support/script-server.ts'
import { installCommand } from '../../scripts/browsers.mjs'
import type { ModelsPage } from './page/models-page.ts'
import { realSuite } from './support/real-suite.ts'

declare const modelsPage: ModelsPage

if (INSTALLED.includes('chromium')) describeInPage()
else test.skip(`chromium missing: ${installCommand('chromium')}`, () => undefined)

function describeInPage(): void {
  describe('in Chromium', () => {
    let server: ScriptServer
    let browser: Browser
    let page: Page
    beforeAll(async () => {
      server = await ScriptServer.start('test/models/page/models-page.ts')
      browser = await launch('chromium', PLAIN_CANDIDATES.chromium)
    })
    // A page may make some 500 connections until the closed ones are collected.
    beforeEach(async () => {
      page = await openPage(browser, server.url)
      await page.waitForFunction(() => 'modelsPage' in globalThis)
    })
    afterEach(async () => {
      await page.close()
    })
    afterAll(async () => {
      await browser.close()
      await server.close()
    })

    const declare = (name: string): void => {
      test(
        name,
        async () => {
          const fullName = expect.getState().currentTestName?.replace(/^in Chromium /, '') ?? ''
          const failure = await page.evaluate((wanted) => modelsPage.run(wanted), fullName)
          if (failure !== null) throw new Error(failure)
          const line = await page.evaluate(() => modelsPage.lines.at(-1))
          process.stdout.write(`in Chromium, ${line}\n`)
        },
        90_000,
      )
    }
    // The bodies run in the page; here only their names count.
    realSuite(
      { describe, test: declare },
      () => {
        throw new Error('This runs in the page.')
      },
      () => undefined,
    )
  })
}
