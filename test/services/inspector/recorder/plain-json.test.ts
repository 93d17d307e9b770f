import { describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { createActor, createMachine } from 'xstate'
import { errorText, toPlainJson, toPlainObject } from '../../../../src/services/inspector/recorder/plain-json.ts'

class Link {
  readonly secret = 'x'
}

const cyclic: Record<string, unknown> = { name: 'a' }
cyclic['self'] = cyclic

const shared = { a: 1 }

const throwing = {
  good: 1,
  get bad(): number {
    throw new Error('planted')
  },
}

const revoked = Proxy.revocable({}, {})
revoked.revoke()

const actor = createActor(createMachine({ id: 'some' }), { id: 'peer:7' })

describe('values as plain JSON', () => {
  test.each<[string, unknown, unknown]>([
    ['what is JSON stays', { a: [1, 'b', null, { c: false }] }, { a: [1, 'b', null, { c: false }] }],
    ['undefined is left out of objects', { a: undefined, b: 1 }, { b: 1 }],
    ['undefined in a list is null', [undefined], [null]],
    ['numbers that JSON has not', [NaN, Infinity, -Infinity], ['NaN', 'Infinity', '-Infinity']],
    ['BigInts', [12n, -1n, 1n << 200n], ['12n', '-1n', '[bigint]']],
    ['functions and symbols', [() => 1, Symbol('s')], ['[function]', '[symbol]']],
    [
      'maps',
      new Map<unknown, unknown>([
        [7, { a: 1 }],
        ['b', 2],
        [{}, 3],
      ]),
      { 7: { a: 1 }, b: 2, '[key]': 3 },
    ],
    ['sets', new Set([1, 'a']), [1, 'a']],
    ['dates', new Date(0), '1970-01-01T00:00:00.000Z'],
    ['dates that are none', new Date(NaN), '[Date]'],
    ['errors', new RangeError('too far'), 'RangeError: too far'],
    ['bytes', [new Uint8Array(12), new ArrayBuffer(3)], ['[Uint8Array of 12 bytes]', '[ArrayBuffer of 3 bytes]']],
    ['instances of classes', { link: new Link() }, { link: '[Link]' }],
    ['actors', { ref: actor }, { ref: '[actor peer:7]' }],
    ['promises, expressions', [Promise.resolve(), /a/], ['[Promise]', '[RegExp]']],
    ['objects without a prototype', Object.assign(Object.create(null) as object, { a: 1 }), { a: 1 }],
    ['cycles', cyclic, { name: 'a', self: '[cycle]' }],
    ['the same object twice is no cycle', [shared, shared], [{ a: 1 }, { a: 1 }]],
    ['getters that throw', throwing, { good: 1, bad: '[unreadable]' }],
    ['revoked proxies', [revoked.proxy], ['[unreadable]']],
    [
      'descriptions of connections',
      { offer: { sdp: 'v=0 a=ice-pwd:x', number: 1 } },
      { offer: { sdp: '[15 characters]', number: 1 } },
    ],
    ['__proto__', JSON.parse('{"__proto__": {"a": 1}, "b": 2}'), { b: 2 }],
    ['depth', { a: { a: { a: { a: { a: { a: { a: 1 } } } } } } }, { a: { a: { a: { a: { a: { a: '[…]' } } } } } }],
    ['long texts', 'x'.repeat(600), `${'x'.repeat(512)}… (88 more)`],
    ['long lists', Array.from({ length: 100 }, () => 1), [...Array.from({ length: 64 }, () => 1), '… (36 more)']],
    ['lists of holes', new Array(4_000_000_000), [...Array.from({ length: 64 }, () => null), '… (3999999936 more)']],
  ])('%s', (_, value, expected) => {
    expect(toPlainJson(value)).toEqual(expected)
  })

  test('objects with many members are cut', () => {
    const json = toPlainObject(Object.fromEntries(Array.from({ length: 1_000 }, (_, i) => [`k${i}`, i])))
    expect(Object.keys(json)).toHaveLength(65)
    expect(json['…']).toBe('more')
  })

  test('wide and deep values cost little', () => {
    const wide = (depth: number): unknown => (depth === 0 ? 1 : Array.from({ length: 60 }, () => wide(depth - 1)))
    const value = wide(3)
    expect(JSON.stringify(toPlainJson(value)).length).toBeLessThan(20_000)
  })

  test('long texts and keys everywhere cost little', () => {
    const many = (depth: number): unknown =>
      depth === 0
        ? 'x'.repeat(10_000)
        : Object.fromEntries(Array.from({ length: 30 }, (_, i) => [`${i}${'k'.repeat(1_000)}`, many(depth - 1)]))
    expect(JSON.stringify(toPlainJson(many(3))).length).toBeLessThan(80_000)
  })

  test.each<[unknown, object]>([
    [{ a: 1 }, { a: 1 }],
    ['text', { value: 'text' }],
    [[1], { value: [1] }],
    [null, { value: null }],
  ])('as an object: %j', (value, expected) => {
    expect(toPlainObject(value)).toEqual(expected)
  })

  test.each<[unknown, string]>([
    [new Error('a'), 'Error: a'],
    ['text', 'text'],
    [undefined, 'undefined'],
    [
      {
        toString() {
          throw new Error('planted')
        },
      },
      '[unreadable]',
    ],
  ])('what %p says as an error', (error, expected) => {
    expect(errorText(error)).toBe(expected)
  })

  test('anything at all becomes JSON that stays as it is', () => {
    fc.assert(
      fc.property(
        fc.anything({
          withBigInt: true,
          withDate: true,
          withMap: true,
          withSet: true,
          withTypedArray: true,
          withNullPrototype: true,
        }),
        (value) => {
          const text = JSON.stringify(toPlainJson(value))
          expect(JSON.stringify(toPlainJson(JSON.parse(text)))).toBe(text)
        },
      ),
      { numRuns: 500 },
    )
  })
})
