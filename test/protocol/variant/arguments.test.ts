import { describe, expect, test } from '@jest/globals'
import type { Variant } from '../../../src/variant.ts'
import * as v from '../../../src/variant.ts'
import { fromHex, rows, toHex } from './vectors.ts'
import { refusal } from '../../support/refusal.ts'

/** The argument lists of rpc-args4.tsv in JavaScript, in the order of the file. */
const recordedArguments: [gdscript: string, Variant[]][] = [
  ['[0]', [0]],
  ['[-1]', [-1]],
  ['[128]', [128]],
  ['[-129]', [-129]],
  ['[256]', [256]],
  ['[32768]', [32768]],
  ['[-32769]', [-32769]],
  ['[65536]', [65536]],
  ['[2147483648]', [2147483648]],
  ['[-2147483649]', [-2147483649]],
  ['[true]', [true]],
  ['[null]', [null]],
  ['[0.5]', [0.5]],
  ['[INF]', [Infinity]],
  ['[""]', ['']],
  ['["héllo"]', ['héllo']],
  ['[NodePath("a/b:c")]', [v.NodePath.parse('a/b:c')]],
  ['[Vector2i(1,2)]', [new v.Vector2i(1, 2)]],
  ['[Color(1,0,0,1)]', [new v.Color(1, 0, 0, 1)]],
  ['[[1,2]]', [[1, 2]]],
  ['[{"a":1}]', [new Map([['a', 1]])]],
  ['[PackedByteArray([1,2,3])]', [Uint8Array.of(1, 2, 3)]],
  ['[PackedStringArray(["a","b"])]', [new v.PackedStringArray(['a', 'b'])]],
  ['[true, false, null]', [true, false, null]],
]

describe('arguments of remote calls as Godot 4 encodes them', () => {
  const recorded = rows('rpc-args4.tsv')

  test('each row is here', () => {
    expect(recorded.map(([gdscript]) => gdscript)).toEqual(recordedArguments.map(([gdscript]) => gdscript))
  })

  test.each(recordedArguments)('%s', (gdscript, values) => {
    const text = recorded.find((row) => row[0] === gdscript)?.[2] ?? ''
    const raw = text.startsWith('byte_only:')
    const bytes = fromHex(text.replace('byte_only:', ''))
    const encoded = v.encodeArguments(values)
    expect({ ...encoded, bytes: toHex(encoded.bytes) }).toEqual({ count: values.length, raw, bytes: toHex(bytes) })
    expect(v.decodeArguments({ count: values.length, raw, bytes })).toStrictEqual(values)
  })

  test('none are raw and without bytes', () => {
    expect(v.encodeArguments([])).toEqual({ count: 0, raw: true, bytes: new Uint8Array() })
    expect(v.decodeArguments({ count: 0, raw: true, bytes: new Uint8Array() })).toEqual([])
  })

  test('bytes are raw only where they are the one argument', () => {
    const values = [Uint8Array.of(1, 2), 5]
    const encoded = v.encodeArguments(values)
    expect([encoded.count, encoded.raw]).toEqual([2, false])
    expect(v.decodeArguments(encoded)).toStrictEqual(values)
  })

  test.each([
    [9223372036854775807n, 'c2ffffffffffffff7f'],
    [-9223372036854775808n, 'c20000000000000080'],
    [127n, '027f'],
    [-128, '0280'],
    [-32768, '420080'],
    [32767, '42ff7f'],
    [2147483647, '82ffffff7f'],
    [-2147483648, '8200000080'],
    [9007199254740992n, 'c20000000000002000'],
  ] as const)('the integer %s takes as few bytes as it needs', (value, hex) => {
    expect(toHex(v.encodeArguments([value]).bytes)).toBe(hex)
    const [decoded] = v.decodeArguments({ count: 1, raw: false, bytes: fromHex(hex) })
    expect(decoded).toBe(Number.isSafeInteger(Number(value)) ? Number(value) : value)
  })

  test('in containers nothing is compressed', () => {
    expect(toHex(v.encodeArguments([[true]]).bytes)).toBe('1c000000010000000100000001000000')
  })

  test("Node's Buffer is a PackedByteArray, and is copied", () => {
    const buffer = Buffer.from([1, 2, 3])
    const encoded = v.encodeArguments([buffer])
    buffer[0] = 9
    expect(encoded).toEqual({ count: 1, raw: true, bytes: Uint8Array.of(1, 2, 3) })
    const [decoded] = v.decodeArguments({ count: 1, raw: true, bytes: buffer })
    buffer[0] = 8
    expect(decoded).toStrictEqual(Uint8Array.of(9, 2, 3))
  })

  test('Godot 3 has plain ones, PackedByteArray included', () => {
    const encoded = v.encodeArguments([5, Uint8Array.of(1)], { version: '3' })
    expect(toHex(encoded.bytes)).toBe('0200000005000000' + '140000000100000001000000')
    expect(v.decodeArguments(encoded, { version: '3' })).toStrictEqual([5, Uint8Array.of(1)])
    expect(v.encodeArguments([Uint8Array.of(1)], { version: '3' }).raw).toBe(false)
    expect(v.encodeArguments([], { version: '3' })).toEqual({ count: 0, raw: false, bytes: new Uint8Array() })
  })

  test('bytes after the last argument are ignored', () => {
    expect(v.decodeArguments({ count: 1, raw: false, bytes: fromHex('0205ffff') })).toEqual([5])
  })

  test("a typed parameter's null, which Godot sends as an OBJECT of nothing, is null", () => {
    expect(v.decodeArguments({ count: 1, raw: false, bytes: fromHex('18000000') })).toEqual([null])
    expect(v.decodeArguments({ count: 2, raw: false, bytes: fromHex('180000000205') })).toEqual([null, 5])
  })

  test.each([
    ['data that ends early', 2, false, '0205', 'ERR_INVALID_DATA'],
    ['no data at all', 1, false, '', 'ERR_INVALID_DATA'],
    ['an integer of one byte without it', 1, false, '02', 'ERR_INVALID_DATA'],
    ['an integer of two bytes with one', 1, false, '4200', 'ERR_INVALID_DATA'],
    ['an integer of four bytes with three', 1, false, '82000000', 'ERR_INVALID_DATA'],
    ['an integer of eight bytes with seven', 1, false, 'c200000000000000', 'ERR_INVALID_DATA'],
    ['mode bits on another type', 1, false, '440000000100000061000000', 'ERR_INVALID_DATA'],
    ['a type that does not exist', 1, false, '3f000000', 'ERR_INVALID_DATA'],
    ['raw with two arguments', 2, true, '0102', 'ERR_INVALID_DATA'],
    ['a whole object', 1, false, '18000000040000004e6f64650000000000', 'ERR_UNAUTHORIZED'],
    ['an object id cut short', 1, false, '1800010005000000', 'ERR_INVALID_DATA'],
  ] as const)('%s is refused', (_, count, raw, hex, code) => {
    expect(() => v.decodeArguments({ count, raw, bytes: fromHex(hex) })).toThrow(refusal(code))
  })

  test('255 are the most', () => {
    const most = Array.from({ length: 255 }, (_, i) => i)
    expect(v.decodeArguments(v.encodeArguments(most))).toEqual(most)
    expect(() => v.encodeArguments([...most, 0])).toThrow('from 0 to 255')
  })
})
