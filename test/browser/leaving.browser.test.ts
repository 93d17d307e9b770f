import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { ConnectionState } from '../../src/transport/states.ts'
import { type BrowserName, INSTALLED, launch } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import { type PageParticipant, type Participant, Room } from './support/room.ts'

/** Sends a signal to all processes of a browser. */
function signalAll(browser: Browser, signal: NodeJS.Signals): void {
  process.kill(-(browser.process()?.pid ?? 0), signal)
}

interface Departure {
  readonly how: string
  leave(leaver: PageParticipant, browser: Browser): Promise<void> | void
  /** The others send all the time. */
  readonly traffic?: true
  /** Milliseconds within which every other has noticed. */
  readonly limit: number
}

const DEPARTURES: readonly Departure[] = [
  { how: 'closes its mesh', leave: (leaver) => leaver.close(), limit: 1_500 },
  { how: 'reloads the page', leave: async ({ page }) => void (await page.reload()), limit: 1_500 },
  { how: 'goes to another page', leave: async ({ page }) => void (await page.goto('about:blank')), limit: 1_500 },
  { how: 'closes the tab', leave: ({ page }) => page.close(), limit: 1_500 },
  // Nothing can be said any more then: these are the time-outs of libdatachannel (SCTP 12.8 s, ICE consent 30 s) and of the browsers' ICE plus disconnectedTimeout.
  {
    how: 'is killed, while the others send',
    leave: (_, browser) => signalAll(browser, 'SIGKILL'),
    traffic: true,
    limit: 20_000,
  },
  { how: 'is killed, idle', leave: (_, browser) => signalAll(browser, 'SIGKILL'), limit: 40_000 },
]

const times: string[] = []
const browsers: Browser[] = []
let room: Room

async function start(name: BrowserName): Promise<Browser> {
  const browser = await launch(name)
  browsers.push(browser)
  return browser
}

afterEach(async () => {
  await room.close()
  for (const browser of browsers.splice(0)) await browser.close().catch(() => undefined)
})
afterAll(() => {
  process.stdout.write(`\nHow long until the others notice (ms):\n${times.join('\n')}\n`)
})

const expectHeard = (participant: Participant, what: readonly string[], limit?: number): Promise<void> =>
  eventually(async () => {
    expect((await participant.heard()).map((event) => event.what)).toEqual(what)
  }, limit)

/** Node is 2, a page of each installed browser follows, the last of them is the leaver with id 4. */
async function arrange(name: BrowserName) {
  room = await Room.open()
  const other = INSTALLED.find((installed) => installed !== name) ?? name
  const staying: Record<string, Participant> = {
    node: room.inNode(2),
    [other]: await room.inPage(await start(other), 3),
  }
  const browser = await start(name)
  const leaver = await room.inPage(browser, 4)
  for (const participant of Object.values(staying)) await room.connect(leaver, participant)
  for (const participant of Object.values(staying)) await expectHeard(participant, ['+4'])
  return { browser, leaver, staying }
}

async function returnTo(staying: Record<string, Participant>, browser: Browser): Promise<void> {
  const again = await room.inPage(browser, 4)
  for (const participant of Object.values(staying)) await room.connect(again, participant)
}

describe.each(INSTALLED)('a peer in %s', (name) => {
  test.each(DEPARTURES.map((departure) => [departure.how, departure] as const))(
    '%s: the others notice, and the same id returns',
    async (how, { leave, limit, traffic }) => {
      const { browser, leaver, staying } = await arrange(name)
      const sending = traffic
        ? setInterval(() => {
            for (const participant of Object.values(staying))
              participant.send('traffic', { to: 4 }).catch(() => undefined)
          }, 50)
        : undefined
      const left = Date.now()
      await leave(leaver, browser)
      for (const [place, participant] of Object.entries(staying)) {
        await expectHeard(participant, ['+4', '-4'], limit)
        const noticed = (await participant.heard())[1]?.at ?? Infinity
        times.push(`  ${name} ${how}: ${place} ${noticed - left}`)
        expect(noticed - left).toBeLessThan(limit)
      }
      clearInterval(sending)
      await returnTo(staying, browser.connected && !how.startsWith('is killed') ? browser : await start(name))
      for (const participant of Object.values(staying)) await expectHeard(participant, ['+4', '-4', '+4'])
    },
    90_000,
  )

  test('is killed and returns at once under the same id, before anybody noticed', async () => {
    const { browser, staying } = await arrange(name)
    signalAll(browser, 'SIGKILL')
    await returnTo(staying, await start(name))
    for (const participant of Object.values(staying)) await expectHeard(participant, ['+4', '-4', '+4'])
  }, 60_000)

  test('is frozen until another page says DISCONNECTED, and heals within disconnectedTimeout', async () => {
    const { browser, leaver, staying } = await arrange(name)
    const page = staying[INSTALLED.find((installed) => installed !== name) ?? name] as Participant
    signalAll(browser, 'SIGSTOP')
    await eventually(async () => {
      expect(await page.connectionState(4)).toBe(ConnectionState.DISCONNECTED)
    }, 30_000)
    signalAll(browser, 'SIGCONT')
    await eventually(async () => {
      expect(await page.connectionState(4)).toBe(ConnectionState.CONNECTED)
    })
    await expectHeard(page, ['+4'])
    await leaver.send('still here', { to: 3 })
    await eventually(async () => {
      expect((await page.arrivals()).map(({ text }) => text)).toEqual(['still here'])
    })
  }, 90_000)

  test('makes and closes 260 pairs of connections, more than a page may have at once (Chromium: 500)', async () => {
    room = await Room.open()
    const { page } = await room.inPage(await start(name), 2)
    for (let round = 0; round < 4; round++) {
      expect(await page.evaluate(() => memberPage.cycle(65))).toBe(65)
      // Chromium counts closed ones until it has collected them, which a busy machine may put off.
      if (name === 'chromium') await collectGarbage(page)
    }
  }, 120_000)
})

async function collectGarbage(page: Page): Promise<void> {
  const session = await page.createCDPSession()
  await session.send('HeapProfiler.collectGarbage')
  await session.detach()
}
