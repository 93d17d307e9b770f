import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { reportTo } from '../../../../src/services/inspector/report/report-to.ts'
import type { Reporter } from '../../../../src/services/inspector/report/reporter.ts'
import type { Inspector } from '../../../../src/services/inspector/server/inspector.ts'
import type { InspectorOptions } from '../../../../src/services/inspector/server/inspector-options.ts'
import { startInspector } from '../../../../src/services/inspector/server/start-inspector.ts'
import type { ActorMessage, SourceMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { WebRTCMultiplayerPeer } from '../../../../src/services/multiplayer-peer/multiplayer-peer.ts'
import { Child } from '../../../support/child-process.ts'
import { waitFor } from '../../../support/real-time.ts'
import { runChild } from '../../../support/run-child.ts'
import { TestPage } from '../support/page.ts'
import { RawSocket } from '../support/raw-socket.ts'

const SCRIPT = 'test/services/inspector/report/children/reporting-process.ts'
const TOKEN = 'a-token-of-some-length'

interface News {
  readonly state: string
}

let page: TestPage
const endings: (() => unknown)[] = []

beforeAll(async () => {
  page = await TestPage.make()
})
afterEach(async () => {
  for (const end of endings.splice(0).reverse()) await end()
})
afterAll(() => page.remove())

async function start(options: InspectorOptions = {}): Promise<Inspector> {
  const inspector = await startInspector({ port: 0, page: page.directory, ...options })
  endings.push(inspector.close)
  return inspector
}

async function view({ url }: Inspector): Promise<RawSocket> {
  const viewer = await RawSocket.view(url)
  endings.push(() => {
    viewer.end()
  })
  return viewer
}

function report(...args: Parameters<typeof reportTo>): Reporter {
  const reporter = reportTo(...args)
  endings.push(reporter.close)
  return reporter
}

async function startProcess(inspector: Inspector, id: number): Promise<Child<News>> {
  const child = await Child.start<News>(SCRIPT, inspector.reportUrl, String(id), 'stay')
  endings.push(() => child.kill())
  return child
}

const sourcesOf = ({ messages }: RawSocket): SourceMessage[] =>
  messages.filter((message) => message.type === 'webrtc.source')
const meshesOf = ({ messages }: RawSocket): ActorMessage[] =>
  messages.filter((message): message is ActorMessage => message.type === '@xstate.actor' && message.kind === 'mesh')

describe('processes that report', () => {
  test('several are seen together, each with its mesh; one that is killed is seen to be gone at once', async () => {
    const inspector = await start()
    const viewer = await view(inspector)
    const children = await Promise.all([1, 2, 3].map((id) => startProcess(inspector, id)))
    await waitFor(() => new Set(meshesOf(viewer).map(({ uniqueId }) => uniqueId)).size === 3, 'all meshes are seen')
    expect(new Set(meshesOf(viewer).map(({ group }) => group))).toEqual(new Set(['tea']))
    expect(
      sourcesOf(viewer)
        .map(({ name }) => name)
        .sort(),
    ).toEqual(['peer 1', 'peer 2', 'peer 3'])
    expect(inspector.stats()).toMatchObject({ reporters: 3, sources: 3, lost: 0 })
    const killed = performance.now()
    await children[1]?.kill()
    await waitFor(() => inspector.stats().sources === 2, 'it is gone')
    expect(performance.now() - killed).toBeLessThan(1_000)
    const [victim] = sourcesOf(viewer).filter(({ name }) => name === 'peer 2')
    await viewer.heard(`${victim?.source ?? ''} source-gone`)
    expect(viewer.messages.filter(({ type }) => type === 'webrtc.source-gone')).toHaveLength(1)
    children[0]?.tell({})
    expect(await children[0]?.ended()).toBe(0)
    await waitFor(() => inspector.stats().sources === 1, 'the one that closed is gone too')
    expect(children.map(({ errors }) => errors)).toEqual(['', '', ''])
  })

  test('a reporter does not keep its process alive: neither while somebody looks, nor where there is no inspector', async () => {
    const inspector = await start()
    await view(inspector)
    const reporting = await Child.start<News>(SCRIPT, inspector.reportUrl, '1', 'end')
    endings.push(() => reporting.kill())
    expect(await reporting.ended()).toBe(0)
    await waitFor(() => reporting.news.length > 1, 'what it said before has come')
    expect(reporting.news.map(({ state }) => state)).toEqual(['connecting', 'reporting'])
    // A port at which nobody listens.
    const lonely = await runChild(SCRIPT, { args: ['ws://127.0.0.1:1', '1', 'end'], timeout: 5_000 })
    expect(lonely).toMatchObject({ code: 0, signal: null, stderr: '' })
  })
})

describe('a reporter', () => {
  test('finds the inspector that was started again, and tells it everything anew', async () => {
    const mesh = new WebRTCMultiplayerPeer()
    endings.push(() => mesh.close())
    mesh.createMesh(7)
    const first = await start()
    const { port } = new URL(first.url)
    const reporter = report(first.reportUrl)
    reporter.watch(mesh)
    await waitFor(() => reporter.state === 'idle', 'it is connected')
    await first.close()
    await waitFor(() => reporter.state === 'waiting', 'it is lost')
    const second = await start({ port: Number(port) })
    const viewer = await view(second)
    await waitFor(() => meshesOf(viewer).length > 0, 'the mesh is told anew')
    expect(meshesOf(viewer)[0]).toMatchObject({ uniqueId: 7, definition: expect.stringContaining('mesh') })
  })

  test.each([
    ['its reportUrl', ({ reportUrl }: Inspector) => report(reportUrl)],
    ["its page's address", ({ url }: Inspector) => report(url)],
    [
      'an address without the token, which is an option',
      ({ url }: Inspector) => report(new URL(url).origin, { token: TOKEN }),
    ],
  ])('reaches an inspector with a token by %s', async (_, connect) => {
    const inspector = await start({ token: TOKEN })
    const reporter = connect(inspector)
    await waitFor(() => reporter.state === 'idle', 'it is connected')
    expect(inspector.stats().reporters).toBe(1)
  })

  test('waits while its token is wrong', async () => {
    const inspector = await start({ token: TOKEN })
    const reporter = report(new URL(inspector.url).origin, { token: 'another-token-of-some-length' })
    await waitFor(() => reporter.state === 'waiting', 'it is refused')
    expect(inspector.stats().reporters).toBe(0)
  })

  test('is closed by its signal', async () => {
    const inspector = await start()
    const ending = new AbortController()
    const reporter = report(inspector.reportUrl, { signal: ending.signal })
    await waitFor(() => reporter.state === 'idle', 'it is connected')
    ending.abort()
    await waitFor(() => inspector.stats().reporters === 0, 'its socket is closed')
    expect(reporter.state).toBe('closed')
    expect(() => reportTo(inspector.reportUrl, { signal: ending.signal })).toThrow('abort')
  })

  test.each(['', 'localhost:9280', 'ftp://localhost'])('does not take %j for an address', (url) => {
    expect(() => reportTo(url)).toThrow(expect.objectContaining({ code: 'ERR_INVALID_PARAMETER', value: url }))
  })

  test('does not say a token again that is in an address that is none', () => {
    expect(() => reportTo(`ws://localhost/?token=${TOKEN}#x`)).toThrow(
      expect.objectContaining({ code: 'ERR_INVALID_PARAMETER', value: 'ws://localhost/' }),
    )
  })
})

describe('what the inspector of a process shows of it itself', () => {
  test('is what it watches, from before and after somebody looks', async () => {
    const inspector = await start({ name: 'here' })
    const [early, late] = [new WebRTCMultiplayerPeer(), new WebRTCMultiplayerPeer()]
    endings.push(
      () => early.close(),
      () => late.close(),
    )
    early.createMesh(1)
    late.createMesh(2)
    const watch = inspector.watch(early, { group: 'a' })
    const viewer = await view(inspector)
    await waitFor(() => meshesOf(viewer).length === 1, 'the first is there')
    inspector.watch(late, { group: 'b' })
    await waitFor(() => meshesOf(viewer).length === 2, 'the second is there')
    expect(sourcesOf(viewer)).toMatchObject([{ name: 'here', platform: 'node', detail: `process ${process.pid}` }])
    expect(meshesOf(viewer).map(({ uniqueId, group }) => ({ uniqueId, group }))).toEqual([
      { uniqueId: 1, group: 'a' },
      { uniqueId: 2, group: 'b' },
    ])
    watch[Symbol.dispose]()
    const id = meshesOf(viewer)[0]?.sessionId ?? ''
    await waitFor(
      () =>
        viewer.messages.some(
          (m) => m.type === '@xstate.snapshot' && m.sessionId === id && m.snapshot.status === 'stopped',
        ),
      'it is shown no longer',
    )
  })

  test('is nothing while nothing is watched', async () => {
    const inspector = await start()
    const viewer = await view(inspector)
    const reporter = await RawSocket.report(inspector.reportUrl)
    endings.push(() => {
      reporter.end()
    })
    await waitFor(() => reporter.isWatched === true, 'somebody looks')
    expect(viewer.messages).toEqual([])
    expect(inspector.stats().sources).toBe(0)
  })

  test('is recorded, and not told to be gone where the recording ends', async () => {
    const record = page.file('local.jsonl')
    const inspector = await start({ record })
    const mesh = new WebRTCMultiplayerPeer()
    endings.push(() => mesh.close())
    inspector.watch(mesh)
    mesh.createMesh(1)
    await inspector.close()
    const { readFile } = await import('node:fs/promises')
    const types = (await readFile(record, 'utf8'))
      .trimEnd()
      .split('\n')
      .map((line) => (JSON.parse(line) as { type: string }).type)
    expect(types.slice(0, 3)).toEqual(['webrtc.recording', 'webrtc.source', '@xstate.actor'])
    expect(types).not.toContain('webrtc.source-gone')
  })
})
