import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import path from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { toEntry } from '../../../../src/services/inspector/hub/entry.ts'
import { Hub } from '../../../../src/services/inspector/hub/hub.ts'
import { checkRecording } from '../../../../src/services/inspector/recording/check-recording.ts'
import { RecordingFile } from '../../../../src/services/inspector/recording/recording-file.ts'
import { Teller } from '../support/teller.ts'

const HEADER = '{"type":"webrtc.recording","version":1,"startedAt":1800000000000}'

let directory: string
let count = 0
const newFile = (): string => path.join(directory, `session-${count++}.jsonl`)

beforeAll(async () => {
  directory = await mkdtemp(path.join(tmpdir(), 'recordings-'))
})
afterAll(() => rm(directory, { recursive: true }))

async function linesOf(file: string): Promise<string[]> {
  return (await readFile(file, 'utf8')).split('\n')
}

describe('a recording', () => {
  test('is a header and a line for each message, as it is', async () => {
    const file = newFile()
    const recording = await RecordingFile.open(file, 1_800_000_000_000)
    const a = new Teller('a')
    const messages = [a.begins(), a.actor('mesh'), { ...a.event('mesh', 'line\nbreak "quoted" \u2028 🎈') }]
    recording.write(messages.map(toEntry))
    await recording.close()
    expect(await linesOf(file)).toEqual([HEADER, ...messages.map((message) => JSON.stringify(message)), ''])
    expect(recording).toMatchObject({ lines: 3, error: null, file })
  })

  test('is written while it goes on, and counts as somebody who looks', async () => {
    const file = newFile()
    const hub = new Hub({ sampleInterval: 500 })
    const watched: boolean[] = []
    const source = hub.addSource({ watch: ({ active }) => watched.push(active) })
    const recording = await RecordingFile.open(file, 0)
    hub.addFeed(recording)
    expect(watched).toEqual([false, true])
    const a = new Teller('a')
    source.receive(a.begins())
    for (let i = 0; i < 5_000; i++) source.receive(a.event('mesh', `e${i}`))
    while ((await linesOf(file)).length < 5_003) await new Promise((resolve) => setTimeout(resolve, 5))
    source.receive(a.event('mesh', 'last'))
    hub.close()
    await recording.close()
    const lines = await linesOf(file)
    expect(lines).toHaveLength(5_004)
    expect(lines.slice(1, -1).map((line) => (JSON.parse(line) as { seq: number }).seq)).toEqual(
      Array.from({ length: 5_002 }, (_, index) => index + 1),
    )
  })

  test('writes over what was there', async () => {
    const file = newFile()
    await writeFile(file, 'x'.repeat(10_000))
    const recording = await RecordingFile.open(file, 1_800_000_000_000)
    await recording.close()
    expect(await linesOf(file)).toEqual([HEADER, ''])
  })

  test('that cannot be written says so', async () => {
    const nowhere = path.join(directory, 'no', 'directory.jsonl')
    await expect(RecordingFile.open(nowhere, 0)).rejects.toMatchObject({
      code: 'ERR_FILE_CANT_WRITE',
      value: nowhere,
      message: expect.stringContaining(nowhere),
    })
  })

  // Linux has a file to which every write fails as on a full disk.
  const testOnLinux = process.platform === 'linux' ? test : test.skip
  testOnLinux('of a disk that is full goes no further, and says why', async () => {
    const recording = await RecordingFile.open('/dev/full', 0)
    recording.write([toEntry(new Teller('a').begins())])
    await recording.close()
    expect(recording.error).toMatchObject({ code: 'ENOSPC' })
    const { lines } = recording
    recording.write([toEntry(new Teller('a').begins())])
    expect(recording.lines).toBe(lines)
    await recording.close()
  })

  testOnLinux('of a disk that is full holds nothing back, and says once that it has failed', async () => {
    let failures = 0
    const recording = await RecordingFile.open('/dev/full', 0, () => failures++)
    const entry = toEntry({ ...new Teller('a').begins(), detail: 'x'.repeat(1_000_000) })
    recording.write([entry, entry, entry])
    await recording.close()
    expect(recording.bufferedAmount).toBe(0)
    recording.giveUp()
    expect(recording.error).toMatchObject({ code: 'ENOSPC' })
    expect(failures).toBe(1)
  })

  test('for which the disk is too slow says so, once', async () => {
    let failures = 0
    const recording = await RecordingFile.open(newFile(), 0, () => failures++)
    recording.giveUp()
    recording.giveUp()
    expect(recording.error).toMatchObject({ message: expect.stringContaining('disk') })
    expect(failures).toBe(1)
    await recording.close()
  })
})

describe('a file is opened', () => {
  test.each([
    ['whole', `${HEADER}\n{"type":"webrtc.source"}\n`],
    ['cut off in the middle of a line', `${HEADER}\n{"type":"webrtc.sou`],
    ['with nothing but its header', `${HEADER}\n`],
    ['of a version that says more', `{"type":"webrtc.recording","version":1,"startedAt":1,"isPartial":true}\n`],
  ])('%s', async (_, content) => {
    const file = newFile()
    await writeFile(file, content)
    await expect(checkRecording(file)).resolves.toBeUndefined()
  })

  test('of any size, of which only the beginning is read', async () => {
    const file = newFile()
    await writeFile(file, `${HEADER}\n`)
    for (let i = 0; i < 20; i++) await appendFile(file, 'x'.repeat(1_000_000))
    const before = process.memoryUsage().arrayBuffers
    await checkRecording(file)
    expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(1_000_000)
  })

  test.each([
    ['empty', '', 'ERR_INVALID_DATA'],
    ['cut off in its header', HEADER, 'ERR_INVALID_DATA'],
    ['something else', 'hello\nworld\n', 'ERR_INVALID_DATA'],
    ['JSON Lines of something else', '{"type":"other"}\n', 'ERR_INVALID_DATA'],
    ['JSON that is no object', 'null\n', 'ERR_INVALID_DATA'],
    ['of a later version', '{"type":"webrtc.recording","version":2,"startedAt":1}\n', 'ERR_INVALID_DATA'],
    ['binary', '\x00\x01\x02\n', 'ERR_INVALID_DATA'],
  ])('but not one that is %s', async (_, content, code) => {
    const file = newFile()
    await writeFile(file, content)
    await expect(checkRecording(file)).rejects.toMatchObject({ code, value: file })
  })

  test.each(['nowhere.jsonl', '.'])('but not %s', async (name) => {
    const file = path.join(directory, name)
    await expect(checkRecording(file)).rejects.toMatchObject({ code: 'ERR_DOES_NOT_EXIST', value: file })
  })
})
