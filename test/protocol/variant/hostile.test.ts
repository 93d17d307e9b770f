import { describe, expect, test } from '@jest/globals'
import type { Variant } from '../../../src/variant.ts'
import * as v from '../../../src/variant.ts'
import { fromHex, rows, toHex } from './vectors.ts'
import { refusal } from '../../support/refusal.ts'

const words = (...numbers: number[]): string => toHex(new Uint8Array(Int32Array.from(numbers).buffer))

describe('counts that are not true', () => {
  const big = 0x7fffffff
  test.each<[string, string, string]>([
    ['a text', words(4, big), 'ERR_FILE_EOF'],
    ['a text whose padding passes the end of 32 bits', words(4, big - 1), 'ERR_FILE_EOF'],
    ['an array', words(28, big), 'ERR_INVALID_DATA'],
    ['an array that has some', words(28, big, 0, 0, 0), 'ERR_INVALID_DATA'],
    ['a dictionary', words(27, big), 'ERR_INVALID_DATA'],
    ['a dictionary with a key without a value', words(27, 1, 0), 'ERR_INVALID_DATA'],
    ['bytes', words(29, big), 'ERR_INVALID_DATA'],
    ['bytes, negative', words(29, -1), 'ERR_INVALID_DATA'],
    ['integers', words(30, big), 'ERR_INVALID_DATA'],
    ['integers, times 4 over 32 bits', words(30, 0x40000001, 7), 'ERR_INVALID_DATA'],
    ['integers of 64 bits', words(31, 0x20000001, 7, 7), 'ERR_INVALID_DATA'],
    ['floats', words(32, big), 'ERR_INVALID_DATA'],
    ['floats of 64 bits', words(33, big), 'ERR_INVALID_DATA'],
    ['texts', words(34, big), 'ERR_INVALID_DATA'],
    ['texts, without one', words(34, 2, 0), 'ERR_INVALID_DATA'],
    ['vectors of 2', words(35, 0x20000001, 0, 0), 'ERR_INVALID_DATA'],
    ['vectors of 3', words(36, big), 'ERR_INVALID_DATA'],
    ['vectors of 4', words(38 | 0x10000, 0x08000001, 0, 0), 'ERR_INVALID_DATA'],
    ['colours', words(37, 0x10000001, 0, 0, 0, 0), 'ERR_INVALID_DATA'],
    ['names of a path', words(22, -1, 0, 0), 'ERR_INVALID_DATA'],
    ['subnames of a path', words(22, 0x80000000 | 0, -1, 0), 'ERR_INVALID_DATA'],
    ['a path of Godot 2', words(22, 0, 0, 0), 'ERR_INVALID_DATA'],
    ['a path cut short', words(22, 0x80000000 | 0, 0), 'ERR_INVALID_DATA'],
    ['a property after no subnames', words(22, 0x80000000 | 0, 0, 2), 'ERR_INVALID_DATA'],
    ['a class name', words(28 | 0x20000, big), 'ERR_FILE_EOF'],
    ['an element type cut short', words(28 | 0x10000), 'ERR_INVALID_DATA'],
    ['an object cut short', words(24 | 0x10000, 1), 'ERR_INVALID_DATA'],
    ['an object', words(24, 0), 'ERR_UNAUTHORIZED'],
    ['a signal cut short', words(26, 0, 1), 'ERR_INVALID_DATA'],
  ])('%s: %s', (_, hex, code) => {
    expect(() => v.decodeVariant(fromHex(hex))).toThrow(refusal(code))
  })

  test.each<[string, string, Variant]>([
    ['a negative count of texts is none', words(34, -1), new v.PackedStringArray()],
    ['counts of a path that wrap around to none', words(22, 0x80000001 | 0, -1, 0), new v.NodePath()],
    [
      'the property of an old path is one more subname',
      `${words(22, 0x80000000 | 0, 0, 2, 1)}78000000`,
      new v.NodePath([], ['x']),
    ],
    ['bytes without their padding', `${words(29, 1)}07`, Uint8Array.of(7)],
    ['the same, last in an array', `${words(28, 1, 29, 1)}07`, [Uint8Array.of(7)]],
    ['an object with the id 0', words(24 | 0x10000, 0, 0), null],
    ['bytes after the value', words(2, 7, -1, -1), 7],
    ['a byte order mark', `${words(4, 4)}efbbbf61`, 'a'],
    ['an object type for elements', words(28 | 0x10000, 24, 0), new v.ArrayOf(v.VariantType.OBJECT)],
  ])('%s', (_, hex, value) => {
    expect(v.decodeVariant(fromHex(hex))).toStrictEqual(value)
  })

  test('bytes without their padding, and then something', () => {
    expect(() => v.decodeVariant(fromHex(`${words(28, 2, 29, 1)}07`))).toThrow(refusal('ERR_INVALID_DATA'))
  })

  test('what is decoded shares no memory with the bytes', () => {
    const bytes = Buffer.from(v.encodeVariant([Uint8Array.of(1), Int32Array.of(1)]))
    const decoded = v.decodeVariant(bytes)
    bytes.fill(9)
    expect(decoded).toStrictEqual([Uint8Array.of(1), Int32Array.of(1)])
  })
})

