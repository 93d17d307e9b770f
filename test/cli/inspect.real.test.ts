import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals'
import { waitFor } from '../support/real-time.ts'
import { RawSocket } from '../services/inspector/support/raw-socket.ts'
import { Teller } from '../services/inspector/support/teller.ts'
import { Program } from './program.ts'

const TOKEN = 'a-token-of-some-length'
const RECORDING = '{"type":"webrtc.recording","version":1,"startedAt":1}\n{"type":"webrtc.sou'

let directory: string
const started: Program[] = []
const sockets: RawSocket[] = []

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'inspect-'))
})
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.end()
  for (const program of started.splice(0)) await program.kill()
})
afterAll(() => rm(directory, { recursive: true }))

function inspect(args: readonly string[], environment?: NodeJS.ProcessEnv): Program {
  const program = new Program(['inspect', '--port', '0', ...args], environment)
  started.push(program)
  return program
}

describe('webrtc-multiplayer inspect', () => {
  test('serves its page, takes reports and shows them, and ends by a signal', async () => {
    const program = inspect([])
    const url = await program.printed(/^The inspector is at (\S+)$/m)
    const reportUrl = await program.printed(/^Programs report to (\S+)$/m)
    const page = await fetch(url)
    expect(page.status).toBe(200)
    // The page of the package, and what it loads.
    const [, script = ''] = /<script [^>]*src="([^"]+)"/.exec(await page.text()) ?? []
    expect((await fetch(new URL(script, url))).headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    const [viewer, reporter] = [await RawSocket.view(url), await RawSocket.report(reportUrl)]
    sockets.push(viewer, reporter)
    reporter.tell(new Teller('a').begins())
    await viewer.heard('a source')
    program.signal('SIGTERM')
    expect(await program.ended()).toBe(0)
    expect(program.errors).toBe('')
    expect([await viewer.closed(), await reporter.closed()]).toEqual([1001, 1001])
  })

  test('--json prints events as lines; what it recorded is in the file, which it shows again', async () => {
    const record = path.join(directory, 'session.jsonl')
    const program = inspect(['--json', '--record', record, '--sample-interval', '100'])
    await program.printed(/\n/)
    const listening = JSON.parse(program.output) as { event: string; url: string; reportUrl: string }
    expect(listening).toMatchObject({ event: 'listening', url: expect.stringMatching(/^http:/) })
    const reporter = await RawSocket.report(listening.reportUrl)
    sockets.push(reporter)
    await waitFor(() => reporter.isWatched === true, 'the recording counts as somebody who looks')
    expect(reporter.frames.at(-1)).toMatchObject({ sampleInterval: 100 })
    const a = new Teller('a')
    reporter.tell(a.begins(), a.actor('mesh'))
    await waitFor(() => reporter.socket.bufferedAmount === 0, 'it is sent')
    reporter.socket.ping()
    await new Promise((resolve) => reporter.socket.once('pong', resolve))
    program.signal('SIGINT')
    expect(await program.ended()).toBe(0)
    expect(JSON.parse(program.output.trimEnd().split('\n').at(-1) ?? '')).toMatchObject({
      event: 'ended',
      recorded: { messages: 2, missed: 0 },
    })
    const lines = (await readFile(record, 'utf8')).trimEnd().split('\n')
    expect(lines.map((line) => (JSON.parse(line) as { type: string }).type)).toEqual([
      'webrtc.recording',
      'webrtc.source',
      '@xstate.actor',
    ])
    const shown = inspect([record])
    const url = await shown.printed(/session\.jsonl is shown at (\S+)$/m)
    const { searchParams } = new URL(url)
    const answer = await fetch(new URL(searchParams.get('recording') ?? '', url))
    expect(await answer.text()).toBe(await readFile(record, 'utf8'))
  })

  test('what it recorded until it was killed is shown, with a last line that may be cut off', async () => {
    const record = path.join(directory, 'killed.jsonl')
    const program = inspect(['--record', record])
    const reporter = await RawSocket.report(await program.printed(/^Programs report to (\S+)$/m))
    sockets.push(reporter)
    const a = new Teller('a')
    reporter.tell(a.begins(), a.actor('mesh'))
    const telling = setInterval(() => {
      reporter.tell(...Array.from({ length: 100 }, (_, i) => a.event('mesh', `e${i}`)))
    }, 1)
    const linesOf = async (): Promise<string[]> => (await readFile(record, 'utf8')).split('\n')
    try {
      while ((await linesOf()).length < 5_000) await new Promise((resolve) => setTimeout(resolve, 10))
      await program.kill()
    } finally {
      clearInterval(telling)
    }
    const lines = await linesOf()
    const messages = lines.slice(1, -1).map((line) => JSON.parse(line) as { seq: number })
    expect(messages.map(({ seq }) => seq)).toEqual(messages.map((_, index) => index + 1))
    const url = await inspect([record]).printed(/killed\.jsonl is shown at (\S+)$/m)
    expect(await (await fetch(new URL('/recording', url))).text()).toBe(lines.join('\n'))
  })

  // Linux has a file to which every write fails as on a full disk.
  const testOnLinux = process.platform === 'linux' ? test : test.skip
  testOnLinux('a recording for which there is no room goes on being shown, and is exit code 1', async () => {
    const program = inspect(['--record', '/dev/full'])
    const viewer = await RawSocket.view(await program.printed(/^The inspector is at (\S+)$/m))
    const reporter = await RawSocket.report(await program.printed(/^Programs report to (\S+)$/m))
    sockets.push(viewer, reporter)
    reporter.tell(new Teller('a').begins())
    await viewer.heard('a source')
    program.signal('SIGTERM')
    expect(await program.ended()).toBe(1)
    expect(program.errors).toMatch(/^webrtc-multiplayer: The recording is not complete: ENOSPC.+\n$/)
  })

  test('with a token in the environment, and at an address for others', async () => {
    const program = inspect(['--host', '0.0.0.0'], { WEBRTC_MULTIPLAYER_INSPECTOR_TOKEN: TOKEN })
    const url = await program.printed(/^The inspector is at (\S+)$/m)
    expect(new URL(url).searchParams.get('token')).toBe(TOKEN)
    expect((await fetch(url)).status).toBe(200)
    expect((await fetch(new URL('/', url))).status).toBe(401)
  })

  test.each([
    ['nowhere.jsonl', 'no such file'],
    ['package.json', 'is no recording of an inspector'],
    ['--host 192.0.2.1', 'Cannot listen at port 0 of 192.0.2.1'],
    ['--token short', 'token has 16 to 256'],
    ['--record /nowhere/session.jsonl', 'cannot be written'],
  ])('%s is one line and exit code 1', async (args, message) => {
    const program = inspect(args.split(' '))
    expect(await program.ended()).toBe(1)
    expect(program.errors).toMatch(/^webrtc-multiplayer: .+\n$/)
    expect(program.errors).toContain(message)
    expect(program.output).toBe('')
  })

  test('a recording that is cut off is shown as it is', async () => {
    const file = path.join(directory, 'cut-off.jsonl')
    await writeFile(file, RECORDING)
    const url = await inspect([file]).printed(/cut-off\.jsonl is shown at (\S+)$/m)
    expect(await (await fetch(new URL('/recording', url))).text()).toBe(RECORDING)
  })

  test('--help', async () => {
    const program = inspect(['--help'])
    expect(await program.ended()).toBe(0)
    expect(program.output).toContain('Usage: webrtc-multiplayer inspect [FILE] [options]')
  })
})
