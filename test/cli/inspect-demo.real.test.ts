import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import type { RunSummary } from '../../src/cli/demo/summary.ts'
import { startInspector } from '../../src/services/inspector/server/start-inspector.ts'
import type { ActorMessage, InspectorMessage, SourceMessage } from '../../src/services/inspector/wire/messages.ts'
import { parseInspectorMessages } from '../../src/services/inspector/wire/parse.ts'
import { TestPage } from '../services/inspector/support/page.ts'
import { RawSocket } from '../services/inspector/support/raw-socket.ts'
import { waitFor } from '../support/real-time.ts'
import { Program } from './program.ts'

let directory: string
const started: Program[] = []

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'inspect-demo-'))
})
afterEach(async () => {
  for (const program of started.splice(0)) await program.kill()
})
afterAll(() => rm(directory, { recursive: true }))

function demo(...args: readonly string[]): Program {
  const program = new Program(['demo', ...args])
  started.push(program)
  return program
}

async function readRecording(file: string): Promise<readonly InspectorMessage[]> {
  const [header = '', ...lines] = (await readFile(file, 'utf8')).trimEnd().split('\n')
  expect(JSON.parse(header)).toMatchObject({ type: 'webrtc.recording', version: 1 })
  const parsed = parseInspectorMessages(`[${lines.join(',')}]`)
  expect(parsed).toMatchObject({ ok: true, ignored: 0 })
  return parsed.ok ? parsed.messages : []
}

const namesIn = (messages: readonly InspectorMessage[]): string[] =>
  [...new Set(messages.flatMap((message) => (message.type === 'webrtc.source' ? [message.name] : [])))].sort()

describe('the inspector of the demo', () => {
  test('shows the peers of all processes, and within a second that one was killed', async () => {
    const program = demo('--peers', '3', '--every', '0', '--port', '0')
    const url = await program.printed(/inspector at (http:\S+):/)
    const viewer = await RawSocket.view(url)
    await program.printed(/all 2 connections/)
    const connected = (): readonly ActorMessage[] =>
      viewer.messages.filter((message) => message.type === '@xstate.actor' && message.kind === 'mesh') as ActorMessage[]
    await waitFor(() => new Set(connected().map(({ uniqueId }) => uniqueId)).size === 3, 'three meshes are shown')
    expect(namesIn(viewer.messages)).toEqual(['peer 1', 'peer 2', 'peer 3'])
    expect(new Set(connected().map(({ group }) => group))).toEqual(new Set(['demo']))
    const linksOf = (message: InspectorMessage): number =>
      message.type === 'webrtc.facts' ? message.links.filter(({ state }) => state === 'connected').length : 0
    await waitFor(() => viewer.messages.some((message) => linksOf(message) === 2), 'connections are shown')

    const source = viewer.messages.find((message) => message.type === 'webrtc.source') as SourceMessage
    process.kill(Number(source.detail.replace('process ', '')), 'SIGKILL')
    const killed = performance.now()
    await viewer.heard(`${source.source} source-gone`)
    expect(performance.now() - killed).toBeLessThan(1_000)
    program.signal('SIGTERM')
    // One of its peers did not end as it was told to.
    expect(await program.ended()).toBe(1)
    expect(await viewer.closed()).toBe(1001)
    expect(program.errors).toBe('')
  })

  test('takes another port where its own is taken', async () => {
    const page = await TestPage.make()
    const other = await startInspector({ page: page.directory }).catch(() => null)
    const program = demo('--peers', '2', '--every', '0', '--port', '0')
    const url = await program.printed(/inspector at (http:\S+):/)
    expect(new URL(url).port).not.toBe('9280')
    expect((await fetch(url)).status).toBe(200)
    await other?.close()
    await page.remove()
  })

  test('records a live run', async () => {
    const record = path.join(directory, 'live.jsonl')
    const program = demo('--peers', '2', '--every', '0', '--port', '0', '--record', record)
    await program.printed(/joined: its connection/)
    program.signal('SIGINT')
    expect(await program.ended()).toBe(0)
    expect(program.output).toMatch(/\d+ messages are in \S+live\.jsonl\n$/)
    const messages = await readRecording(record)
    expect(namesIn(messages)).toEqual(['peer 1', 'peer 2'])
    const states = messages.flatMap((message) => (message.type === '@xstate.snapshot' ? [message.snapshot.value] : []))
    expect(states).toContain('connected')
  })

  test('records a bounded run, which is judged as without it', async () => {
    const record = path.join(directory, 'once.jsonl')
    const program = demo('--once', '--json', '--peers', '3', '--packets', '5', '--record', record)
    expect(await program.ended()).toBe(0)
    expect((JSON.parse(program.output) as RunSummary).ok).toBe(true)
    expect(namesIn(await readRecording(record))).toEqual(['peer 1', 'peer 2', 'peer 3', 'peer 4'])
  })

  test('is not there where it is not wanted', async () => {
    const live = demo('--peers', '2', '--every', '0', '--port', '0', '--no-inspector')
    await live.printed(/joined: its connection/)
    expect(live.output).not.toContain('inspector')
    live.signal('SIGINT')
    expect(await live.ended()).toBe(0)
  })

  test.each([
    ['a live run', ['--port', '0']],
    ['a bounded run', ['--once']],
  ] as const)('%s says that its recording cannot be written', async (_, args) => {
    const program = demo('--peers', '2', '--record', '/nowhere/session.jsonl', ...args)
    expect(await program.ended()).toBeGreaterThan(0)
    expect(program.output + program.errors).toContain(
      '--record: The recording /nowhere/session.jsonl cannot be written',
    )
  })
})
