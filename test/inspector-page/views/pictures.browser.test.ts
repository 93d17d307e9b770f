import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { INSTALLED, launch } from '../../browser/support/browser.ts'
import { eventually } from '../../browser/support/eventually.ts'
import { inspectorSession, LOBBY } from '../../support/inspector-session.ts'
import { RecordedPage } from './support/recorded-page.ts'

let served: RecordedPage
beforeAll(async () => {
  served = await RecordedPage.serve(await inspectorSession())
}, 120_000)
afterAll(() => served.close())

/** The page's own record of what the browser refused to load or do. */
const REFUSED = 'refusedByPolicy'

describe.each(INSTALLED)('the pictures, in %s', (name) => {
  let browser: Browser
  let page: Page
  const errors: string[] = []

  beforeAll(async () => {
    browser = await launch(name)
    page = await browser.newPage()
    await page.setViewport({ width: 1_280, height: 900 })
    page.on('pageerror', (error) => errors.push(String(error)))
    await page.evaluateOnNewDocument((refused) => {
      const list: string[] = []
      Object.assign(globalThis, { [refused]: list })
      document.addEventListener('securitypolicyviolation', ({ violatedDirective, blockedURI }) => {
        list.push(`${violatedDirective} ${blockedURI}`)
      })
    }, REFUSED)
    await page.goto(served.url)
    await page.waitForSelector('.topology [role=option]')
  }, 60_000)
  afterAll(() => browser.close())

  const textsOf = (selector: string): Promise<string[]> =>
    page.$$eval(selector, (elements) => elements.map((element) => element.textContent.trim()))
  const attributesOf = (selector: string, attribute: string): Promise<(string | null)[]> =>
    page.$$eval(
      selector,
      (elements, attribute) => elements.map((element) => element.getAttribute(attribute)),
      attribute,
    )
  const focused = (): Promise<string | null> =>
    page.evaluate(() => document.activeElement?.getAttribute('aria-label') ?? null)
  // puppeteer's own `focus` takes no SVG elements.
  const focus = (selector: string): Promise<void> =>
    page.$eval(selector, (element) => {
      ;(element as unknown as HTMLElement).focus()
    })
  const press = async (...keys: Parameters<Page['keyboard']['press']>[0][]): Promise<void> => {
    for (const key of keys) await page.keyboard.press(key)
  }

  test('the topology names every peer, and has lines for what connects them', async () => {
    await eventually(async () => {
      expect(await attributesOf('.topology-peer', 'aria-label')).toEqual([
        'peer 1, connected to 4 of 5',
        'peer 2, connected to 3 of 5',
        'peer 3, connected to 3 of 5',
        'peer 4, told of by others only, connected to 4 of 5',
        'peer 5, connected to 4 of 5',
        'peer 6, connected to 0 of 5',
      ])
    })
    expect(await attributesOf('.topology [role=listbox]', 'aria-label')).toEqual([
      'Topology: 6 peers, 15 links, 9 connected',
    ])
    const drawn = await page.$$eval('.topology-links:not(.is-pointed-at) .topology-half', (paths) =>
      paths.map(
        (path) =>
          [
            [...path.classList].find((each) => each.startsWith('look-')) ?? '',
            (path.getAttribute('d')?.match(/M/g) ?? []).length,
          ] as const,
      ),
    )
    const halves: Record<string, number> = {}
    for (const [look, count] of drawn) halves[look] = (halves[look] ?? 0) + count
    // Two halves of each link. 2 and 3 gave up; 6 admits nobody, while the others have admitted it, and does not get through to 1.
    expect(halves).toEqual({ 'look-connected': 21, 'look-gated': 5, 'look-connecting': 2, 'look-failed': 2 })
    expect(await attributesOf('.topology-peer.is-hearsay', 'data-peer')).toEqual([`${LOBBY}|4`])
  })

  test('the keyboard walks through peers and links, each of which has the focus and a name', async () => {
    await focus(`[data-peer="${LOBBY}|1"]`)
    await press('ArrowRight')
    await eventually(async () => expect(await focused()).toBe('peer 2, connected to 3 of 5'))
    await press('ArrowDown', 'ArrowRight')
    await eventually(async () => expect(await focused()).toBe('link 2 to 3, gave up'))
    await eventually(async () => expect((await textsOf('.topology-card')).join()).toContain('peer 2 says'))
    await press('ArrowRight')
    await eventually(async () => expect(await focused()).toMatch(/^link 2 to 4, connected/))
    await press('Enter')
    await eventually(async () => {
      expect(await attributesOf('.topology-focus path', 'aria-selected')).toEqual(['true'])
      expect(await textsOf('.statechart-path strong')).toEqual(['peer:4'])
    })
    await press('ArrowDown')
    await eventually(async () => expect(await focused()).toMatch(/^peer 4, told of by others only/))
  })

  test('zooms by keys and wheel, and fits again', async () => {
    const transform = async (): Promise<string | null> =>
      (await attributesOf('.topology-world', 'transform'))[0] ?? null
    const fitted = await transform()
    await press('+')
    expect(await transform()).not.toBe(fitted)
    await press('0')
    expect(await transform()).toBe(fitted)
    const box = await (await page.$('.topology > svg'))?.boundingBox()
    if (!box) throw new Error('the topology has no place')
    await page.mouse.move(box.x + 30, box.y + box.height - 30)
    await page.mouse.wheel({ deltaY: -300 })
    await eventually(async () => expect(await transform()).not.toBe(fitted))
    await press('0')
    await eventually(async () => expect(await transform()).toBe(fitted))
  })

  test('a pointer brings the card of what it is on, a click chooses it', async () => {
    const at = await (await page.$(`[data-peer="${LOBBY}|5"] .topology-shape`))?.boundingBox()
    if (!at) throw new Error('peer 5 has no place')
    await page.mouse.move(at.x + at.width / 2, at.y + at.height / 2)
    await eventually(async () => expect((await textsOf('.topology-card'))[0]).toMatch(/^peer 5, connected to 4 of 5/))
    await page.mouse.click(at.x + at.width / 2, at.y + at.height / 2)
    await eventually(async () => {
      expect(await attributesOf('.topology-peer[aria-selected=true]', 'data-peer')).toEqual([`${LOBBY}|5`])
      expect(await textsOf('.statechart-path strong')).toEqual(['5/mesh'])
    })
  })

  test('the statechart is laid out in a worker, and lit where the actor is', async () => {
    await page.select('.statechart-path select', await optionOf('peer:6'))
    await eventually(async () => expect(await textsOf('.statechart-path strong')).toEqual(['peer:6']))
    await eventually(async () => {
      expect(await attributesOf('.chart-state', 'data-state')).toEqual([
        'peer',
        'peer.new',
        'peer.connecting',
        'peer.channelsOpen',
        'peer.connected',
        'peer.draining',
        'peer.closed',
      ])
    })
    expect(await attributesOf('.chart-state.is-active', 'data-state')).toEqual(['peer', 'peer.connected'])
    expect(await attributesOf('.chart-edge.is-taken', 'data-edge')).toEqual(['peer.channelsOpen→peer.connected'])
    expect(await textsOf('.chart-label.is-taken')).toEqual(['admit'])
    const loaded = await page.evaluate(() => performance.getEntriesByType('resource').map(({ name }) => name))
    expect(loaded.filter((name) => name.includes('elk-worker'))).toHaveLength(1)
    await clickButton('In words')
    const words = await textsOf('.chart-words li[aria-current] > p')
    expect(words).toEqual(['peer active, machine, compound', 'connected active entered 1 time'])
    await clickButton('In words')
  })

  test('the plots show both ends of a link; the keyboard moves their moment', async () => {
    await focus(`[data-peer="${LOBBY}|1"]`)
    await press('ArrowDown', 'Enter')
    await clickButton('Plots')
    await page.waitForSelector('.plots canvas')
    expect(await textsOf('.plots-values thead th')).toEqual(['peer 1 says', 'peer 2 says'])
    const values = await textsOf('.plots-values tbody tr:first-child td')
    expect(values).toEqual(['36 ms', '36 ms'])
    const [now] = await textsOf('.plots-values caption')
    expect(now).toMatch(/^now, /)
    await focus('.plots-stack')
    await press('Home')
    await eventually(async () => expect((await textsOf('.plots-values caption'))[0]).toMatch(/^at /))
    await press('Escape')
    await eventually(async () => expect(await textsOf('.plots-values caption')).toEqual([now]))
  })

  test('nothing was refused, nothing failed', async () => {
    expect(
      await page.evaluate((refused) => (globalThis as unknown as Record<string, string[]>)[refused], REFUSED),
    ).toEqual([])
    expect(errors).toEqual([])
  })

  async function optionOf(text: string): Promise<string> {
    const values = await page.$$eval(
      '.statechart-path option',
      (options, text) => options.filter((option) => option.textContent === text).map(({ value }) => value),
      text,
    )
    return values[0] ?? ''
  }

  async function clickButton(text: string): Promise<void> {
    const buttons = await page.$$('button')
    for (const button of buttons) {
      if ((await button.evaluate((element) => element.textContent.trim())) === text) return button.click()
    }
    throw new Error(`there is no button ${text}`)
  }
})
