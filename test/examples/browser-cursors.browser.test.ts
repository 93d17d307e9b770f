import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { INSTALLED, launch, openPage } from '../browser/support/browser.ts'
import { eventually } from '../browser/support/eventually.ts'
import { ExampleServer } from './support/example-server.ts'

const SCRIPT = 'examples/browser-cursors/server/start.mjs'
const BOT = 'Robin the bot'
/** Vite transforms every module for the first page, and the browsers start meanwhile. */
const STARTING = 90_000

/** One page of the example, by the name of who sits before it. */
class Visitor {
  readonly name: string
  readonly page: Page

  constructor(name: string, page: Page) {
    this.name = name
    this.page = page
  }

  static async open(browser: Browser, url: string, name: string): Promise<Visitor> {
    return new Visitor(name, await openPage(browser, `${url}?name=${name}`))
  }

  /** The others who are listed, with how the connection to each is. */
  async others(): Promise<Record<string, string>> {
    const rows = await this.page.$$eval('.participants li', (rows) =>
      rows.slice(1).map((row) => [...row.children].map((child) => child.textContent) as [string, string]),
    )
    return Object.fromEntries(rows)
  }

  /** Where somebody's cursor is, in percent of the stage; null without one. */
  async cursorOf(name: string): Promise<number[] | null> {
    const transform = await this.page
      .$eval(`.layer[data-name="${name}"]`, (layer) => (layer as HTMLElement).style.transform)
      .catch(() => '')
    return transform === '' ? null : [...transform.matchAll(/[\d.]+/g)].map(([number]) => Math.round(Number(number)))
  }

  // Chromium takes its time with input for a tab in the background.
  async moveTo(x: number, y: number): Promise<void> {
    await this.page.bringToFront()
    const stage = await (await this.page.$('.stage'))?.boundingBox()
    if (!stage) throw new Error('There is no stage.')
    await this.page.mouse.move(stage.x + (x / 100) * stage.width, stage.y + (y / 100) * stage.height)
  }

  async say(text: string): Promise<void> {
    await this.page.bringToFront()
    await this.page.type('.chat input', text)
    await this.page.keyboard.press('Enter')
  }

  async reconnect(): Promise<void> {
    await this.page.bringToFront()
    await this.page.click('.status button')
  }

  async chat(): Promise<string[]> {
    return this.page.$$eval('.chat li', (lines) => lines.map((line) => line.textContent))
  }

  async status(): Promise<string> {
    return this.page.$eval('.status', (status) => status.textContent)
  }
}

/** Two in Chromium and one in Firefox, as far as those are installed. */
async function openVisitors(browsers: readonly Browser[], url: string): Promise<Visitor[]> {
  const [first, second = first] = browsers
  if (!first || !second) throw new Error('No browser is installed.')
  const visitors: Visitor[] = []
  for (const [browser, name] of [
    [first, 'Ada'],
    [first, 'Grace'],
    [second, 'Alan'],
  ] as const) {
    visitors.push(await Visitor.open(browser, url, name))
  }
  return visitors
}

const namesWithout = (visitors: readonly Visitor[], visitor: Visitor): string[] =>
  [BOT, ...visitors.map(({ name }) => name)].filter((name) => name !== visitor.name).sort()

