import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { RecordingError, RecordingReader } from '../../../src/inspector-page/model/recording-reader.ts'
import type { Recording } from '../../../src/inspector-page/model/recording.ts'
import { Teller } from '../support/teller.ts'

const HEADER = JSON.stringify({ type: 'webrtc.recording', version: 1, startedAt: 1_000 })
const teller = new Teller()
const MESSAGES = [teller.begin('ärger ☕'), teller.mesh(1), teller.event('x:0', 'go')]
const FILE = [HEADER, ...MESSAGES.map((message) => JSON.stringify(message))].map((line) => `${line}\n`).join('')

function read(...pieces: readonly string[]): Recording {
  const reader = new RecordingReader('tea.jsonl')
  for (const piece of pieces) reader.push(piece)
  return reader.finish()
}

describe('reading a recording', () => {
  test('in pieces of any size', () => {
    fc.assert(
      fc.property(fc.array(fc.nat({ max: FILE.length }), { maxLength: 8 }), (cuts) => {
        const places = [0, ...cuts.sort((a, b) => a - b), FILE.length]
        const recording = read(...places.slice(1).map((end, i) => FILE.slice(places[i], end)))
        expect(recording.messages).toEqual(MESSAGES)
        expect(recording.notices).toEqual([])
      }),
    )
  })

  test('without a last line end, with empty lines, with the line ends of Windows', () => {
    expect(read(FILE.trimEnd()).messages).toEqual(MESSAGES)
    expect(read(FILE.replaceAll('\n', '\n\n')).messages).toEqual(MESSAGES)
    expect(read(FILE.replaceAll('\n', '\r\n')).messages).toEqual(MESSAGES)
    expect(read(FILE.replaceAll('\n', '\r\n')).notices).toEqual([])
  })

  test('a last line that is cut off is left out, and said', () => {
    const recording = read(FILE.slice(0, -20))
    expect(recording.messages).toEqual(MESSAGES.slice(0, -1))
    expect(recording.notices).toEqual(['Its last line is cut off and was left out.'])
  })

  test('lines in the middle that are no messages are left out and counted', () => {
    const lines = FILE.split('\n')
    const recording = read(
      [...lines.slice(0, 2), 'what?', '{"type":"webrtc.facts"}', '[]', ...lines.slice(2)].join('\n'),
    )
    expect(recording.messages).toEqual(MESSAGES)
    expect(recording.notices).toEqual(['3 lines were not readable and were left out.'])
  })

  test('a header alone is a recording of nothing', () => {
    expect(read(HEADER).messages).toEqual([])
  })

  test.each([
    ['empty', '', /empty/],
    ['no JSON', 'hello\n', /first line is not/],
    ['other JSON', '{"a":1}\n', /first line is not/],
    ['a later version', '{"type":"webrtc.recording","version":2}\n', /version 2.*reads version 1/],
    ['without its header', FILE.slice(HEADER.length + 1), /first line is not/],
  ])('%s is refused with a reason', (_name, text, reason) => {
    expect(() => read(text)).toThrow(RecordingError)
    expect(() => read(text)).toThrow(reason)
    expect(() => read(text)).toThrow(/tea\.jsonl/)
  })
})
