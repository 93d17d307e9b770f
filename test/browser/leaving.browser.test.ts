import { afterAll, afterEach, describe, expect, test } from '@jest/globals'
import type { Browser, Page } from 'puppeteer-core'
import { ConnectionState } from '../../src/transport/states.ts'
import { type BrowserName, INSTALLED } from './support/browser.ts'
import { eventually } from './support/eventually.ts'
import type { PageParticipant, Participant } from './support/room.ts'
import { expectHeard, Scene } from './support/scene.ts'

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
const scenes: Scene[] = []

async function open(name: BrowserName): Promise<Scene> {
  const scene = await Scene.open(name)
  scenes.push(scene)
  return scene
}

afterEach(async () => {
  await Promise.all(scenes.splice(0).map((scene) => scene.close()))
})
afterAll(() => {
  process.stdout.write(`\nHow long until the others notice (ms):\n${times.sort().join('\n')}\n`)
})

// All browsers at once: most of the time is spent waiting for time-outs.
describe(`a peer in ${INSTALLED.join(', a peer in ')}`, () => {
  const inEach = (run: (name: BrowserName) => Promise<void>) => async (): Promise<void> =>
    void (await Promise.all(INSTALLED.map(run)))

  test.each(DEPARTURES.map((departure) => [departure.how, departure] as const))(
    '%s: the others notice, and the same id returns',
    async (how, { leave, limit, traffic }) => {
      const arranged = await Promise.all(
        INSTALLED.map(async (name) => {
          const scene = await open(name)
          return { scene, ...(await scene.arrange()) }
        }),
      )
      const departures = arranged.map(async ({ scene, browser, leaver }) => {
        const { name, staying } = scene
        const sending = traffic
          ? setInterval(() => {
              for (const participant of Object.values(staying))
                participant.send('traffic', { to: 4 }).catch(() => undefined)
            }, 50)
          : undefined
        try {
          const left = Date.now()
          await leave(leaver, browser)
          for (const [place, participant] of Object.entries(staying)) {
            await expectHeard(participant, ['+4', '-4'], limit)
            const noticed = (await participant.heard())[1]?.at ?? Infinity
            times.push(`  ${name} ${how}: ${place} ${noticed - left}`)
            expect(noticed - left).toBeLessThan(limit)
          }
        } finally {
          clearInterval(sending)
        }
        await scene.enter(browser.connected && !how.startsWith('is killed') ? browser : await scene.start())
        await scene.expectAllHeard(['+4', '-4', '+4'])
      })
      await Promise.all(departures)
    },
    120_000,
  )

  const killed = inEach(async (name) => {
    const scene = await open(name)
    const { browser } = await scene.arrange()
    signalAll(browser, 'SIGKILL')
    await scene.enter(await scene.start())
    await scene.expectAllHeard(['+4', '-4', '+4'])
  })
  test('is killed and returns at once under the same id, before anybody noticed', killed, 90_000)

  const frozen = inEach(async (name) => {
    const scene = await open(name)
    const { browser, leaver } = await scene.arrange()
    const page = scene.staying[scene.other] as Participant
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
  })
  test('is frozen until another page says DISCONNECTED, and heals within disconnectedTimeout', frozen, 120_000)

  const cycling = inEach(async (name) => {
    const { page } = await (await open(name)).inPage(2)
    for (let round = 0; round < 4; round++) {
      expect(await page.evaluate(() => memberPage.cycle(65))).toBe(65)
      // Chromium counts closed ones until it has collected them, which a busy machine may put off.
      if (name === 'chromium') await collectGarbage(page)
    }
  })
  test('makes and closes 260 pairs of connections, more than a page may have at once (Chromium: 500)', cycling, 120_000)
})

async function collectGarbage(page: Page): Promise<void> {
  const session = await page.createCDPSession()
  await session.send('HeapProfiler.collectGarbage')
  await session.detach()
}
