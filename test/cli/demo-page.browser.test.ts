import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { INSTALLED, launch, openPage } from '../browser/support/browser.ts'
import { eventually } from '../browser/support/eventually.ts'
import { waitFor } from '../support/real-time.ts'

const PEERS = 3
const NAMES = [1, 2, 3].map((number) => expect.stringMatching(new RegExp(`^Peer ${number} \\(process \\d+\\)$`)))

describe.each(INSTALLED)('the page of the demo, in %s', (name) => {
  let demo: ChildProcess
  let output = ''
  let browser: Browser
  let page: Page

  beforeAll(async () => {
    const args = ['dist/cli/main.js', 'demo', '--peers', String(PEERS), '--every', '0', '--port', '0']
    demo = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] })
    demo.stdout?.on('data', (data: Buffer) => (output += data.toString()))
    await waitFor(() => /open http\S+ in a browser/.test(output), 'the demo prints its URL')
    browser = await launch(name)
    page = await openPage(browser, /open (http\S+)/.exec(output)?.[1] ?? '')
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    demo.kill('SIGKILL')
  })

  test('joins the mesh of the processes, and sees each of them move', async () => {
    const cursors = (): Promise<[string, string][]> =>
      page.$$eval('.layer', (layers) =>
        layers.map((layer): [string, string] => [
          layer.getAttribute('data-name') ?? '',
          (layer as HTMLElement).style.transform,
        ]),
      )
    await eventually(async () => {
      const names = (await cursors()).map(([cursor]) => cursor).filter((cursor) => cursor.startsWith('Peer'))
      expect(names.sort()).toEqual(NAMES)
    }, 30_000)
    const before = new Map(await cursors())
    await eventually(async () => {
      for (const [cursor, place] of await cursors())
        if (cursor.startsWith('Peer')) expect(place).not.toBe(before.get(cursor))
    })
    await waitFor(() => output.includes(`peer ${PEERS + 1} is a page: somebody visits`), 'the terminal tells of it')
  })

  test('is seen to leave', async () => {
    await page.close()
    await waitFor(() => /peer 4, the page, leaves/.test(output), 'the terminal tells of it')
    demo.kill('SIGTERM')
    const [code] = (await once(demo, 'exit')) as [number]
    expect(code).toBe(0)
    expect(output).not.toMatch(/failed|gave up/)
  })
})
