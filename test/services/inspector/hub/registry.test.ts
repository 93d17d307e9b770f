import { describe, expect, test } from '@jest/globals'
import { toEntry } from '../../../../src/services/inspector/hub/entry.ts'
import { Registry } from '../../../../src/services/inspector/hub/registry.ts'
import type { InspectorMessage } from '../../../../src/services/inspector/wire/messages.ts'
import { inWords } from '../support/collector.ts'
import { Teller } from '../support/teller.ts'

const LIMITS = { actors: 100, registrySize: 1_000_000, verdicts: 3, verdictsSize: 100_000 }

function registryOf(messages: readonly InspectorMessage[], limits = LIMITS): Registry {
  const registry = new Registry(limits)
  for (const message of messages) registry.apply(toEntry(message))
  return registry
}

const toldBy = (registry: Registry): string[] => registry.entries().map(({ message }) => inWords(message))

describe('the registry', () => {
  test('tells living actors with the snapshot of now, in the order in which they came', () => {
    const a = new Teller('a')
    const registry = registryOf([
      a.begins(),
      a.actor('mesh'),
      a.actor('peer:2'),
      a.actor('peer:3'),
      a.event('peer:2', 'go'),
      a.snapshot('peer:2', 'connected'),
      a.facts('mesh'),
      a.snapshot('mesh', 'full'),
    ])
    expect(toldBy(registry)).toEqual(['a source', 'a/mesh is full', 'a/peer:2 is connected', 'a/peer:3 is new'])
  })

  test.each(['done', 'error', 'stopped'] as const)('forgets an actor that is %s', (status) => {
    const a = new Teller('a')
    const registry = registryOf([a.begins(), a.actor('one'), a.actor('two'), a.snapshot('one', 'end', status)])
    expect(toldBy(registry)).toEqual(['a source', 'a/two is new'])
  })

  test('tells the definition of each machine with the first actor of it, whoever told it', () => {
    const a = new Teller('a')
    const registry = registryOf([
      a.begins(),
      a.actor('one', { definition: '{"id":"peer"}' }),
      a.actor('two'),
      a.actor('three', { machine: 'mesh', definition: '{"id":"mesh"}' }),
      a.snapshot('one', 'end', 'done'),
    ])
    const definitions = registry
      .entries()
      .map(({ message }) => ('definition' in message ? `${message.name}: ${message.definition ?? ''}` : ''))
    expect(definitions).toEqual(['', 'two: {"id":"peer"}', 'three: {"id":"mesh"}'])
  })

  test('forgets what a source that is gone told, but its verdicts', () => {
    const [a, b] = [new Teller('a'), new Teller('b')]
    const registry = registryOf([a.begins(), b.begins(), a.actor('mesh'), b.actor('mesh'), a.verdict(3), a.gone()])
    expect(toldBy(registry)).toEqual(['b source', 'b/mesh is new', 'a verdict on 3'])
  })

  test('knows nothing of a source any more that begins anew', () => {
    const a = new Teller('a')
    expect(toldBy(registryOf([a.begins(), a.actor('mesh'), a.begins()]))).toEqual(['a source'])
  })

  test('keeps the newest verdicts', () => {
    const a = new Teller('a')
    const registry = registryOf([a.begins(), ...[1, 2, 3, 4, 5].map((peer) => a.verdict(peer))])
    expect(toldBy(registry).slice(1)).toEqual([3, 4, 5].map((peer) => `a verdict on ${peer}`))
  })

  test('has room for so many actors, and counts the others; room that is given back is used again', () => {
    const a = new Teller('a')
    const registry = registryOf([a.begins(), a.actor('one'), a.actor('two'), a.actor('three')], {
      ...LIMITS,
      actors: 2,
    })
    expect(registry.refused).toBe(1)
    registry.apply(toEntry(a.snapshot('one', 'end', 'done')))
    registry.apply(toEntry(a.actor('four')))
    expect(toldBy(registry)).toEqual(['a source', 'a/two is new', 'a/four is new'])
  })

  test('has room for so many characters, of snapshots that grow as well', () => {
    const a = new Teller('a')
    const huge = 'x'.repeat(1_000)
    const registry = registryOf([a.begins(), a.actor('one'), a.actor('two'), a.snapshot('one', huge)], {
      ...LIMITS,
      registrySize: 1_200,
    })
    expect(registry.refused).toBe(1)
    expect(toldBy(registry)).toEqual(['a source', 'a/two is new'])
  })

  test('an actor whose machine has no room is told of without it', () => {
    const a = new Teller('a')
    const registry = registryOf([a.begins(), a.actor('one', { definition: 'x'.repeat(1_300) }), a.actor('two')], {
      ...LIMITS,
      registrySize: 1_200,
    })
    expect(toldBy(registry)).toEqual(['a source', 'a/one is new', 'a/two is new'])
    expect(registry.refused).toBe(0)
  })

  test('an actor that it is told of again, with another name, stays in its place, before its children', () => {
    const a = new Teller('a')
    const again = a.actor('mesh', { uniqueId: 7 })
    const registry = registryOf([a.begins(), a.actor('mesh'), a.actor('peer:2'), again], { ...LIMITS, actors: 2 })
    expect(registry.refused).toBe(0)
    expect(toldBy(registry)).toEqual(['a source', 'a/mesh is new', 'a/peer:2 is new'])
    expect(registry.entries()[1]?.message).toMatchObject({ uniqueId: 7 })
  })

  test.each([
    ['an actor', (teller: Teller) => teller.actor('mesh')],
    ['a snapshot', (teller: Teller) => teller.snapshot('mesh', 'on')],
    ['an end', (teller: Teller) => teller.snapshot('mesh', 'off', 'done')],
    ['a leave', (teller: Teller) => teller.gone()],
  ])('%s of somebody unknown changes nothing', (_, make) => {
    expect(toldBy(registryOf([make(new Teller('a'))]))).toEqual([])
  })
})
