import { describe, expect, test } from '@jest/globals'
import { runInNewContext } from 'node:vm'
import type { GodotVersion, Variant } from '../../../src/variant.ts'
import * as v from '../../../src/variant.ts'
import { toHex } from './vectors.ts'
import { refusal } from '../../support/refusal.ts'

// What only JavaScript can do: TypeScript refuses most of it.

const { VariantType: T } = v
const wrong = (value: unknown): never => value as never

/** A typed array whose memory went to a worker. */
function detached<Values extends ArrayBufferView>(values: Values): Values {
  structuredClone(values, { transfer: [values.buffer as ArrayBuffer] })
  return values
}

describe('versions that do not exist are refused', () => {
  const versions: unknown[] = [
    '4.1',
    '',
    4,
    4.4,
    3,
    null,
    NaN,
    {},
    ['3'],
    ['4.4'],
    'constructor',
    '__proto__',
    Symbol('4'),
  ]
  const bytes = Uint8Array.of(1)
  test.each(versions.map((version) => [version as GodotVersion]))('%p', (version) => {
    for (const work of [
      () => v.encodeVariant(true, { version }),
      () => v.decodeVariant(new Uint8Array(4), { version }),
      () => v.encodeArguments([true], { version }),
      () => v.encodeArguments([], { version }),
      () => v.encodeArguments([bytes], { version }),
      () => v.decodeArguments({ count: 1, raw: false, bytes: Uint8Array.of(1) }, { version }),
      () => v.decodeArguments({ count: 0, raw: true, bytes: new Uint8Array() }, { version }),
      () => v.decodeArguments({ count: 1, raw: true, bytes }, { version }),
    ]) {
      expect(work).toThrow(refusal('ERR_INVALID_PARAMETER'))
      expect(work).toThrow("'3', '4.0', '4.2.2', '4.3', '4.4'")
    }
  })

  test('undefined is the default', () => {
    expect(v.encodeVariant(new v.Vector2i(), wrong({ version: undefined }))).toEqual(v.encodeVariant(new v.Vector2i()))
  })
})