/** Does the work as deep in the stack as it goes: where the work itself does not even begin, a level higher. */
function atTheEndOfTheStack(work: () => void): void {
  try {
    atTheEndOfTheStack(work)
  } catch (error) {
    if (!(error instanceof RangeError)) throw error
    work()
  }
}

describe('depth', () => {
  const nested = (levels: number): string => words(...Array.from({ length: levels }, () => [28, 1]).flat(), 0)
  const depthOf = (value: Variant): number => (Array.isArray(value) ? 1 + depthOf(value[0] as Variant) : 0)

  test('1024 levels are read and written', () => {
    const value = v.decodeVariant(fromHex(nested(1024)))
    expect(depthOf(value)).toBe(1024)
    expect(toHex(v.encodeVariant(value))).toBe(nested(1024))
  })

  test('1025 are not', () => {
    expect(() => v.decodeVariant(fromHex(nested(1025)))).toThrow(refusal('ERR_OUT_OF_MEMORY'))
    const value: Variant = [v.decodeVariant(fromHex(nested(1024)))]
    expect(() => v.encodeVariant(value)).toThrow(refusal('ERR_OUT_OF_MEMORY'))
  })

  test('where the stack ends earlier, that is the same error', () => {
    const deep: Variant = v.decodeVariant(fromHex(nested(1000)))
    const bytes = fromHex(nested(1000))
    for (const work of [
      () => v.decodeVariant(bytes),
      () => v.decodeArguments({ count: 1, raw: false, bytes }),
      () => v.encodeVariant(deep),
      () => v.encodeArguments([deep]),
    ]) {
      expect(() => atTheEndOfTheStack(work)).toThrow(refusal('ERR_OUT_OF_MEMORY'))
      expect(() => atTheEndOfTheStack(work)).toThrow(
        expect.objectContaining({ cause: expect.objectContaining({ name: 'RangeError' }) }),
      )
      // There is room again.
      work()
    }
  })

  test('dictionaries as keys of dictionaries take no longer than arrays in arrays', () => {
    const levels = 1000
    const times = (text: string): Uint8Array => fromHex(words(28, 200) + text.repeat(200))
    const arrays = times(nested(levels))
    const keys = times(
      words(...Array.from({ length: levels }, () => [27, 1]).flat(), 0) + words(...Array<number>(levels).fill(0)),
    )
    const timeOf = (bytes: Uint8Array): number => {
      const started = performance.now()
      expect(v.decodeVariant(bytes)).toHaveLength(200)
      return performance.now() - started
    }
    timeOf(arrays)
    // About 2 when alone. With keys compared by value, each level would cost all those below it: 500.
    expect(timeOf(keys)).toBeLessThan(40 * timeOf(arrays))
  })
})

describe('keys', () => {
  test('a text and a name of the same characters are one key in Godot 4: the first, with the last value', () => {
    const text = `${words(4, 1)}61000000`
    const name = `${words(21, 1)}61000000`
    const one = (first: string, second: string): Variant =>
      v.decodeVariant(fromHex(`${words(27, 3)}${first}${words(2, 1)}${second}${words(2, 2, 4, 0)}${words(0)}`))
    expect(one(text, name)).toStrictEqual(
      new Map<Variant, Variant>([
        ['a', 2],
        ['', null],
      ]),
    )
    const named = one(name, text) as Map<Variant, Variant>
    expect([...named]).toStrictEqual([
      [new v.StringName('a'), 2],
      ['', null],
    ])
  })

  test('bytes as a key are read about as quickly as bytes', () => {
    const bytes = v.encodeVariant(new Map([[new Uint8Array(4 << 20), 1]]))
    const started = performance.now()
    expect(v.decodeVariant(bytes)).toHaveProperty('size', 1)
    // 10 ms when alone; 600 ms if each byte became a text of its own.
    expect(performance.now() - started).toBeLessThan(300)
  })
})

