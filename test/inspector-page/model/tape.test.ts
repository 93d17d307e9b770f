import { deepStrictEqual } from 'node:assert'
import { describe, expect, test } from '@jest/globals'
import { RecordingReader } from '../../../src/inspector-page/model/recording-reader.ts'
import type { Recording } from '../../../src/inspector-page/model/recording.ts'
import { Session } from '../../../src/inspector-page/model/session.ts'
import { Tape } from '../../../src/inspector-page/model/tape.ts'
import type { InspectorMessage } from '../../../src/services/inspector/wire/messages.ts'
import { inspectorSession } from '../../support/inspector-session.ts'
import { pictureOf } from '../support/picture-of.ts'
import { Teller } from '../support/teller.ts'

function reopened(tape: Tape): Recording {
  const reader = new RecordingReader('saved')
  for (const line of tape.lines()) reader.push(line)
  return reader.finish()
}

function taped(messages: readonly InspectorMessage[], limits?: ConstructorParameters<typeof Tape>[0]): Tape {
  const tape = new Tape(limits)
  for (const message of messages) tape.push(message)
  return tape
}

/** What is there, by names; without what is told of the past alone. */
function present({ actors, peers, links, sources }: Session): unknown {
  const living = [...actors.values()].filter(({ endedAt }) => endedAt === null)
  const ends = [...links.values()].flatMap((link) => [...link.ends.values()].map((end) => ({ key: link.key, end })))
  return {
    sources: [...sources.values()].flatMap(({ source, isGone }) => (isGone ? [] : [source])).sort(),
    actors: Object.fromEntries(living.map(({ sessionId, snapshot, machine }) => [sessionId, { snapshot, machine }])),
    peers: Object.fromEntries([...peers].filter(([, { goneAt }]) => goneAt === null)),
    verdicts: Object.fromEntries([...links].flatMap(([key, { verdict }]) => (verdict ? [[key, verdict.reason]] : []))),
    ends: Object.fromEntries(
      ends.flatMap(({ key, end }) => (end.goneAt === null ? [[`${key} ${end.from}`, end.facts]] : [])),
    ),
  }
}

describe('what was seen live', () => {
  test('saved and opened again it is the same at each moment', async () => {
    const messages = await inspectorSession()
    const recording = reopened(taped(messages))
    expect(recording.notices).toEqual([])
    for (const position of [100, 500, 900, messages.length]) {
      const live = new Session({ logLimit: Infinity })
      live.applyAll(messages.slice(0, position))
      recording.seek(position)
      deepStrictEqual(pictureOf(recording.session), pictureOf(live))
    }
  })

  test('when the beginning is forgotten, it is said, and what was there then is there', async () => {
    const messages = (await inspectorSession()).slice(0, 1_000)
    const tape = taped(messages, { messages: 200, size: 1e9 })
    expect(tape.forgotten).toBeGreaterThan(700)
    const recording = reopened(tape)
    expect(recording.notices).toEqual([expect.stringContaining('beginning is missing')])
    expect(recording.messages.length).toBeLessThan(300)
    const live = new Session()
    live.applyAll(messages)
    expect(present(recording.session)).toEqual(present(live))
    expect(tape.recording('now').notices).toEqual([expect.stringContaining(String(tape.forgotten))])
  })

  test('bounded by size too', () => {
    const teller = new Teller()
    const tape = taped([teller.begin(), ...Array.from({ length: 5_000 }, () => teller.event('x:0', 'e'))], {
      messages: 1e9,
      size: 100_000,
    })
    expect(tape.lines().join('').length).toBeLessThan(101_000)
    expect(tape.forgotten).toBeGreaterThan(1_000)
  })

  test('nothing seen is a recording of nothing', () => {
    const tape = new Tape()
    expect(tape.isEmpty).toBe(true)
    expect(reopened(tape).messages).toEqual([])
  })
})
