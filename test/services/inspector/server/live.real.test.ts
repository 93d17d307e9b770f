import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { Inspector } from '../../../../src/services/inspector/server/inspector.ts'
import type { InspectorOptions } from '../../../../src/services/inspector/server/inspector-options.ts'
import { startInspector } from '../../../../src/services/inspector/server/start-inspector.ts'
import { wait, waitFor } from '../../../support/real-time.ts'
import { TestPage } from '../support/page.ts'
import { RawSocket } from '../support/raw-socket.ts'
import { Teller } from '../support/teller.ts'

let page: TestPage
const started: Inspector[] = []
const sockets: RawSocket[] = []

beforeAll(async () => {
  page = await TestPage.make()
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.end()
  for (const inspector of started.splice(0)) await inspector.close()
})
afterAll(() => page.remove())

async function start(options: InspectorOptions = {}): Promise<Inspector> {
  const inspector = await startInspector({ port: 0, page: page.directory, ...options })
  started.push(inspector)
  return inspector
}

async function view({ url }: Inspector): Promise<RawSocket> {
  const viewer = await RawSocket.view(url)
  sockets.push(viewer)
  return viewer
}

/** A reporter that does not wait to be asked. */
async function report({ reportUrl }: Inspector): Promise<RawSocket> {
  const reporter = await RawSocket.report(reportUrl)
  sockets.push(reporter)
  return reporter
}

describe('viewers and reporters', () => {
  test('reporters are told whether anybody looks', async () => {
    const inspector = await start({ sampleInterval: 123 })
    const reporter = await report(inspector)
    await waitFor(() => reporter.frames.length === 1, 'it is told at once')
    expect(reporter.frames[0]).toEqual({ type: 'webrtc.watch', active: false, sampleInterval: 123 })
    const viewer = await view(inspector)
    await waitFor(() => reporter.isWatched === true, 'it is told of the viewer')
    expect(inspector.stats()).toMatchObject({ viewers: 1, reporters: 1 })
    viewer.end()
    const left = performance.now()
    await waitFor(() => reporter.isWatched === false, 'it is told that the viewer is gone')
    // Not at once: a page that is reloaded comes back.
    expect(performance.now() - left).toBeGreaterThan(2_000)
  })

  test('what several reporters tell comes together at every viewer, whenever it began to look', async () => {
    const inspector = await start()
    const early = await view(inspector)
    const [a, b] = [new Teller('a'), new Teller('b')]
    const [one, two] = [await report(inspector), await report(inspector)]
    one.tell(a.begins(), a.actor('mesh'))
    await early.heard('a/mesh is new')
    two.tell(b.begins(), b.actor('mesh'))
    await early.heard('b/mesh is new')
    one.tell(a.snapshot('mesh', 'on'))
    await early.heard('a/mesh on')
    const late = await view(inspector)
    two.end()
    await late.heard('b source-gone')
    await early.heard('b source-gone')
    expect(late.messages).toEqual(early.messages)
    expect(late.told).toEqual(['a source', 'a/mesh is new', 'b source', 'b/mesh is new', 'a/mesh on', 'b source-gone'])
  })

  test('bursts are few frames, and nothing of thousands of messages is lost', async () => {
    const inspector = await start()
    const viewer = await view(inspector)
    const reporter = await report(inspector)
    const a = new Teller('a')
    const messages = [a.begins(), ...Array.from({ length: 15_000 }, (_, index) => a.event('mesh', `e${index}`))]
    for (let i = 0; i < messages.length; i += 500) reporter.tell(...messages.slice(i, i + 500))
    await viewer.heard('a/mesh hears e14999')
    expect(viewer.messages).toEqual(messages)
    expect(viewer.missed).toBe(0)
    expect(viewer.frames.length).toBeLessThan(200)
    expect(inspector.stats()).toMatchObject({ messages: 15_001, lost: 0 })
  })

  test('a viewer that does not read misses what it can do without, and hears how much', async () => {
    const inspector = await start()
    const [slow, quick] = [await view(inspector), await view(inspector)]
    const reporter = await report(inspector)
    slow.socket.pause()
    const a = new Teller('a')
    reporter.tell(a.begins(), a.actor('mesh'), a.actor('peer:2'))
    const padding = 'x'.repeat(2_000)
    // 60,000 messages, 70 MB, as fast as the quick one takes them: more than may wait.
    for (let i = 0; i < 60; i++) {
      const burst = Array.from({ length: 1_000 }, (_, index) =>
        index % 2 === 0
          ? { ...a.event('mesh', 'go'), event: { type: 'go', padding } }
          : a.snapshot('peer:2', `s${i * 1_000 + index}`),
      )
      reporter.tell(...burst)
      await quick.heard(`a/peer:2 s${i * 1_000 + 999}`)
    }
    slow.socket.resume()
    await slow.heard('a/peer:2 s59999')
    expect(slow.missed).toBeGreaterThan(10_000)
    expect(slow.missed + slow.messages.length).toBe(60_003)
    expect(slow.told.slice(0, 3)).toEqual(['a source', 'a/mesh is new', 'a/peer:2 is new'])
    expect(quick.missed).toBe(0)
    expect(slow.closeCode).toBeNull()
  }, 90_000)

  test('what a viewer says is not listened to', async () => {
    const inspector = await start()
    const viewer = await view(inspector)
    const a = new Teller('a')
    viewer.tell(a.begins())
    viewer.socket.send('no JSON')
    const reporter = await report(inspector)
    reporter.tell(new Teller('b').begins())
    await viewer.heard('b source')
    expect(viewer.told).toEqual(['b source'])
    viewer.socket.send('x'.repeat(10_000))
    expect(await viewer.closed()).toBe(1009)
  })
})