describe('the example browser-cursors', () => {
  const browsers: Browser[] = []
  const servers: ExampleServer[] = []
  let visitors: Visitor[]
  let ada: Visitor
  let grace: Visitor
  let alan: Visitor

  async function startServer(): Promise<ExampleServer> {
    const server = await ExampleServer.start(SCRIPT)
    servers.push(server)
    return server
  }

  beforeAll(async () => {
    for (const name of INSTALLED) browsers.push(await launch(name))
    visitors = await openVisitors(browsers, (await startServer()).url)
    ;[ada, grace, alan] = visitors as [Visitor, Visitor, Visitor]
  }, STARTING)
  afterAll(async () => {
    for (const browser of browsers) await browser.close()
    for (const server of servers) await server.end('SIGKILL')
  })

  test('everyone is connected to everyone, and to the bot', async () => {
    for (const visitor of visitors) {
      await eventually(async () => {
        const others = await visitor.others()
        expect(Object.keys(others).sort()).toEqual(namesWithout(visitors, visitor))
        for (const connection of Object.values(others)) expect(connection).toMatch(/^(connected|\d+ ms)$/)
        expect(await visitor.status()).toBe('With 3 others')
      })
    }
  })

  // Firefox 140 does not tell it.
  const testInChromium = INSTALLED.includes('chromium') ? test : test.skip
  testInChromium('the round trip time to everyone is shown', async () => {
    await eventually(async () => {
      expect(Object.values(await ada.others()).join()).toMatch(/^\d+ ms,\d+ ms,\d+ ms$/)
    })
  })

  test.each([
    [20, 30],
    [70, 60],
  ])('everyone sees where the cursors of the others move: to %d %%, %d %%', async (x, y) => {
    for (const visitor of visitors) {
      await visitor.moveTo(x, y)
      for (const other of visitors) {
        await eventually(async () => {
          const [seenX = 0, seenY = 0] = (await other.cursorOf(visitor.name)) ?? []
          expect(Math.abs(seenX - x) + Math.abs(seenY - y)).toBeLessThan(4)
        })
      }
    }
  })

  test('everyone sees the bot move', async () => {
    for (const visitor of visitors) {
      const before = await visitor.cursorOf(BOT)
      expect(before).not.toBeNull()
      await eventually(async () => {
        expect(await visitor.cursorOf(BOT)).not.toEqual(before)
      })
    }
  })

  test('what is said reaches everyone, and the bot answers', async () => {
    await ada.say('hello from Ada')
    await alan.say('who')
    for (const visitor of visitors) {
      await eventually(async () => {
        const lines = await visitor.chat()
        expect(lines).toContain('Ada hello from Ada')
        expect(lines).toContain('Alan who')
        expect(lines).toContain(`${BOT} Here are Ada, Grace, Alan, and me.`)
      })
    }
  })

  test('the bot greeted who came, and a new name reaches everyone', async () => {
    expect((await ada.chat()).join()).toContain(`${BOT} Welcome, Ada!`)
    await alan.page.click('.participants input', { count: 3 })
    await alan.page.type('.participants input', 'Turing')
    await alan.page.keyboard.press('Enter')
    await eventually(async () => {
      for (const visitor of [ada, grace]) expect(Object.keys(await visitor.others())).toContain('Turing')
    })
  })

  test('whoever closes the tab disappears at the others at once', async () => {
    await grace.page.close()
    const closed = performance.now()
    for (const visitor of [ada, alan]) {
      await eventually(async () => {
        expect(Object.keys(await visitor.others())).not.toContain('Grace')
        expect(await visitor.cursorOf('Grace')).toBeNull()
        expect(await visitor.chat()).toContain('Grace has left')
      })
    }
    expect(performance.now() - closed).toBeLessThan(3_000)
  })

  test.each(['SIGINT', 'SIGTERM'] as const)(
    '%s ends the server by itself; the pages keep each other',
    async (signal) => {
      const server = await startServer()
      const pair = (await openVisitors(browsers, server.url)).slice(0, 2) as [Visitor, Visitor]
      const [one, two] = pair
      await eventually(async () => {
        for (const visitor of pair) expect(Object.keys(await visitor.others())).toContain(BOT)
        expect(Object.keys(await one.others())).toContain(two.name)
      })
      expect(await server.end(signal)).toBe(0)
      await eventually(async () => {
        for (const visitor of pair) expect(await visitor.status()).toMatch(/^The lobby is lost.*Reconnect$/)
        expect(Object.keys(await one.others())).not.toContain(BOT)
      })
      await one.moveTo(40, 40)
      await eventually(async () => {
        expect(await two.cursorOf(one.name)).not.toBeNull()
      })
      await one.reconnect()
      await eventually(async () => {
        expect(await one.status()).toMatch(/^The lobby cannot be reached.*Reconnect$/)
        expect(Object.keys(await two.others())).not.toContain(one.name)
      })
    },
    STARTING,
  )
})
