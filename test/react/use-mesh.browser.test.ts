import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { INSTALLED, launch, openPage } from '../browser/support/browser.ts'
import { bundlePage } from '../browser/support/bundle.ts'
import { eventually } from '../browser/support/eventually.ts'
import type { ShownState } from './page/main.tsx'

const NOTHING: ShownState = { stay: null, id: 0, status: 'DISCONNECTED', peers: [], error: null }
/** React calls `join`, leaves, and calls it again: the second mesh, of id 101, is the one that stays. */
const JOINED: ShownState = { stay: 1, id: 101, status: 'CONNECTED', peers: [], error: null }
const LEFT = { aborted: true, disposed: true }
const LIVING = { aborted: false, disposed: false }

let script: string
beforeAll(async () => {
  script = await bundlePage('test/react/page/main.tsx')
})

describe.each(INSTALLED)('React under StrictMode in %s', (name) => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await launch(name)
  })
  beforeEach(async () => {
    page = await openPage(browser, 'about:blank')
    await page.addScriptTag({ content: script, type: 'module' })
    await page.waitForFunction(() => 'hookPage' in globalThis)
  })
  afterEach(() => page.close())
  afterAll(() => browser.close())

  const show = (room: string, tag?: string): Promise<void> =>
    page.evaluate((room, tag) => hookPage.show(room, tag), room, tag)
  const addFar = (id: number): Promise<void> => page.evaluate((id) => hookPage.addFar(id), id)
  const closeFar = (id: number): Promise<void> => page.evaluate((id) => hookPage.closeFar(id), id)
  const stays = () => page.evaluate(() => hookPage.stays())

  /** What the component showed, from the beginning. */
  const expectShown = (...states: ShownState[]): Promise<void> =>
    eventually(async () => {
      expect(await page.evaluate(() => hookPage.shown())).toEqual(states)
    })

  /** The stays so far, of which React's first one under StrictMode is always over. */
  const expectStays = (...expected: (typeof LIVING & { room: string })[]): Promise<void> =>
    eventually(async () => {
      expect(await stays()).toEqual(expected)
    })

  test('joins once it is shown, and keeps one living mesh', async () => {
    await show('lobby')
    await expectShown(NOTHING, JOINED)
    await expectStays({ room: 'lobby', ...LEFT }, { room: 'lobby', ...LIVING })
    expect(await page.evaluate(() => hookPage.text())).toBe('101 with ')
  })

  test('shows the peers as they come and go, in ascending order', async () => {
    await show('lobby')
    await expectShown(NOTHING, JOINED)
    const shown = [NOTHING, JOINED]
    const expectPeers = async (...peers: number[]): Promise<void> => {
      shown.push({ ...JOINED, peers })
      await expectShown(...shown)
    }
    await addFar(30)
    await expectPeers(30)
    await addFar(4)
    await expectPeers(4, 30)
    await closeFar(30)
    await expectPeers(4)
    expect(await page.evaluate(() => hookPage.text())).toBe('101 with 4')
  })

  test('shows the status of a client: connecting, connected, the server gone', async () => {
    const client = { ...JOINED, status: 'CONNECTING' }
    await show('as client')
    await expectShown(NOTHING, client)
    await addFar(1)
    await eventually(async () => {
      expect((await page.evaluate(() => hookPage.shown())).at(-1)).toEqual({
        ...client,
        status: 'CONNECTED',
        peers: [1],
      })
    })
    await closeFar(1)
    await eventually(async () => {
      expect((await page.evaluate(() => hookPage.shown())).at(-1)).toEqual({ ...client, status: 'DISCONNECTED' })
    })
  })

  test('gives out the same list of peers until it changes', async () => {
    await show('lobby')
    await expectShown(NOTHING, JOINED)
    for (const tag of ['b', 'c', 'd']) await show('lobby', tag)
    await addFar(4)
    await expectShown(NOTHING, JOINED, { ...JOINED, peers: [4] })
    expect(await page.evaluate(() => hookPage.lists())).toBe(2)
  })

  test('removed, it closes the mesh, and the other side hears it', async () => {
    await show('lobby')
    await expectShown(NOTHING, JOINED)
    await addFar(4)
    await expectShown(NOTHING, JOINED, { ...JOINED, peers: [4] })
    await page.evaluate(() => hookPage.remove())
    await eventually(async () => {
      expect(await page.evaluate(() => hookPage.heard())).toEqual(['4 hears +101', '4 hears -101'])
    })
    await expectStays({ room: 'lobby', ...LEFT }, { room: 'lobby', ...LEFT })
    await expectShown(NOTHING, JOINED, { ...JOINED, peers: [4] })
  })

  test('joins anew when the dependencies change', async () => {
    await show('lobby')
    await expectShown(NOTHING, JOINED)
    await addFar(4)
    await expectShown(NOTHING, JOINED, { ...JOINED, peers: [4] })
    await show('arena')
    await expectShown(NOTHING, JOINED, { ...JOINED, peers: [4] }, NOTHING, { ...JOINED, stay: 2, id: 102 })
    await expectStays({ room: 'lobby', ...LEFT }, { room: 'lobby', ...LEFT }, { room: 'arena', ...LIVING })
    expect(await page.evaluate(() => hookPage.heard())).toEqual(['4 hears +101', '4 hears -101'])
  })

  test.each([
    ['refused', 'the room is full'],
    ['thrown', 'no such room'],
  ])('shows why joining failed: %s', async (room, message) => {
    await show(room)
    await expectShown(NOTHING, { ...NOTHING, error: message })
    await show('lobby')
    await expectShown(NOTHING, { ...NOTHING, error: message }, NOTHING, { ...JOINED, stay: 2, id: 102 })
  })

  test('closes a mesh that comes after it was removed, and never shows it', async () => {
    await show('late')
    await eventually(async () => {
      expect(await stays()).toHaveLength(2)
    })
    await page.evaluate(() => hookPage.remove())
    await expectStays(
      { room: 'late', aborted: true, disposed: false },
      { room: 'late', aborted: true, disposed: false },
    )
    await page.evaluate(() => hookPage.endWaiting())
    await expectStays({ room: 'late', ...LEFT }, { room: 'late', ...LEFT })
    await expectShown(NOTHING)
  })

  test('closes a mesh that comes after the dependencies changed', async () => {
    await show('late')
    await show('lobby')
    await eventually(async () => {
      expect(await stays()).toHaveLength(3)
    })
    await page.evaluate(() => hookPage.endWaiting())
    await expectStays({ room: 'late', ...LEFT }, { room: 'late', ...LEFT }, { room: 'lobby', ...LIVING })
    await expectShown(NOTHING, { ...JOINED, stay: 2, id: 102 })
  })

  test('aborts a join under way, whose rejection then is no error to show', async () => {
    await show('until aborted')
    await eventually(async () => {
      expect((await stays()).map(({ aborted }) => aborted)).toEqual([true, false])
    })
    await show('lobby')
    await expectShown(NOTHING, { ...JOINED, stay: 2, id: 102 })
    expect((await stays()).map(({ aborted }) => aborted)).toEqual([true, true, false])
  })

  test('usePackets brings every packet to the function of the last render, without subscribing anew', async () => {
    await show('lobby', 'a')
    await expectShown(NOTHING, JOINED)
    await addFar(4)
    await expectShown(NOTHING, JOINED, { ...JOINED, peers: [4] })
    const expectArrivals = (arrivals: string[]): Promise<void> =>
      eventually(async () => {
        expect(await page.evaluate(() => hookPage.arrivals())).toEqual(arrivals)
      })
    await page.evaluate(() => ['1', '2'].map((text) => hookPage.sendFar(4, text)))
    await expectArrivals(['a: 1 from 4', 'a: 2 from 4'])
    await show('lobby', 'b')
    await page.evaluate(() => hookPage.sendFar(4, '3'))
    await expectArrivals(['a: 1 from 4', 'a: 2 from 4', 'b: 3 from 4'])
    expect(await page.evaluate(() => hookPage.subscriptions())).toEqual([0, 1])
  })
})
