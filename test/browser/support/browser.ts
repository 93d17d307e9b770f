import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { type BrowserName, BROWSER_NAMES, findBrowser, launchOptions } from '../../../scripts/browsers.mjs'

export type { BrowserName } from '../../../scripts/browsers.mjs'

/** The browsers that are installed; `npm test` installs them, or says what is missing. */
export const INSTALLED: readonly BrowserName[] = BROWSER_NAMES.filter((name) => findBrowser(name) !== null)

export async function launch(name: BrowserName, args: readonly string[] = []): Promise<Browser> {
  const options = launchOptions(name)
  return puppeteer.launch({ ...options, args: [...(options.args ?? []), ...args], protocolTimeout: 120_000 })
}

/** Opens a page and fails loudly on what goes wrong in it. */
export async function openPage(browser: Browser, url: string): Promise<Page> {
  const page = await browser.newPage()
  page.on('pageerror', (error) => {
    process.stderr.write(`in the page: ${String((error as Error).stack ?? error)}\n`)
  })
  await page.goto(url)
  return page
}
