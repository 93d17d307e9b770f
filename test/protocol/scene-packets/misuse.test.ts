import { describe, expect, test } from '@jest/globals'
import { runInNewContext } from 'node:vm'
import type { ScenePacket } from '../../../src/protocol/scene-packets/packet.ts'
import {
  decodeRelayed,
  decodeScenePacket,
  encodeScenePacket,
} from '../../../src/protocol/scene-packets/scene-packets.ts'
import type { GodotVersion } from '../../../src/variant.ts'
import { toHex } from '../variant/vectors.ts'
import { refusal } from '../../support/refusal.ts'

// What only JavaScript can do: TypeScript refuses most of it.

const refused = refusal('ERR_INVALID_PARAMETER')
const wrong = (value: unknown): never => value as never
const none = { count: 0, raw: true, bytes: new Uint8Array() }
const bytes = Uint8Array.of(1, 2)

function detached(): Uint8Array {
  const values = Uint8Array.of(1, 2, 3)
  structuredClone(values, { transfer: [values.buffer] })
  return values
}

describe('versions that do not exist are refused', () => {
  const versions: unknown[] = ['4.1', '', 4, 4.4, 3, null, NaN, {}, ['3'], 'constructor', '__proto__', Symbol('4')]
  test.each(versions.map((version) => [version as GodotVersion]))('%p', (version) => {
    for (const work of [
      () => decodeScenePacket(Uint8Array.of(3, 1), version),
      () => decodeRelayed(Uint8Array.of(3, 1), version),
      () => encodeScenePacket({ kind: 'raw', bytes }, version),
    ]) {
      expect(work).toThrow(refused)
      expect(work).toThrow("'3', '4.0', '4.2.2', '4.3', '4.4'")
    }
  })

  test('undefined is the default', () => {
    const confirmation: ScenePacket = { kind: 'confirm-path', valid: true, node: { id: 1 } }
    expect(toHex(encodeScenePacket(confirmation, undefined))).toBe('020101000000')
    expect(decodeScenePacket(encodeScenePacket(confirmation), undefined)).toEqual(confirmation)
  })
})

describe('what are no bytes is refused', () => {
  const values: [string, unknown][] = [
    ['an array', [1, 2]],
    ['an ArrayBuffer', bytes.buffer],
    ['a DataView', new DataView(new ArrayBuffer(2))],
    ['floats', Float32Array.of(1)],
    ['integers of 16 bits', Uint16Array.of(300)],
    ['a text', 'ab'],
    ['nothing', undefined],
    ['null', null],
    ['a Proxy of bytes', new Proxy(bytes, {})],
    ['bytes whose buffer is gone', detached()],
  ]

  test.each(values)('%s to be sent', (_, value) => {
    const args = { count: 1, raw: false, bytes: wrong(value) }
    for (const [packet, version] of [
      [{ kind: 'raw', bytes: value }, '4.4'],
      [{ kind: 'raw', bytes: value }, '3'],
      [{ kind: 'auth', bytes: value }, '4.4'],
      [{ kind: 'relay', peer: 1, packet: value }, '4.4'],
      [{ kind: 'spawn', bytes: value }, '4.4'],
      [{ kind: 'rpc', node: { id: 1 }, method: 0, arguments: args }, '4.4'],
      [{ kind: 'rpc', node: { id: 1 }, method: 0, arguments: { ...args, raw: true } }, '4.4'],
      [{ kind: 'rpc-by-name', node: { id: 1 }, method: 'a', arguments: args }, '3'],
      [{ kind: 'rset', node: { id: 1 }, property: 'a', arguments: args }, '3'],
    ] as const) {
      expect(() => encodeScenePacket(wrong(packet), version)).toThrow(refused)
    }
  })

  test.each(values)('%s received', (_, value) => {
    expect(() => decodeScenePacket(wrong(value))).toThrow(refused)
    expect(() => decodeScenePacket(wrong(value), '3')).toThrow(refused)
    expect(() => decodeRelayed(wrong(value))).toThrow(refused)
  })

  test('bytes of other classes and of other realms are bytes', () => {
    const others = [Buffer.from(bytes), new Uint8ClampedArray(bytes), runInNewContext('Uint8Array.of(1, 2)')]
    for (const other of others) {
      expect(toHex(encodeScenePacket({ kind: 'raw', bytes: wrong(other) }))).toBe('030102')
      expect(() => decodeScenePacket(wrong(other))).toThrow(refusal('ERR_INVALID_DATA'))
    }
  })
})

