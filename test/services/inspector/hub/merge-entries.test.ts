import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { toEntry } from '../../../../src/services/inspector/hub/entry.ts'
import { DEFAULT_HUB_LIMITS } from '../../../../src/services/inspector/hub/limits.ts'
import { mergeEntries } from '../../../../src/services/inspector/hub/merge-entries.ts'
import { Registry } from '../../../../src/services/inspector/hub/registry.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { inWords } from '../support/collector.ts'
import { Teller } from '../support/teller.ts'

const merged = (...messages: InspectorMessage[]): string[] =>
  mergeEntries(messages.map(toEntry)).map(({ message }) => inWords(message))

describe('merging what waits', () => {
  test('leaves out events, and snapshots and facts with newer ones', () => {
    const a = new Teller('a')
    expect(
      merged(
        a.snapshot('mesh', 'one'),
        a.facts('mesh', 1),
        a.event('mesh', 'go'),
        a.snapshot('peer', 'new'),
        a.snapshot('mesh', 'two'),
        a.facts('mesh', 2),
      ),
    ).toEqual(['a/peer new', 'a/mesh two', 'a/mesh facts 2'])
  })

  test('of an actor that is gone tells the end alone, since its beginning may have been known before', () => {
    const a = new Teller('a')
    expect(
      merged(a.actor('peer'), a.snapshot('peer', 'on'), a.actor('peer'), a.snapshot('peer', 'off', 'done')),
    ).toEqual(['a/peer done in off'])
  })

  test('keeps the definitions of machines', () => {
    const a = new Teller('a')
    const defining = a.actor('one', { definition: '{"id":"peer"}' })
    expect(merged(defining, a.snapshot('one', 'off', 'done'), a.actor('two'))).toEqual([
      'a/one is new',
      'a/one done in off',
      'a/two is new',
    ])
  })

  test('leaves out a source that came and went, but not its verdicts', () => {
    const a = new Teller('a')
    expect(merged(a.begins(), a.actor('mesh'), a.verdict(3), a.gone())).toEqual(['a verdict on 3'])
  })

  test('tells that a source that was known before is gone, and comes again', () => {
    const a = new Teller('a')
    expect(merged(a.snapshot('mesh', 'on'), a.gone(), a.begins(), a.actor('mesh'))).toEqual([
      'a source-gone',
      'a source',
      'a/mesh is new',
    ])
  })

  test('tells the last life of a source with several', () => {
    const a = new Teller('a')
    const lives = [1, 2, 3].flatMap((life) => [a.begins(), a.actor(`mesh ${life}`), a.gone()])
    expect(merged(a.gone(), ...lives, a.begins(), a.actor('mesh 4'))).toEqual([
      'a source-gone',
      'a source',
      'a/mesh 4 is new',
    ])
  })

  test('keeps the newest 500 verdicts', () => {
    const a = new Teller('a')
    const kept = merged(...Array.from({ length: 700 }, (_, index) => a.verdict(index)))
    expect(kept).toHaveLength(500)
    expect(kept.at(-1)).toBe('a verdict on 699')
  })

  test('whoever reads the merged rest knows the same in the end', () => {
    fc.assert(
      fc.property(sessions, fc.nat(), (messages, cut) => {
        const entries = messages.map(toEntry)
        const before = entries.slice(0, cut % (entries.length + 1))
        const rest = entries.slice(before.length)
        expect(known([...before, ...mergeEntries(rest)])).toEqual(known(entries))
        // What was merged has nothing more to leave out.
        const once = mergeEntries(rest)
        expect(mergeEntries(once)).toEqual(once)
      }),
      { numRuns: 500 },
    )
  })
})

function known(entries: readonly ReturnType<typeof toEntry>[]): string[] {
  const registry = new Registry(DEFAULT_HUB_LIMITS)
  for (const entry of entries) registry.apply(entry)
  return registry
    .entries()
    .map(({ message }) => inWords(message))
    .sort()
}

/** What two sources may tell: they begin and end in turns, and of actors only what there is. */
const sessions = fc
  .array(
    fc.record({
      source: fc.constantFrom('a', 'b'),
      actor: fc.constantFrom('mesh', 'peer:2', 'peer:3'),
      what: fc.constantFrom('actor', 'actor', 'snapshot', 'snapshot', 'end', 'event', 'facts', 'verdict', 'life'),
      state: fc.constantFrom('x', 'y', 'z'),
    }),
    { maxLength: 60 },
  )
  .map((steps) => {
    const tellers = new Map(['a', 'b'].map((name) => [name, { teller: new Teller(name), actors: new Set<string>() }]))
    const alive = new Set<string>()
    return steps.flatMap(({ source, actor, what, state }): InspectorMessage[] => {
      const { teller, actors } = tellers.get(source) as { teller: Teller; actors: Set<string> }
      if (what === 'life') {
        actors.clear()
        if (alive.delete(source)) return [teller.gone()]
        alive.add(source)
        return [teller.begins()]
      }
      if (!alive.has(source)) return []
      if (what === 'verdict') return [teller.verdict(7)]
      if (what === 'actor') {
        if (actors.has(actor)) return []
        actors.add(actor)
        return [teller.actor(actor)]
      }
      if (!actors.has(actor)) return []
      if (what === 'event') return [teller.event(actor, state)]
      if (what === 'facts') return [teller.facts(actor)]
      if (what === 'snapshot') return [teller.snapshot(actor, state)]
      actors.delete(actor)
      return [teller.snapshot(actor, state, 'done')]
    })
  })
