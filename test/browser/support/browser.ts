import puppeteer, { type Browser, type Page } from 'puppeteer-core'
import { type BrowserName, BROWSER_NAMES, findBrowser, launchOptions } from '../../../scripts/browsers.mjs'

export type { BrowserName } from '../../../scripts/browsers.mjs'

/** The browsers that are installed; `npm test` installs them, or says what is missing. */
export const INSTALLED: readonly BrowserName[] = BROWSER_NAMES.filter((name) => findBrowser(name) !== null)

/**
 * Plain host candidates instead of multicast DNS names, which one browser needs a second to look up in the other (measured: 1.0 s a connect, 0.2 s without); the
 * mesh of three and the leaving tests run with the names, as users do.
 */
export const PLAIN_CANDIDATES: Readonly<Record<BrowserName, readonly string[]>> = {
  chromium: ['--disable-features=WebRtcHideLocalIpsWithMdns'],
  firefox: [],
}

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