describe('values of the wrong kind are refused when they are encoded', () => {
  test.each<[string, () => unknown]>([
    ['an integer vector of a bigint', () => new v.Vector2i(wrong(1n), 0)],
    ['an integer vector of a symbol', () => new v.Vector3i(0, wrong(Symbol('a')), 0)],
    ['a Float of a bigint', () => new v.Float(wrong(1n))],
    ['a Float of a symbol', () => new v.Float(wrong(Symbol('a')))],
    ['a Float of a text', () => new v.Float(wrong('1'))],
    ['a Float of nothing', () => new v.Float(wrong(undefined))],
    ['a rectangle of null', () => new v.Rect2(wrong(null))],
    ['an integer rectangle of null', () => new v.Rect2i(undefined, wrong(null))],
    ['a box of null', () => new v.AABB(wrong(null))],
    ['a plane of null', () => new v.Plane(wrong(null))],
    ['a basis of null', () => new v.Basis(undefined, wrong(null))],
    ['a transform of null', () => new v.Transform2D(undefined, undefined, wrong(null))],
    ['a transform of a null basis', () => new v.Transform3D(wrong(null))],
    ['a projection of null', () => new v.Projection(wrong(null))],
    ['vectors of 2, one null', () => new v.PackedVector2Array([wrong(null)])],
    ['vectors of 3, one missing', () => new v.PackedVector3Array([wrong(undefined)])],
    ['vectors of 4, one a number', () => new v.PackedVector4Array([wrong(1)])],
    ['colours, one null', () => new v.PackedColorArray([wrong(null)])],
    ['an array of vectors with a hole', () => Object.assign(new v.PackedVector2Array(), { length: 1 })],
    ['an array of texts with a hole', () => Object.assign(new v.PackedStringArray(), { length: 1 })],
    ['a path of numbers', () => new v.NodePath([wrong(1)])],
    ['a name of nothing', () => new v.StringName(wrong(undefined))],
    ['a Proxy of bytes', () => new Proxy(Uint8Array.of(1), {})],
    ['a Proxy of a Map', () => new Proxy(new Map([['a', 1]]), {})],
    ['what only inherits from Map', () => Object.create(Map.prototype) as unknown],
    ['what only inherits from Uint8Array', () => Object.create(Uint8Array.prototype) as unknown],
    ['what only calls itself a Map', () => ({ [Symbol.toStringTag]: 'Map' })],
    [
      'what only calls itself a Float32Array',
      () =>
        new (class {
          readonly [Symbol.toStringTag] = 'Float32Array'
        })(),
    ],
    ['bytes whose buffer is gone', () => detached(Uint8Array.of(1))],
    ['integers whose buffer is gone', () => detached(Int32Array.of(1))],
    ['integers of 64 bits whose buffer is gone', () => detached(BigInt64Array.of(1n))],
    ['floats whose buffer is gone', () => detached(Float32Array.of(1))],
    ['floats of 64 bits whose buffer is gone', () => detached(Float64Array.of(1))],
  ])('%s', (_, make) => {
    const value = make() as Variant
    expect(() => v.encodeVariant(value)).toThrow(refusal('ERR_INVALID_PARAMETER'))
    expect(() => v.encodeVariant([value])).toThrow(refusal('ERR_INVALID_PARAMETER'))
    expect(() => v.encodeArguments([value])).toThrow(refusal('ERR_INVALID_PARAMETER'))
    expect(() => v.encodeArguments([1, value])).toThrow(refusal('ERR_INVALID_PARAMETER'))
  })

  const gone = detached(Uint8Array.of(1))
  test.each<[unknown, unknown]>([
    [new v.Vector2i(0.5, 0), 0.5],
    [new v.Float(wrong('1')), '1'],
    [new v.StringName(wrong(5)), 5],
    ['a\0b', 'a\0b'],
    [2n ** 63n, 2n ** 63n],
    [gone, gone],
  ])('the error about %p has the value %p', (value, told) => {
    expect(() => v.encodeVariant(wrong(value))).toThrow(expect.objectContaining({ value: told }))
  })

  test('the error about a Proxy of a Map has it, and what JavaScript says of it', () => {
    const value = new Proxy(new Map([['a', 1]]), {})
    let thrown: unknown
    try {
      v.encodeVariant(value)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toMatchObject({ code: 'ERR_INVALID_PARAMETER', cause: { name: 'TypeError' } })
    expect((thrown as v.MultiplayerError).value).toBe(value)
  })

  test('the error about a type that the version does not have has the value', () => {
    const value = new v.Vector4()
    const encode = (): unknown => v.encodeVariant(value, { version: '3' })
    expect(encode).toThrow(refusal('ERR_INVALID_PARAMETER'))
    expect(encode).toThrow(expect.objectContaining({ value }))
  })

  test.each<[unknown, string]>([
    [new Date(0), 'Date'],
    [undefined, 'undefined'],
    [Math.abs, 'function'],
    [Symbol('a'), 'symbol'],
  ])('the error about %p says what it is', (value, name) => {
    const encode = (): unknown => v.encodeVariant(wrong(value))
    expect(encode).toThrow(`Godot has no type for this value (${name})`)
    expect(encode).toThrow(expect.objectContaining({ value }))
  })

  test('arguments are an array', () => {
    expect(() => v.encodeArguments(wrong('ab'))).toThrow(refusal('ERR_INVALID_PARAMETER'))
    expect(() => v.encodeArguments(wrong(null))).toThrow(refusal('ERR_INVALID_PARAMETER'))
  })
})

describe('values of the wrong kind are refused when they are made', () => {
  test.each<[string, () => unknown]>([
    ['a path of a text', () => new v.NodePath(wrong('/root/Main'))],
    ['a path of null', () => new v.NodePath(wrong(null))],
    ['a path with a text for subnames', () => new v.NodePath(['a'], wrong('b'))],
    ['a parsed number', () => v.NodePath.parse(wrong(5))],
    ['the id of a text', () => new v.RID(wrong('5'))],
    ['the id of null', () => new v.RID(wrong(null))],
    ['no id', () => new v.EncodedObjectAsID(wrong(undefined))],
    ['a boolean as id', () => new v.Signal('a', wrong(true))],
    ['an id of 65 bits', () => new v.RID(2n ** 64n)],
    ['a negative id of 65 bits', () => new v.RID(-(2n ** 63n) - 1n)],
    ['an array of type 99', () => new v.ArrayOf(wrong(99))],
    ['an array of type -1', () => new v.ArrayOf(wrong(-1))],
    ['an array of type 2.5', () => new v.ArrayOf(wrong(2.5))],
    ['an array of a type by its name', () => new v.ArrayOf(wrong('INT'))],
    ['an array of no type', () => new v.ArrayOf(wrong(undefined))],
    ['a dictionary of no types', () => new v.DictionaryOf(wrong(undefined), wrong(undefined))],
    ['a dictionary of values of type 39', () => new v.DictionaryOf(T.INT, wrong(39))],
    ['an array of a type, by `of`', () => Reflect.apply(v.ArrayOf.of, v.ArrayOf, [1, 2]) as unknown],
    ['an array of a type, by `from`', () => Reflect.apply(v.ArrayOf.from, v.ArrayOf, [[1, 2]]) as unknown],
  ])('%s', (_, make) => {
    expect(make).toThrow(refusal('ERR_INVALID_PARAMETER'))
  })

  test('the errors about paths have what was given', () => {
    const given = (make: () => unknown): unknown => {
      try {
        return make()
      } catch (error) {
        return (error as v.MultiplayerError).value
      }
    }
    expect(given(() => new v.NodePath(wrong('/a')))).toEqual({ names: '/a', subnames: [] })
    expect(given(() => v.NodePath.parse('A::b'))).toBe('A::b')
    expect(v.NodePath.parse('A:b:c:').subnames).toEqual(['b', 'c'])
  })

  test('what is made of a packed array is a plain one', () => {
    const made = new v.PackedStringArray(['a', 'b']).map((text) => text)
    expect(made).toStrictEqual(['a', 'b'])
    expect(v.variantTypeOf(made)).toBe(T.ARRAY)
  })

  test('packed arrays have `of` and `from`', () => {
    expect(v.PackedStringArray.of('a', 'b')).toStrictEqual(new v.PackedStringArray(['a', 'b']))
    expect(v.PackedStringArray.from(['a'])).toStrictEqual(new v.PackedStringArray(['a']))
    expect(v.PackedStringArray.from({ length: 2, 0: 'a', 1: 'b' })).toStrictEqual(new v.PackedStringArray(['a', 'b']))
  })
})

describe('what is odd, but clear', () => {
  test('Maps of a class of their own', () => {
    class Players extends Map<string, number> {
      override get [Symbol.toStringTag](): string {
        return 'Players'
      }
    }
    expect(v.encodeVariant(new Players([['a', 1]]))).toEqual(v.encodeVariant(new Map([['a', 1]])))
  })

  test('clamped bytes, and typed arrays of another realm, are packed arrays; a Proxy of an array is an array', () => {
    const bytes = v.encodeVariant(Uint8Array.of(1, 255))
    expect(v.encodeVariant(wrong(Uint8ClampedArray.of(1, 300)))).toEqual(bytes)
    expect(v.encodeArguments([wrong(Uint8ClampedArray.of(1, 300))]).bytes).toEqual(Uint8Array.of(1, 255))
    expect(v.encodeVariant(wrong(runInNewContext('Uint8Array.of(1, 255)')))).toEqual(bytes)
    expect(v.decodeVariant(wrong(runInNewContext(`Uint8Array.of(${bytes.join()})`)))).toEqual(Uint8Array.of(1, 255))
    expect(v.encodeVariant(new Proxy([1], {}))).toEqual(v.encodeVariant([1]))
  })

  test.each([
    ['Int32Array.of(1, 2)', T.PACKED_INT32_ARRAY],
    ['BigInt64Array.of(1n, 2n)', T.PACKED_INT64_ARRAY],
    ['Float32Array.of(1, 2)', T.PACKED_FLOAT32_ARRAY],
    ['Float64Array.of(1, 2)', T.PACKED_FLOAT64_ARRAY],
  ])('%s of another realm', (source, type) => {
    const foreign = wrong(runInNewContext(source))
    expect(v.variantTypeOf(foreign)).toBe(type)
    expect([...(v.decodeVariant(v.encodeVariant(foreign)) as Int32Array)].map(Number)).toEqual([1, 2])
  })

  test('memory that is shared with other threads is read, and written from', () => {
    const long = 'é'.repeat(100)
    const shared = (bytes: Uint8Array): Uint8Array => {
      const copy = new Uint8Array(new SharedArrayBuffer(bytes.length))
      copy.set(bytes)
      return copy
    }
    expect(v.decodeVariant(shared(v.encodeVariant([long, Uint8Array.of(7)])))).toStrictEqual([long, Uint8Array.of(7)])
    expect(v.encodeVariant(shared(Uint8Array.of(7)))).toEqual(v.encodeVariant(Uint8Array.of(7)))
  })

  test('an empty typed array is one', () => {
    for (const empty of [new Uint8Array(), new Int32Array(), new BigInt64Array(), new Float32Array()]) {
      expect(v.decodeVariant(v.encodeVariant(empty))).toStrictEqual(empty)
    }
  })

  test('keys that a prototype could be changed by are keys', () => {
    const value = JSON.parse('{"__proto__": {"polluted": 1}, "constructor": {"prototype": 2}}') as Variant
    const decoded = v.decodeVariant(v.encodeVariant(value)) as Map<string, Variant>
    expect([...decoded.keys()]).toEqual(['__proto__', 'constructor'])
    expect(({} as Record<string, unknown>)['polluted']).toBeUndefined()
  })

  test('-0 as a key', () => {
    const hex = '1b00000001000000' + '0300000000000080' + '00000000'
    const bytes = new Uint8Array(Buffer.from(hex, 'hex'))
    expect(v.decodeVariant(bytes)).toStrictEqual(new Map([[0, null]]))
    expect(toHex(v.encodeVariant(v.decodeVariant(bytes, { preserveFloats: true })))).toBe(hex)
  })
})

describe('what getters and Proxies throw is passed on', () => {
  const mine = new Error('mine')
  const fail = (): never => {
    throw mine
  }
  test.each<[string, unknown]>([
    ['a getter', Object.defineProperty({}, 'a', { get: fail, enumerable: true })],
    ['a getter in an array', [Object.defineProperty({}, 'a', { get: fail, enumerable: true })]],
    ['a Proxy that has no prototype to show', new Proxy({}, { getPrototypeOf: fail })],
    ['a Proxy that has no keys to show', new Proxy({}, { ownKeys: fail })],
    ['a Proxy of an array that has no elements to show', new Proxy([1], { get: fail })],
  ])('%s', (_, value) => {
    let thrown: unknown
    try {
      v.encodeVariant(value as Variant)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBe(mine)
  })

  test.each<[string, unknown]>([
    ['null', null],
    ['a text', 'recursion'],
    ['an object with a message', { message: 'recursion' }],
    ['an error of this library', new v.MultiplayerError('FAILED', 'The recursion failed.')],
  ])('%s, too', (_, what) => {
    const value = Object.defineProperty({}, 'a', {
      get: () => {
        throw what
      },
      enumerable: true,
    })
    let thrown: unknown
    try {
      v.encodeVariant(value)
    } catch (error) {
      thrown = error
    }
    expect(thrown).toBe(what)
  })
})

describe('containers that change while they are written', () => {
  const decode = (value: Variant): Variant => v.decodeVariant(v.encodeVariant([value, 'the end']))

  test('what comes to an array later is left out', () => {
    const growing: Variant[] = [
      {
        get x(): number {
          return growing.push(1)
        },
      },
    ]
    expect(decode(growing)).toStrictEqual([[new Map([['x', 2]])], 'the end'])
  })

  test('what goes is missed', () => {
    const shrinking: Variant[] = [
      {
        get x(): number {
          return (shrinking.length = 1)
        },
      },
      2,
      3,
    ]
    expect(() => v.encodeVariant(shrinking)).toThrow(refusal('ERR_INVALID_PARAMETER'))
  })

  test('packed arrays too', () => {
    const points = new v.PackedVector2Array()
    class Growing extends v.Vector2 {
      constructor() {
        super()
        Object.defineProperty(this, 'x', { get: () => points.push(new v.Vector2(9, 9)) })
      }
    }
    points.push(new Growing())
    expect(decode(points)).toStrictEqual([new v.PackedVector2Array([new v.Vector2(2, 0)]), 'the end'])
  })

  test('what a getter encodes itself does not mix with the rest', () => {
    const inner = v.encodeVariant('inner')
    const nested = {
      get bytes(): Uint8Array {
        return v.encodeVariant('inner')
      },
    }
    expect(decode(['before', nested])).toStrictEqual([['before', new Map([['bytes', inner]])], 'the end'])
  })

  test('an array is its elements, whatever its iterator says', () => {
    const odd = Object.assign([1, 2, 3], { [Symbol.iterator]: () => [9].values() })
    expect(decode(odd)).toStrictEqual([[1, 2, 3], 'the end'])
  })
})
