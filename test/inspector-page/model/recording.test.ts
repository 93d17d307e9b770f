import { deepStrictEqual } from 'node:assert'
import { beforeAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { Recording } from '../../../src/inspector-page/model/recording.ts'
import { Session } from '../../../src/inspector-page/model/session.ts'
import type { InspectorMessage } from '../../../src/services/inspector/wire/messages.ts'
import { inspectorSession } from '../../support/inspector-session.ts'
import { pictureOf } from '../support/picture-of.ts'
import { link, Teller } from '../support/teller.ts'

let messages: InspectorMessage[]
let recording: Recording

beforeAll(async () => {
  messages = await inspectorSession()
  recording = new Recording('a lobby', messages)
})

/** The session as it was live after so many messages. */
function liveAt(position: number): Session {
  const session = new Session({ logLimit: Infinity })
  for (const message of messages.slice(0, position)) session.apply(message)
  return session
}

describe('a recording of a lobby', () => {
  test('at any position it is what was live then, whichever way it came there', () => {
    const positions = fc.array(fc.nat({ max: messages.length }), { minLength: 1, maxLength: 6 })
    fc.assert(
      fc.property(positions, (path) => {
        for (const position of path) recording.seek(position)
        const last = path.at(-1) ?? 0
        expect(recording.position).toBe(last)
        // Ten times as fast as `toEqual`.
        deepStrictEqual(pictureOf(recording.session), pictureOf(liveAt(last)))
      }),
      { numRuns: 40 },
    )
  })

  test('at each entry the log ends with that entry, forth and back', () => {
    const states: number[] = []
    for (const { index } of recording.entries) {
      recording.seekToEntry(index)
      deepStrictEqual(recording.session.log.at(-1), recording.entries[index])
      states.push(recording.position)
    }
    for (const { index } of recording.entries.toReversed()) {
      recording.seekToEntry(index)
      expect([recording.entry, recording.position]).toEqual([index, states[index]])
    }
    recording.seekToEntry(-1)
    expect(pictureOf(recording.session)).toEqual(pictureOf(new Session()))
  })

  test('by time: everything that was told until then', () => {
    const { startsAt, endsAt } = recording
    expect(endsAt - startsAt).toBeGreaterThan(40_000)
    for (const time of [startsAt, startsAt + 12_345, startsAt + 30_000, endsAt, endsAt + 1]) {
      recording.seekToTime(time)
      expect(recording.position).toBe(messages.filter((message) => message.time <= time).length)
    }
    expect(recording.isAtEnd).toBe(true)
    recording.seekToTime(startsAt - 1)
    expect(recording.position).toBe(0)
  })

  test('finds the next and the previous entry of a kind', () => {
    recording.seek(0)
    const isVerdict = ({ kind }: { kind: string }): boolean => kind === 'verdict'
    const verdicts = recording.entries.filter(isVerdict).map(({ index }) => index)
    const found: number[] = []
    for (let next = recording.find(1, isVerdict); next !== null; next = recording.find(1, isVerdict)) {
      found.push(next)
      recording.seekToEntry(next)
    }
    expect(found).toEqual(verdicts)
    expect(recording.find(-1, isVerdict)).toBe(verdicts.at(-2))
    recording.seek(0)
    expect(recording.find(-1, isVerdict)).toBe(null)
  })

  test('shows what is told of the lobby: a way that is missing, a peer that is gated, one that is killed, one that is silent', () => {
    const at = (seconds: number): void => {
      recording.seekToTime(recording.startsAt + seconds * 1_000)
    }
    const { session } = recording
    const keyOf = (id: number): string => `${[...session.actors.values()][0]?.group ?? ''}|${id}`
    at(14)
    expect(session.links.get(keyOf(2) + '-3')?.verdict?.reason).toBe('relay-needed')
    expect(session.links.get(keyOf(2) + '-6')?.ends.get(6)?.facts.state).toBe('channelsOpen')
    expect(session.links.get(keyOf(2) + '-6')?.ends.get(2)?.facts.state).toBe('connected')
    expect(session.peers.get(keyOf(4))).toMatchObject({ meshId: null, goneAt: null })
    expect(session.links.get(keyOf(1) + '-2')?.ends.get(1)?.samples.length).toBeGreaterThan(10)
    at(26)
    expect(session.peers.get(keyOf(5))?.goneAt).not.toBe(null)
    expect(session.links.get(keyOf(1) + '-5')?.ends.get(1)).toMatchObject({
      goneAt: null,
      facts: { state: 'connected' },
    })
  })
})

describe('a long recording', () => {
  const LENGTH = 100_000

  test('a moment of 100,000 messages is there at once, and memory is bounded', () => {
    const teller = new Teller()
    const told = [teller.begin(), teller.mesh(1)]
    while (told.length < LENGTH) {
      const peer = 2 + (told.length % 30)
      told.push(teller.after(3).peer(1, peer, 'connecting'))
      told.push(teller.snapshot(`x:1-${peer}`, 'opened', { value: 'connected' }))
      told.push(teller.facts(1, [link(peer, 'connected', { sentBytes: told.length })]))
      told.push(teller.snapshot(`x:1-${peer}`, 'close', { status: 'done', value: 'closed' }))
    }
    const long = new Recording('long', told)
    const started = performance.now()
    for (const position of [50_000, 49_999, 99_998, 1, 77_777, 12_345, 12_344]) {
      long.seek(position)
      expect(long.session.time).toBe(told[position - 1]?.time)
    }
    // Seven moments; 10 ms each here, and more than ten times as much were all messages applied again. Other work may go on beside.
    expect(performance.now() - started).toBeLessThan(3_000)
  })

  test('positions of many messages without any entry', () => {
    const teller = new Teller()
    const told = [teller.begin(), teller.mesh(1)]
    for (let sentBytes = 0; sentBytes < 3_000; sentBytes++) {
      told.push(teller.after(500).facts(1, [link(2, 'connected', { sentBytes })]))
    }
    const silent = new Recording('silent', told)
    expect(silent.entries).toHaveLength(2)
    silent.seekToEntry(1)
    expect([silent.position, silent.session.links.size]).toEqual([2, 0])
    silent.seek(1_502)
    expect(silent.session.links.get('tea|1-2')?.ends.get(1)?.samples).toHaveLength(240)
  })

  test('an empty one', () => {
    const empty = new Recording('empty', [])
    empty.seekToEntry(5)
    empty.seekToTime(1e15)
    empty.seek(10)
    expect([empty.position, empty.entry, empty.startsAt, empty.endsAt, empty.isAtEnd]).toEqual([0, -1, 0, 0, true])
  })
})
