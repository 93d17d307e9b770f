import { execFile } from 'node:child_process'
import { existsSync } from 'node:fs'
import path from 'node:path'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser } from 'puppeteer-core'
import { TransferMode } from '../../src/services/multiplayer-peer/packet.ts'
import { INSTALLED, launch, openPage } from '../browser/support/browser.ts'

const ROOT = fileURLToPath(new URL('../..', import.meta.url))
const PAGES = ['one-name', 'two-meshes'] as const
type PageName = (typeof PAGES)[number]

let scripts: Record<string, string[]>

beforeAll(async () => {
  if (!existsSync(path.join(ROOT, 'dist/index.js'))) throw new Error('There is no dist/: npm run build first.')
  scripts = await bundleAll()
})

/** By bundler, a script for each page. In a process of its own, as Vite does not run inside Jest. */
async function bundleAll(): Promise<Record<string, string[]>> {
  const args = ['scripts/bundlers.mjs', ...PAGES.map((page) => `test/package/page/${page}.js`)]
  const { stdout } = await promisify(execFile)(process.execPath, args, { cwd: ROOT, maxBuffer: 16 * 1024 * 1024 })
  return JSON.parse(stdout) as Record<string, string[]>
}

describe.each(['esbuild', 'Rollup', 'Vite'])('the built package in a page, bundled by %s', (bundler) => {
  const scriptOf = (page: PageName): string => scripts[bundler]?.[PAGES.indexOf(page)] ?? ''

  test('nothing that is for Node comes along', () => {
    for (const page of PAGES) expect(scriptOf(page)).not.toMatch(/node-datachannel|["'`]node:/)
  })

  test('what is not imported does not come along', () => {
    expect(scriptOf('one-name').length).toBeLessThan(1_500)
  })

  describe.each(INSTALLED.filter((name) => name === 'chromium'))('in %s', (name) => {
    let browser: Browser
    beforeAll(async () => {
      browser = await launch(name)
    })
    afterAll(() => browser.close())

    /** What a script leaves as `outcome`. */
    const run = async (script: string): Promise<unknown> => {
      const page = await openPage(browser, 'about:blank')
      await page.addScriptTag({ content: script, type: 'module' })
      await page.waitForFunction(() => 'outcome' in globalThis)
      return page.evaluate(() => (globalThis as unknown as { outcome: unknown }).outcome)
    }

    test('the one name is there', async () => {
      expect(await run(scriptOf('one-name'))).toBe(TransferMode.RELIABLE)
    })

    test('two meshes meet and exchange a packet', async () => {
      const received = { peer: 1, mode: TransferMode.RELIABLE, data: [1, 2, 3] }
      expect(await run(scriptOf('two-meshes'))).toEqual(received)
    })
  })
})