describe('values cut short', () => {
  const recorded = [
    ...rows('variants.tsv').map(([name = '', , , , hex = '']) => [name, '4.4', hex] as const),
    ...rows('variants3.tsv').map(([name = '', , , hex = '']) => [name, '3', hex] as const),
  ]

  test.each(recorded.filter(([name]) => name !== 'object_resource_full'))('%s of Godot %s', (_, version, hex) => {
    const bytes = fromHex(hex)
    const whole = v.decodeVariant(bytes, { version })
    // Godot does not miss the padding after bytes.
    const padding = whole instanceof Uint8Array ? -whole.length & 3 : 0
    for (let length = 0; length < bytes.length; length++) {
      const decode = (): Variant => v.decodeVariant(bytes.subarray(0, length), { version })
      if (length < bytes.length - padding) expect(decode).toThrow(/longer than the data|ends too early/)
      else expect(decode()).toStrictEqual(whole)
    }
  })
})

describe('texts', () => {
  test.each<[string, string]>([
    ['an overlong slash', 'c0af'],
    ['an overlong slash in three bytes', 'e080af'],
    ['half a surrogate pair', 'eda080'],
    ['beyond Unicode', 'f4908080'],
    ['five bytes', 'f888808080'],
    ['a continuation without a start', '80'],
    ['a start without its continuation', 'c3'],
    ['a start and something else', 'c328'],
    ['never in UTF-8', 'ff'],
  ])('Godot 4 refuses %s, alone and in a long text', (_, hex) => {
    for (const before of ['', 'a'.repeat(40)]) {
      const content = Buffer.concat([Buffer.from(before), fromHex(hex)])
      const padded = Buffer.concat([content, Buffer.alloc(-content.length & 3)])
      const bytes = fromHex(words(4, content.length) + toHex(padded))
      expect(() => v.decodeVariant(bytes)).toThrow(refusal('ERR_INVALID_DATA'))
    }
  })

  test.each<[string, string, string | null]>([
    ['ASCII', '6161', 'aa'],
    ['two, three and four bytes', 'c3a9e282acf09f9880', 'é€😀'],
    ['a byte order mark', 'efbbbfc3a9', 'é'],
    ['what follows a NUL is not looked at', 'c3a900ff', 'é'],
    ['half a surrogate pair', 'eda08061', ' a'],
    ['both halves, three bytes each, are one character', 'eda0bdedb880', '😀'],
    ['five bytes', 'f888808080', ' '],
    ['six bytes', 'fd8080808080', ' '],
    ['overlong in three bytes', 'e081a1', 'a'],
    ['overlong in three bytes, a third byte without zeros', 'e080b0', '0'],
    ['overlong in two bytes', 'c1a1', null],
    ['a NUL in two bytes', 'c080', null],
    ['seven bytes', 'febfbfbfbfbfbf', null],
    ['eight bytes', 'ffbfbfbfbfbfbfbf', null],
    ['nothing but a NUL and what follows it', `00${'61'.repeat(40)}`, ''],
    ['a NUL in three bytes', 'e08080', null],
    ['a continuation without a start', '80', null],
    ['a start without its continuation', 'e282', null],
    ['a start and something else', 'c328', null],
    ['never in UTF-8', 'fe', null],
  ])('Godot 3: %s', (_, hex, expected) => {
    const content = fromHex(hex)
    const bytes = fromHex(words(4, content.length) + hex + '00'.repeat(-content.length & 3))
    const decode = (): Variant => v.decodeVariant(bytes, { version: '3' })
    if (expected === null) expect(decode).toThrow(refusal('ERR_INVALID_DATA'))
    else expect(decode()).toBe(expected)
  })

  test('Godot 3: a text that ends too early is told from one that is wrong', () => {
    for (const hex of ['c3', '61e282', 'f09f98']) {
      const padded = hex + '00'.repeat(-(hex.length / 2) & 3)
      const bytes = fromHex(words(4, hex.length / 2) + padded)
      expect(() => v.decodeVariant(bytes, { version: '3' })).toThrow('A text ends in the middle of a character.')
    }
  })

  test.each([31, 32, 33, 1000])('texts of %i characters', (length) => {
    for (const text of ['a'.repeat(length), 'é'.repeat(length), `${'a'.repeat(length - 1)}😀`]) {
      for (const version of ['4.4', '3'] as const) {
        expect(v.decodeVariant(v.encodeVariant(text, { version }), { version })).toBe(text)
      }
    }
  })
})