describe('a hostile reporter', () => {
  test.each([
    ['no JSON', 'hello'],
    ['no array', '{}'],
    ['an array of nothing', '[null]'],
    ['a message without members', '[{"type":"webrtc.source"}]'],
    ['a deep one', `[${'['.repeat(50_000)}${']'.repeat(50_000)}]`],
    ['a member that changes prototypes', '[{"type":"webrtc.source","__proto__":{"x":1}}]'],
    [
      'a message that is whole, with a deep one beside its members',
      JSON.stringify([{ ...new Teller('deep').begins(), more: 0 }]).replace(
        '"more":0',
        `"more":${'['.repeat(50_000)}${']'.repeat(50_000)}`,
      ),
    ],
  ])('%s is dropped and counted, and others are heard as before', async (_, frame) => {
    const inspector = await start()
    const viewer = await view(inspector)
    const [hostile, honest] = [await report(inspector), await report(inspector)]
    hostile.socket.send(frame)
    await waitFor(() => inspector.stats().drops.invalid === 1, 'it is counted')
    honest.tell(new Teller('honest').begins())
    await viewer.heard('honest source')
    expect(viewer.told).toEqual(['honest source'])
  })

  test('bytes are no text', async () => {
    const inspector = await start()
    const hostile = await report(inspector)
    hostile.socket.send(Buffer.from('[]'))
    await waitFor(() => inspector.stats().drops.invalid === 1, 'it is counted')
  })

  test('one bad message spoils its whole frame, but not those before', async () => {
    const inspector = await start()
    const viewer = await view(inspector)
    const hostile = await report(inspector)
    const a = new Teller('a')
    hostile.tell(a.begins())
    hostile.tell(a.actor('mesh'), { ...a.event('mesh', 'go'), seq: -1 })
    hostile.tell(a.event('mesh', 'after'))
    await viewer.heard('a/mesh hears after')
    expect(viewer.told).toEqual(['a source', 'a/mesh hears after'])
  })

  test('a frame that is too large ends its socket', async () => {
    const inspector = await start()
    const hostile = await report(inspector)
    hostile.socket.send('x'.repeat(13 * 1024 * 1024))
    expect(await hostile.closed()).toBe(1009)
  })

  test('who tells too much is read more slowly, and then as before', async () => {
    const inspector = await start()
    const reporter = await report(inspector)
    const a = new Teller('a')
    reporter.tell(a.begins())
    await waitFor(() => inspector.stats().messages === 1, 'it begins')
    const started = performance.now()
    // 96 MiB: a third more than may come at once.
    const frame = JSON.stringify([
      a.event('mesh', 'e'),
      ...Array.from({ length: 3 }, () => ({ type: 'other', x: 'x'.repeat(1024 * 1024) })),
    ])
    for (let i = 0; i < 32; i++) reporter.socket.send(frame)
    reporter.tell(a.event('mesh', 'last'))
    await waitFor(() => inspector.stats().messages === 34, 'all of it is read')
    // 32 MiB beyond the allowance, at 16 MiB a second.
    expect(performance.now() - started).toBeGreaterThan(1_800)
  }, 60_000)

  test('there is room for so many sockets', async () => {
    const inspector = await start()
    const { origin, host } = new URL(inspector.url)
    for (let i = 0; i < 32; i++) await view(inspector)
    expect(await RawSocket.statusOf(`ws://${host}/view`, { origin })).toBe(503)
    expect(await RawSocket.statusOf(inspector.reportUrl)).toBe(101)
  })
})

