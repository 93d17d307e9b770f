import { describe, expect, test } from '@jest/globals'
import { clockText, deltaText, momentText, spanText } from '../../../src/inspector-page/model/time-text.ts'
import { valueText } from '../../../src/inspector-page/model/value-text.ts'
import { Announcements } from '../../../src/inspector-page/model/announcements.ts'
import { consequencesOf } from '../../../src/inspector-page/model/consequences.ts'
import { failuresOf, newFailuresOf } from '../../../src/inspector-page/model/failures.ts'
import { Session } from '../../../src/inspector-page/model/session.ts'
import type { Json } from '../../../src/services/inspector/wire/messages.ts'
import { announced } from '../support/announced.ts'
import { Teller } from '../support/teller.ts'

describe('times', () => {
  test.each([
    [0, '0.0 ms'],
    [0.44, '0.4 ms'],
    [9.9, '9.9 ms'],
    [9.96, '10 ms'],
    [999.4, '999 ms'],
    [999.6, '1.00 s'],
    [1_250, '1.25 s'],
    [12_340, '12.3 s'],
    [59_960, '1 min 0 s'],
    [200_000, '3 min 20 s'],
    [-12, '−12 ms'],
  ])('%d ms is %s', (milliseconds, text) => {
    expect(spanText(milliseconds)).toBe(text)
  })

  test('from line to line nothing is said where no time passed', () => {
    expect([0, 0.04, 3, -3].map(deltaText)).toEqual(['', '', '+3.0 ms', '−3.0 ms'])
  })

  test('of day, and of a recording', () => {
    expect(clockText(new Date(2026, 10, 21, 7, 5, 9, 42).getTime())).toBe('07:05:09.042')
    expect([0, 4_250, 61_007, 3_600_000].map(momentText)).toEqual(['0:00.000', '0:04.250', '1:01.007', '60:00.000'])
  })
})

test.each([
  ['connected', 'connected'],
  [{ open: 'idle' }, 'open.idle'],
  [{ open: { read: 'a' } }, 'open.read.a'],
  [{ read: 'open', write: { shut: 'for ever' } }, '(read.open, write.shut.for ever)'],
  [undefined, ''],
  [null, ''],
  [7, ''],
  [{ a: {} }, 'a.()'],
  [['x'], ''],
] as [Json | undefined, string][])('the state %j is %s', (value, text) => {
  expect(valueText(value)).toBe(text)
})

describe('what is told of a log', () => {
  const teller = new Teller()
  const session = new Session()
  session.applyAll([
    teller.begin(),
    teller.mesh(1),
    teller.event('x:0', 'go'),
    teller.snapshot('x:0', 'go', { value: 'gone' }, 3),
    teller.event('x:0', 'on'),
    teller.snapshot('x:0', 'on', { value: 'back' }, 3),
    teller.verdict(1, 2),
    teller.peer(1, 2),
    teller.snapshot('x:1-2', 'boom', { status: 'error', error: 'no such thing' }),
    teller.peer(1, 3),
    teller.snapshot('x:1-3', 'xstate.stop', { status: 'stopped' }),
    teller.gone(),
  ])

  test('what an event led to', () => {
    expect(consequencesOf(session.log, 2).map(({ index }) => index)).toEqual([3, 5])
    expect(consequencesOf(session.log, 4)).toEqual([])
    expect(consequencesOf(session.log, 999)).toEqual([])
    expect(consequencesOf([], 0)).toEqual([])
  })

  test('its failures: verdicts and errors', () => {
    expect(failuresOf(session.log).map(({ text }) => text)).toEqual([
      'relay-needed: give a TURN server',
      'fails: no such thing',
    ])
    expect(newFailuresOf(session.log, -1).map(({ index }) => index)).toEqual([8, 6])
    expect(newFailuresOf(session.log, 6).map(({ index }) => index)).toEqual([8])
    expect(newFailuresOf(session.log, 8)).toEqual([])
  })

  test('is said aloud: verdicts and losses, but nothing that was meant to end', () => {
    expect(announced(session.log)).toBe(
      'Verdict on 1–2: relay-needed: give a TURN server. 1/peer:2 fails: no such thing. process p reports no more.',
    )
  })

  test('many at once are counted, and nothing is said twice', () => {
    const many = new Session()
    const announcements = new Announcements(0)
    many.applyAll([teller.begin(), ...Array.from({ length: 9 }, (_, i) => teller.verdict(1, i + 2))])
    announcements.read(many.log)
    expect(announcements.take()).toBe('9 verdicts.')
    announcements.read(many.log)
    expect(announcements.take()).toBe('')
  })
})