describe('what is no packet is refused', () => {
  const md5 = 'a'.repeat(32)
  test.each<[string, unknown, GodotVersion?]>([
    ['null', null],
    ['nothing', undefined],
    ['a number', 3],
    ['an object without a kind', {}],
    ['a kind that is a symbol', { kind: Symbol('raw') }],
    ['a kind of every object', { kind: 'constructor' }],
    ['null for Godot 3', null, '3'],
    ['a symbol for Godot 3', { kind: Symbol('raw') }, '3'],
    ['a call of no node', { kind: 'rpc', method: 0, arguments: none }],
    ['a call of null', { kind: 'rpc', node: null, method: 0, arguments: none }],
    ['a call of a text', { kind: 'rpc', node: 'Main', method: 0, arguments: none }],
    ['a call of a node without id and path', { kind: 'rpc', node: {}, method: 0, arguments: none }],
    ['a call by a path that is a number', { kind: 'rpc', node: { path: 5 }, method: 0, arguments: none }],
    ['a node id that is a text', { kind: 'rpc', node: { id: '1' }, method: 0, arguments: none }],
    ['a node id of three bytes', { kind: 'rpc', node: { id: 1, size: 3 }, method: 0, arguments: none }],
    ['a node id of eight bytes', { kind: 'rpc', node: { id: 1, size: 8 }, method: 0, arguments: none }],
    ['a node id of a text of bytes', { kind: 'rpc', node: { id: 1, size: '2' }, method: 0, arguments: none }],
    ['a method that is a text', { kind: 'rpc', node: { id: 1 }, method: 'hit', arguments: none }],
    ['a call without arguments', { kind: 'rpc', node: { id: 1 }, method: 0 }],
    ['a call with null for arguments', { kind: 'rpc', node: { id: 1 }, method: 0, arguments: null }],
    ['a call with values for arguments', { kind: 'rpc', node: { id: 1 }, method: 0, arguments: [1, 2] }],
    ['a path that is a number', { kind: 'simplify-path', id: 1, path: 5, md5 }],
    ['a confirmed null', { kind: 'confirm-path', valid: true, node: null }],
    ['a confirmed null for 4.0', { kind: 'confirm-path', valid: true, node: null }, '4.0'],
    ['a peer that is a text', { kind: 'add-peer', peer: '5' }],
    ['a method of Godot 3 that is a number', { kind: 'rpc-by-name', node: { id: 1 }, method: 5, arguments: none }, '3'],
    ['a call of Godot 3 without arguments', { kind: 'rpc-by-name', node: { id: 1 }, method: 'a' }, '3'],
    [
      'a property that is nothing',
      { kind: 'rset', node: { id: 1 }, arguments: { ...none, raw: false, count: 1 } },
      '3',
    ],
  ])('%s', (_, packet, version = '4.4') => {
    expect(() => encodeScenePacket(wrong(packet), version)).toThrow(refused)
  })

  test.each([
    ['spawn', 17],
    ['despawn', 4],
    ['sync', 10],
    ['delta', 10],
  ] as const)('a %s packet that Godot takes for too short', (kind, min) => {
    expect(() => encodeScenePacket({ kind, bytes: new Uint8Array(min - 1) })).toThrow(refused)
    expect(encodeScenePacket({ kind, bytes: new Uint8Array(min) })).toHaveLength(min + 1)
  })
})
