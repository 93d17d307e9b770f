import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { FilteredLog } from '../../../src/inspector-page/model/filtered-log.ts'
import { isFiltering, type LogFilter, matches, NO_FILTER } from '../../../src/inspector-page/model/log-filter.ts'
import { Session } from '../../../src/inspector-page/model/session.ts'
import { Teller } from '../support/teller.ts'

const teller = new Teller()
const other = new Teller('q', { group: 'milk' })
const session = new Session()
session.applyAll([
  teller.begin(),
  teller.mesh(1, 'disconnected'),
  teller.event('x:0', 'configure'),
  teller.snapshot('x:0', 'configure', { value: 'connected', context: { secret: 'Darjeeling' } }),
  teller.event('x:0', 'peer.add'),
  teller.snapshot('x:0', 'peer.add', { value: 'connected' }),
  other.mesh(2),
  other.verdict(2, 3),
])

const shown = (filter: Partial<LogFilter>): string[] =>
  new FilteredLog({ ...NO_FILTER, ...filter }).read(session.log).map(({ kind, text }) => `${kind} ${text}`)

describe('what matches', () => {
  test('kinds, transitions, groups, actors', () => {
    expect(shown({ hidden: new Set(['source', 'actor', 'event', 'snapshot']) })).toEqual([
      'verdict relay-needed: give a TURN server',
    ])
    expect(shown({ hidden: new Set(['event', 'source', 'actor']), transitionsOnly: true })).toEqual([
      'snapshot disconnected → connected',
      'verdict relay-needed: give a TURN server',
    ])
    expect(shown({ group: 'milk' })).toEqual(['actor starts in connected', 'verdict relay-needed: give a TURN server'])
    expect(shown({ actor: 'q/x:0' })).toEqual(['actor starts in connected'])
  })

  test('text in the line or in the message, in capitals or not', () => {
    expect(shown({ text: 'PEER.ADD' })).toEqual(['event peer.add', 'snapshot connected'])
    expect(shown({ text: 'darjeeling' })).toEqual(['snapshot disconnected → connected'])
    expect(shown({ text: '1/mesh' })).toHaveLength(5)
    expect(shown({ text: 'earl grey' })).toEqual([])
  })

  test('whether anything is filtered at all', () => {
    expect(isFiltering(NO_FILTER)).toBe(false)
    expect(isFiltering({ ...NO_FILTER, text: 'x' })).toBe(true)
    expect(isFiltering({ ...NO_FILTER, hidden: new Set(['event']) })).toBe(true)
  })
})

describe('reading on', () => {
  test('gives what filtering everything anew gives, as entries come and old ones are forgotten', () => {
    const steps = fc.array(fc.nat({ max: 70 }), { minLength: 1, maxLength: 20 })
    fc.assert(
      fc.property(steps, (counts) => {
        const teller = new Teller()
        const live = new Session({ logLimit: 100 })
        const filter = { ...NO_FILTER, text: 'odd' }
        const filtered = new FilteredLog(filter)
        for (const count of counts) {
          for (let i = 0; i < count; i++) live.apply(teller.event('x:0', i % 2 === 0 ? 'even' : 'odd'))
          expect(filtered.read(live.log)).toEqual(live.log.filter((entry) => matches(filter, entry)))
        }
      }),
    )
  })

  test('the same list as long as nothing that matches has come', () => {
    const filtered = new FilteredLog({ ...NO_FILTER, text: 'configure' })
    const teller = new Teller()
    const live = new Session()
    live.applyAll([teller.event('x:0', 'configure'), teller.event('x:0', 'a')])
    const before = filtered.read(live.log)
    live.apply(teller.event('x:0', 'b'))
    expect(filtered.read(live.log)).toBe(before)
  })

  test('another log, or an earlier moment of it, is read from its beginning', () => {
    const filtered = new FilteredLog(NO_FILTER)
    filtered.read(session.log)
    expect(filtered.read(session.log.slice(0, 3))).toEqual(session.log.slice(0, 3))
    const fresh = new Session()
    fresh.applyAll([new Teller().begin(), new Teller().mesh(4)])
    expect(filtered.read(fresh.log)).toEqual(fresh.log)
    expect(filtered.read([])).toEqual([])
    expect(filtered.read(session.log)).toEqual(session.log)
  })
})
