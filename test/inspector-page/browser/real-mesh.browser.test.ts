import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, ElementHandle, Page } from 'puppeteer-core'
import type { Inspector } from '../../../src/services/inspector/server/inspector.ts'
import { startInspector } from '../../../src/services/inspector/server/start-inspector.ts'
import type { RecordingHeader } from '../../../src/services/inspector/wire/messages.ts'
import { INSTALLED, launch, openPage } from '../../browser/support/browser.ts'
import { eventually } from '../../browser/support/eventually.ts'
import { ScriptServer } from '../../browser/support/script-server.ts'
import { wait } from '../../support/real-time.ts'
import { Member } from './member.ts'
import { Seen } from './seen.ts'
import { Shown } from './shown.ts'
import { type View, VIEWS, Views } from './views.ts'

/** Milliseconds in which the page shows what has happened. */
const SOON = 1_000
/** Pixels. */
const [WIDTH, HEIGHT] = [1_280, 900]

/** A moment of the session while it was live, and every view at it. */
interface Moment {
  readonly at: number
  /** The link that was chosen, as the list writes it. */
  readonly link: string
  readonly pictures: Record<View, string>
}

describe.each(INSTALLED)('a mesh of real processes on the page, in %s', (name) => {
  let directory: string
  let browser: Browser
  let inspector: Inspector
  let server: ScriptServer
  /** Where times are measured: the topology and the list beside each other. */
  let stage: Page
  let topology: Shown
  let list: Shown
  /** Another viewer, of which all views are compared. */
  let page: Page
  let views: Views
  const members = new Map<string, Member>()
  const moments: Moment[] = []
  const times: string[] = []
  /** When what was saved begins. */
  let startedAt: number

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'real-mesh-'))
    browser = await launch(name)
    inspector = await startInspector({ port: 0, sampleInterval: 100 })
    page = await openPage(browser, inspector.url)
    await page.setViewport({ width: WIDTH, height: HEIGHT })
    await page.waitForSelector('.header')
    views = new Views(page)
    const ids = [2, 3, 4]
    for (const id of ids) await start('tea', id)
    for (const id of [5, 6]) await start('old', id, true)
    server = await ScriptServer.start('test/inspector-page/browser/page/side-by-side.ts')
    stage = await openPage(browser, `${server.url}?inspector=${encodeURIComponent(inspector.url)}`)
    // Wide enough for the topology and the statechart to be beside each other.
    await stage.setViewport({ width: 1840, height: 900 })
    const [left, right] = await Promise.all((await stage.$$('iframe')).map((element) => element.contentFrame()))
    if (!left || !right) throw new Error('no frames')
    await Promise.all([left, right].map((frame) => frame.waitForSelector('.header')))
    topology = await Shown.inTopology(left)
    list = await Shown.inList(right)
    await eventually(async () => {
      for (const id of ids) expect(await topology.now()).toHaveProperty(`tea ${id}`, 'connected')
      for (const id of ids) expect(await list.now()).toHaveProperty(`Peers tea ${id}`, 'connected')
    })
  }, 90_000)
  afterAll(async () => {
    for (const member of members.values()) await member.kill()
    await browser.close()
    await inspector.close()
    await server.close()
    await rm(directory, { recursive: true, force: true })
    process.stdout.write(`\nHow long until the page shows it, in ${name} (ms):\n${times.join('\n')}\n`)
  })

  async function start(group: string, id: number, waitsForServer = false): Promise<void> {
    members.set(`${group} ${id}`, await Member.start({ inspector: inspector.reportUrl, group, id, waitsForServer }))
  }

  function member(key: string): Member {
    const found = members.get(key)
    if (!found) throw new Error(`there is no ${key}`)
    return found
  }

  /** Waits until a view shows something that has happened at a moment, and notes how long that took. */
  async function expectSoon(shown: Shown, what: string, how: string, at: number): Promise<void> {
    let took = NaN
    await eventually(async () => {
      const since = await shown.since(what, how, at)
      expect(since).not.toBeNull()
      took = Number(since) - at
    })
    times.push(`${String(Math.round(took)).padStart(6)}  ${shown === list ? 'list' : 'topology'}: ${what}, ${how}`)
    expect(took).toBeLessThan(SOON)
  }

  /** While the processes stand still, so does what is live: every view of it can be looked at. */
  async function lookAtMoment(link: string): Promise<void> {
    for (const member of members.values()) member.standStill()
    await page.bringToFront()
    // What was on its way is there when nothing comes any more.
    await views.picture('timeline', 500)
    const at = Date.now()
    await wait(50)
    await page.focus('.virtual-list')
    await page.keyboard.press('End')
    const pictures = await picturesWith(link)
    moments.push({ at, link, pictures })
    await stage.bringToFront()
    for (const member of members.values()) member.goOn()
  }

  /** The timeline at its entry; the other views with a link, and the actor of its lower end, chosen. */
  async function picturesWith(link: string): Promise<Record<View, string>> {
    const timeline = await views.picture('timeline')
    await views.open('list')
    await page.locator(`.list ::-p-aria(${link}[role="button"])`).click()
    return { ...(await views.pictures()), timeline }
  }

  /** To a time of the recording that is open. */
  async function seek(time: number): Promise<void> {
    await page.$eval(
      '.replay input[type=range]',
      (input, value) => {
        // React does not hear of what it has set itself.
        Object.getOwnPropertyDescriptor(HTMLInputElement.prototype, 'value')?.set?.call(input, String(value))
        input.dispatchEvent(new Event('input', { bubbles: true }))
      },
      Math.round(time - startedAt),
    )
    // It is drawn in the next frame.
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => requestAnimationFrame(resolve))))
  }

  const heightOfPanes = (): Promise<number> => page.$eval('.panes', ({ clientHeight }) => clientHeight)

  test('a peer that connects: both directions, within a second', async () => {
    for (const [a, b] of [
      [2, 3],
      [2, 4],
      [3, 4],
    ] as const) {
      member(`tea ${a}`).connect(member(`tea ${b}`))
      const [here, there] = await Promise.all([
        member(`tea ${a}`).when('connected', b),
        member(`tea ${b}`).when('connected', a),
      ])
      await expectSoon(topology, `tea ${a}→${b}`, 'connected', here)
      await expectSoon(topology, `tea ${b}→${a}`, 'connected', there)
      await expectSoon(list, `Links tea ${a} → ${b}`, 'connected', here)
      await expectSoon(list, `Links tea ${b} → ${a}`, 'connected', there)
    }
  })

  test('clients of which the server is not there hold each other back, until it comes', async () => {
    const [five, six] = [member('old 5'), member('old 6')]
    five.connect(six)
    const [at5, at6] = await Promise.all([five.when('open', 6), six.when('open', 5)])
    await expectSoon(topology, 'old 5→6', 'gated', at5)
    await expectSoon(topology, 'old 6→5', 'gated', at6)
    await expectSoon(list, 'Links old 5 → 6', 'channelsOpen', at5)
    await expectSoon(list, 'Links old 6 → 5', 'channelsOpen', at6)
    await lookAtMoment('5 → 6')

    await start('old', 1, true)
    for (const client of [five, six]) {
      member('old 1').connect(client)
      const other = client === five ? 6 : 5
      const came = await client.when('connected', 1)
      await expectSoon(topology, `old ${client.id}→${other}`, 'connected', came)
      await expectSoon(list, `Links old ${client.id} → ${other}`, 'connected', came)
    }
  })

  test('a process that is killed: its source within a second, its links as the others notice', async () => {
    const killed = Date.now()
    await member('tea 3').kill()
    members.delete('tea 3')
    await expectSoon(list, 'Sources tea 3', 'reports no more', killed)
    await expectSoon(topology, 'tea 3', 'gone', killed)
    await expectSoon(list, 'Peers tea 3', 'gone', killed)
    // Its own halves of the links are over with it.
    await expectSoon(topology, 'tea 3→2', 'closed', killed)
    await expectSoon(topology, 'tea 3→4', 'closed', killed)
    // The other halves are what the others say. They go on saying that they are connected until their transport has noticed; the page shows that as soon as they say otherwise.
    for (const id of [2, 4]) {
      const noticed = await member(`tea ${id}`).when('disconnected', 3)
      times.push(`${String(noticed - killed).padStart(6)}  (until ${id} has noticed)`)
      await expectSoon(topology, `tea ${id}→3`, 'closed', noticed)
      const before = (await topology.all()).filter(({ what, at }) => what === `tea ${id}→3` && at < noticed)
      expect(before.at(-1)?.how).toBe('connected')
    }
    await lookAtMoment('2 → 4')
  }, 90_000)

  test('the session is saved, and opened: every view is as it was live', async () => {
    await page.bringToFront()
    // The file goes to whoever asks for it, not to a folder of downloads.
    await page.evaluate(() => {
      const create = URL.createObjectURL.bind(URL)
      URL.createObjectURL = (blob: Blob) => {
        void blob.text().then((text) => Object.assign(globalThis, { saved: text }))
        return create(blob)
      }
    })
    const panes = await heightOfPanes()
    await new Seen(page).press('Save')
    await page.waitForFunction(() => 'saved' in globalThis)
    const text = await page.evaluate(() => (globalThis as unknown as { saved: string }).saved)
    const saved = path.join(directory, `${name}.jsonl`)
    await writeFile(saved, text)
    startedAt = (JSON.parse(text.slice(0, text.indexOf('\n'))) as RecordingHeader).startedAt
    const input = (await page.$('input[type=file]')) as ElementHandle<HTMLInputElement>
    await input.uploadFile(saved)
    await page.waitForSelector('.replay')
    // The bar below takes room from the views; with as much as before they are drawn as large as before.
    await page.setViewport({ width: WIDTH, height: HEIGHT + panes - (await heightOfPanes()) })
    expect(await heightOfPanes()).toBe(panes)
    for (const index of [1, 0, 1]) {
      const moment = moments[index]
      if (!moment) throw new Error('it was not looked at')
      const { at, link, pictures } = moment
      await seek(at)
      const again = await picturesWith(link)
      for (const view of VIEWS) expect(again[view]).toBe(pictures[view])
    }
  }, 90_000)

  test.each([[['timeline', 'topology', 'statechart']], [['timeline', 'list', 'plots']]] as const)(
    'forth and back through it by keys: at the same entry these are the same: %s',
    async (shown) => {
      for (const view of shown) if (view !== 'timeline') await views.open(view)
      await seek(moments[0]?.at ?? NaN)
      const known = new Map<string, string>()
      let again = 0
      for (const key of ['J', 'J', 'J', 'K', 'K', 'j', 'j', 'k', 'k'] as const) {
        const position = (): Promise<string> => page.$eval('.replay-time', ({ textContent }) => textContent)
        const at = await position()
        await page.keyboard.press(key)
        await page.waitForFunction((at) => document.querySelector('.replay-time')?.textContent !== at, {}, at)
        const entry = await position()
        const pictures: string[] = []
        for (const view of shown) pictures.push(await views.picture(view))
        const now = pictures.join('\n')
        const before = known.get(entry)
        if (before !== undefined) again++
        expect(now).toBe(before ?? now)
        known.set(entry, now)
      }
      expect([...new Set(known.values())]).toHaveLength(known.size)
      expect(again).toBeGreaterThanOrEqual(4)
    },
    90_000,
  )
})
