import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { Browser, ElementHandle, Page } from 'puppeteer-core'
import type { Inspector } from '../../../src/services/inspector/server/inspector.ts'
import { startInspector } from '../../../src/services/inspector/server/start-inspector.ts'
import { WebRTCMultiplayerPeer } from '../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { INSTALLED, launch, openPage } from '../../browser/support/browser.ts'
import { eventually } from '../../browser/support/eventually.ts'
import { ScriptServer } from '../../browser/support/script-server.ts'
import { inspectorSession } from '../../support/inspector-session.ts'
import { Seen } from './seen.ts'

describe.each(INSTALLED)('the page, in %s', (name) => {
  let directory: string
  let file: string
  let browser: Browser

  beforeAll(async () => {
    directory = await mkdtemp(path.join(tmpdir(), 'inspector-page-'))
    file = path.join(directory, 'lobby.jsonl')
    const messages = await inspectorSession()
    const header = { type: 'webrtc.recording', version: 1, startedAt: messages[0]?.time }
    await writeFile(file, [header, ...messages].map((line) => `${JSON.stringify(line)}\n`).join(''))
    browser = await launch(name)
  }, 60_000)
  afterAll(async () => {
    await browser.close()
    await rm(directory, { recursive: true, force: true })
  })

  async function open(url: string): Promise<{ page: Page; seen: Seen }> {
    const page = await openPage(browser, url)
    await page.setViewport({ width: 1280, height: 800 })
    return { page, seen: new Seen(page) }
  }

  describe('a recording', () => {
    let inspector: Inspector
    beforeAll(async () => {
      inspector = await startInspector({ port: 0, recording: file })
    })
    afterAll(() => inspector.close())

    test('opens at its verdict, which is at the top; the list tells of that moment in words', async () => {
      const { page, seen } = await open(inspector.url)
      await eventually(async () => {
        expect(await seen.text('.failures')).toMatch(/No connection 2–3 in QUIET-OTTER.*relay-needed/)
      })
      expect(await seen.text('.entry.is-now')).toMatch(/verdict.*2–3/)
      expect(await seen.text('.counts')).toBe('5 sources, 6 peers, 15 links')
      await page.keyboard.press('2')
      await eventually(async () => {
        expect(await seen.rows('Links')).toEqual(
          expect.arrayContaining([
            expect.stringMatching(/^2 → 3 \| QUIET-OTTER \| gave up: relay-needed/),
            expect.stringMatching(/^6 → 2 \| QUIET-OTTER \| channelsOpen \| 36 ms/),
            expect.stringMatching(/^2 → 6 \| QUIET-OTTER \| connected \| 36 ms .* udp host .* ↔ host /),
          ]),
        )
      })
      expect((await seen.rows('Peers'))[3]).toMatch(/^4 \| QUIET-OTTER \| unknown \|\s+\| no, others tell of it/)
      await page.close()
    })

    test('forth and back by keys: at the same entry everything is the same', async () => {
      const { page, seen } = await open(inspector.url)
      await page.waitForSelector('.entry.is-now')
      await page.keyboard.press('2')
      await page.waitForSelector('.list table')
      const moments = new Map<string, string>()
      const picture = async (): Promise<string> => {
        const parts = ['.list', '.entry-details', '.counts', '.replay-time']
        return (await Promise.all(parts.map((part) => seen.text(part)))).join('\n')
      }
      // The list is drawn again half a second after it was drawn last.
      const drawn = (): boolean => {
        const [list, replay] = ['.list', '.replay'].map((part) =>
          document.querySelector(part)?.getAttribute('data-version'),
        )
        return list === replay
      }
      let again = 0
      const note = async (): Promise<void> => {
        await page.waitForFunction(drawn)
        const now = await picture()
        const entry = (await seen.texts('.replay-time span')).at(-1) ?? ''
        const before = moments.get(entry)
        if (before !== undefined) again++
        expect(now).toBe(before ?? now)
        moments.set(entry, now)
      }
      await note()
      for (const key of ['J', 'J', 'J', 'K', 'K', 'j', 'j', 'k', 'k'] as const) {
        const at = await seen.text('.replay-time')
        await page.keyboard.press(key)
        await page.waitForFunction((at) => document.querySelector('.replay-time')?.textContent !== at, {}, at)
        await note()
      }
      expect([moments.size, again]).toEqual([6, 4])
      await page.close()
    })

    test('plays by itself, faster, and stops where it is told to', async () => {
      const { page, seen } = await open(inspector.url)
      await page.waitForSelector('.replay select')
      await page.select('.replay select', '16')
      await page.keyboard.press(' ')
      await eventually(async () => {
        expect(await seen.text('.replay-time')).toMatch(/^0:(2\d|3\d|4\d)\./)
      })
      await page.keyboard.press(' ')
      await eventually(async () => {
        expect(await seen.texts('.replay .primary')).toEqual(['Play'])
      })
      const stopped = await seen.text('.replay-time')
      await page.keyboard.press('Home')
      expect(await seen.text('.replay-time')).toBe(stopped)
      await page.focus('.replay input[type=range]')
      await page.keyboard.press('Home')
      await eventually(async () => {
        expect(await seen.text('.replay-time')).toMatch(/^0:00\.000/)
      })
      await page.close()
    })

    test('the timeline by keys: search, choose, from the state to the event that led there', async () => {
      const { page, seen } = await open(inspector.url)
      await page.waitForSelector('.entry')
      await page.keyboard.press('/')
      await page.keyboard.type('connecting → channelsOpen')
      await eventually(async () => {
        expect(await seen.text('.timeline-count')).toMatch(/^\d+ of 7\d\d$/)
      })
      await page.keyboard.press('Tab')
      await page.focus('.virtual-list')
      await page.keyboard.press('Home')
      await page.keyboard.press('ArrowDown')
      await eventually(async () => {
        expect(await seen.text('[role=option][aria-selected=true]')).toMatch(/connecting → channelsOpen/)
      })
      const active = await page.$eval('.virtual-list', (list) => list.getAttribute('aria-activedescendant'))
      expect(await page.$eval('[role=option][aria-selected=true]', ({ id }) => id)).toBe(active)
      await page.click('.filter > .link')
      await page.click('.entry-details-links .link')
      await eventually(async () => {
        expect(await seen.text('.entry.is-now')).toMatch(/event/)
      })
      expect(await seen.text('.entry-details-links')).toMatch(/led to/)
      await page.close()
    })
  })

  test('what is live is seen, saved, and opened again', async () => {
    await using inspector = await startInspector({ port: 0, name: 'the test' })
    const { page, seen } = await open(inspector.url)
    await eventually(async () => {
      expect(await seen.text('.connection')).toBe('Live')
    })
    await page.keyboard.press('2')
    using mesh = new WebRTCMultiplayerPeer()
    mesh.createMesh(7)
    inspector.watch(mesh, { group: 'tea' })
    await eventually(async () => {
      expect(await seen.rows('Peers')).toEqual([
        expect.stringMatching(/^7 \| tea \| connected \| mesh \| yes, as the test/),
      ])
    })
    mesh.addPeer(new (await import('../../../src/platform/node.ts')).WebRTCPeerConnection(), 9)
    await eventually(async () => {
      expect((await seen.rows('Links')).join()).toMatch(/7 → 9 \| tea \| new/)
    })

    // The file goes to whoever asks for it, not to a folder of downloads.
    await page.evaluate(() => {
      const create = URL.createObjectURL.bind(URL)
      URL.createObjectURL = (blob: Blob) => {
        void blob.text().then((text) => Object.assign(globalThis, { saved: text }))
        return create(blob)
      }
    })
    await seen.press('Save')
    await page.waitForFunction(() => 'saved' in globalThis)
    const saved = path.join(directory, `${name}.jsonl`)
    await writeFile(saved, await page.evaluate(() => (globalThis as unknown as { saved: string }).saved))
    const input = (await page.$('input[type=file]')) as ElementHandle<HTMLInputElement>
    await input.uploadFile(saved)
    await eventually(async () => {
      expect(await seen.text('.connection')).toBe(`Recording: ${name}.jsonl`)
      expect((await seen.rows('Links')).join()).toMatch(/7 → 9 \| tea \| new/)
    })
    await seen.press('Back to live')
    await eventually(async () => {
      expect(await seen.text('.connection')).toBe('Live')
    })
    await page.close()
  })

  test('an inspector that is started again is found again; what was seen before can be opened', async () => {
    const first = await startInspector({ port: 0, name: 'before' })
    const port = Number(new URL(first.url).port)
    const { page, seen } = await open(first.url)
    using mesh = new WebRTCMultiplayerPeer()
    mesh.createMesh(1)
    first.watch(mesh)
    await eventually(async () => {
      expect(await seen.text('.connection')).toBe('Live')
    })
    await page.keyboard.press('2')
    await eventually(async () => {
      expect((await seen.rows('Sources')).join()).toMatch(/^before/)
    })
    await first.close()
    await eventually(async () => {
      expect(await seen.text('.connection')).toBe('No inspector; trying again')
    })
    await using second = await startInspector({ port, name: 'after' })
    second.watch(mesh)
    await eventually(async () => {
      expect((await seen.rows('Sources')).join()).toMatch(/^after/)
    })
    await seen.press('Open what was seen before')
    await eventually(async () => {
      expect((await seen.rows('Sources')).join()).toMatch(/^before/)
    })
    await page.close()
  })

  test('a file that is no recording is refused in words', async () => {
    await using inspector = await startInspector({ port: 0 })
    const { page, seen } = await open(inspector.url)
    const notes = path.join(directory, 'notes.txt')
    await writeFile(notes, 'milk, tea\n')
    const input = (await page.waitForSelector('input[type=file]')) as ElementHandle<HTMLInputElement>
    await input.uploadFile(notes)
    await eventually(async () => {
      expect(await seen.text('[role=alert]')).toMatch(/notes\.txt is no recording of an inspector/)
    })
    await page.close()
  })

  test('actors that @statelyai/inspect tells of, in a frame of their page', async () => {
    await using inspector = await startInspector({ port: 0 })
    const server = await ScriptServer.start('test/inspector-page/browser/page/stately.ts')
    const { page } = await open(`${server.url}?inspector=${encodeURIComponent(inspector.url)}`)
    const handle = await page.waitForSelector('iframe')
    const frame = await handle?.contentFrame()
    if (!frame) throw new Error('no frame')
    const seen = new Seen(frame)
    await frame.waitForSelector('.header')
    await frame.locator('::-p-aria(List[role="tab"])').click()
    await eventually(async () => {
      expect((await seen.rows('Actors')).join()).toMatch(/^light \| other \| @statelyai\/inspect \| red/)
    })
    await page.evaluate(() =>
      (globalThis as unknown as { actor: { send(event: object): void } }).actor.send({ type: 'GO' }),
    )
    await eventually(async () => {
      expect((await seen.rows('Actors')).join()).toMatch(/^light \| other \| @statelyai\/inspect \| green \| GO/)
    })
    await page.close()
    await server.close()
  })
})