describe('recording', () => {
  test('everything from the beginning on is in the file, which another inspector shows', async () => {
    const record = page.file('recorded.jsonl')
    const inspector = await start({ record })
    const reporter = await report(inspector)
    await waitFor(() => reporter.isWatched === true, 'the recording counts as somebody who looks')
    const a = new Teller('a')
    const messages = [a.begins(), a.actor('mesh'), ...Array.from({ length: 3_000 }, (_, i) => a.event('mesh', `e${i}`))]
    reporter.tell(...messages)
    await waitFor(() => inspector.stats().messages === messages.length, 'all is there')
    await inspector.close()
    expect(inspector.stats().recording).toEqual({ file: record, messages: messages.length, missed: 0, error: null })
    const [header = '', ...lines] = (await readFile(record, 'utf8')).trimEnd().split('\n')
    expect(JSON.parse(header)).toMatchObject({ type: 'webrtc.recording', version: 1 })
    // What was there when it ended is there at its end too.
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(messages)
    const { url } = await start({ recording: record })
    expect(await (await fetch(new URL('/recording', url))).text()).toBe(await readFile(record, 'utf8'))
  })
})

// Linux has a file to which every write fails as on a full disk.
const testOnLinux = process.platform === 'linux' ? test : test.skip
testOnLinux('a recording that cannot go on is not somebody who looks any more', async () => {
  const inspector = await start({ record: '/dev/full' })
  const reporter = await report(inspector)
  await waitFor(() => reporter.frames.length > 0, 'it is connected')
  const a = new Teller('a')
  reporter.tell(a.begins(), a.actor('mesh'))
  await waitFor(() => inspector.stats().recording?.error !== null, 'the disk is full')
  await waitFor(() => reporter.isWatched === false, 'nobody looks')
  expect(inspector.stats().recording).toMatchObject({ file: '/dev/full', error: { code: 'ENOSPC' } })
})

describe('closing', () => {
  test('ends every socket, tells the rest before, and frees the port', async () => {
    const inspector = await start()
    const [viewer, reporter] = [await view(inspector), await report(inspector)]
    const a = new Teller('a')
    reporter.tell(a.begins())
    await waitFor(() => inspector.stats().messages === 1, 'it is told')
    await inspector.close()
    expect(viewer.told).toEqual(['a source'])
    expect([await viewer.closed(), await reporter.closed()]).toEqual([1001, 1001])
    const again = await start({ port: Number(new URL(inspector.url).port) })
    expect(again.url).toBe(inspector.url)
  })

  test('does not wait for who does not answer', async () => {
    const inspector = await start()
    const viewer = await view(inspector)
    viewer.socket.pause()
    const before = performance.now()
    await inspector.close()
    expect(performance.now() - before).toBeLessThan(3_000)
  })

  test('happens once, also by its signal', async () => {
    const ending = new AbortController()
    const inspector = await start({ signal: ending.signal })
    const viewer = await view(inspector)
    ending.abort()
    expect(inspector.close()).toBe(inspector.close())
    await inspector.close()
    expect(await viewer.closed()).toBe(1001)
  })

  test('takes nobody any more while it waits for who does not answer', async () => {
    const inspector = await start()
    const viewer = await view(inspector)
    viewer.socket.pause()
    const closed = inspector.close()
    const late = new RawSocket(inspector.reportUrl)
    sockets.push(late)
    expect(await late.closed()).toBe(1006)
    expect(viewer.closeCode).toBeNull()
    await closed
  })

  test('a connection that says nothing does not keep it open', async () => {
    const inspector = await start()
    const { connect } = await import('node:net')
    const silent = connect(Number(new URL(inspector.url).port), '127.0.0.1')
    silent.on('error', () => undefined)
    await once(silent, 'connect')
    await inspector.close()
    await waitFor(() => silent.destroyed, 'it is cut')
    await wait(0)
  })
})
