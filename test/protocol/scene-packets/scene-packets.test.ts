import { describe, expect, test } from '@jest/globals'
import type { ScenePacket } from '../../../src/protocol/scene-packets/packet.ts'
import {
  decodeRelayed,
  decodeScenePacket,
  encodeScenePacket,
} from '../../../src/protocol/scene-packets/scene-packets.ts'
import { decodeArguments, encodeArguments, type GodotVersion, type Variant } from '../../../src/variant.ts'
import { fromHex, toHex } from '../variant/vectors.ts'
import { refusal } from '../../support/refusal.ts'

const args = (...values: Variant[]): ReturnType<typeof encodeArguments> => encodeArguments(values)
const args3 = (...values: Variant[]): ReturnType<typeof encodeArguments> => encodeArguments(values, { version: '3' })
const md5 = 'df911f0151f9ef021d410b4be5060972'
const md5Hex = Buffer.from(`${md5}\0`).toString('hex')
const text = (value: string): string => Buffer.from(value).toString('hex')

/** Packets and their bytes, beyond what was recorded (recorded.test.ts): the forms that the engine's sources have. */
const packets: [name: string, version: GodotVersion, packet: ScenePacket, hex: string][] = [
  ['cached node 3, method 1', '4.4', call({ id: 3 }, 1, args(5, 'hi')), '0003010202050400000002000000' + '68690000'],
  ['cached node 3, no arguments', '4.4', call({ id: 3 }, 0, args()), '800300'],
  ['cached node 3, bytes', '4.4', call({ id: 3 }, 0, args(Uint8Array.of(1, 2))), '8003000102'],
  ['node 255, method 255', '4.4', call({ id: 255 }, 255, args()), '80ffff'],
  ['node 256', '4.4', call({ id: 256 }, 0, args()), '90000100'],
  ['node 65535', '4.4', call({ id: 65535 }, 0, args()), '90ffff00'],
  ['node 65536', '4.4', call({ id: 65536 }, 0, args()), 'a00000010000'],
  ['method 255 in two bytes', '4.4', { ...call({ id: 3 }, 255, args()), methodSize: 2 }, 'c003ff00'],
  ['cached node 300', '4.4', call({ id: 300 }, 0, args(true)), '102c01000181'],
  ['cached node 70000', '4.4', call({ id: 70000 }, 0, args(true)), '2070110100000181'],
  ['the highest node', '4.4', call({ id: 0x7fffffff }, 0, args()), 'a0ffffff7f00'],
  ['a method of the node', '4.4', call({ id: 3 }, 0x8000, args()), 'c0030080'],
  ['method 256', '4.4', call({ id: 3 }, 256, args()), 'c0030001'],
  ['a node by path', '4.4', call({ path: 'Main' }, 0, args()), 'a006000080004d61696e00'],
  ['a node by path, with an argument', '4.4', call({ path: 'Main' }, 0, args(5)), '20090000800001' + '02054d61696e00'],
  ['a path beyond ASCII', '4.4', call({ path: 'é/b' }, 0, args()), 'a00600008000c3a92f6200'],
  ['a small id in four bytes', '4.4', call({ id: 3, size: 4 }, 1, args()), 'a00300000001'],
  ['a small id in two bytes', '4.4', call({ id: 3, size: 2 }, 1, args()), '90030001'],
  ['a small method in two bytes', '4.4', { ...call({ id: 3 }, 1, args()), methodSize: 2 }, 'c0030100'],
  ['simplify', '4.4', { kind: 'simplify-path', id: 1, path: 'Main', md5 }, `01${md5Hex}01000000${text('Main')}00`],
  [
    'simplify to the highest node',
    '4.4',
    { kind: 'simplify-path', id: 0x7fffffff, path: 'A', md5 },
    `01${md5Hex}ffffff7f4100`,
  ],
  ['confirm by id', '4.4', { kind: 'confirm-path', valid: true, node: { id: 1 } }, '020101000000'],
  ['confirm by id in 4.3', '4.3', { kind: 'confirm-path', valid: false, node: { id: 7 } }, '020007000000'],
  ['confirm by id in 4.2.2', '4.2.2', { kind: 'confirm-path', valid: true, node: { id: 1 } }, '020101000000'],
  ['confirm by path', '4.0', { kind: 'confirm-path', valid: true, node: { path: 'Main' } }, `0201${text('Main')}00`],
  ['raw', '4.4', { kind: 'raw', bytes: Uint8Array.of(0x61) }, '0361'],
  ['spawn', '4.4', { kind: 'spawn', bytes: new Uint8Array(17).fill(9) }, `04${'09'.repeat(17)}`],
  ['despawn', '4.4', { kind: 'despawn', bytes: Uint8Array.of(1, 0, 0, 0) }, '0501000000'],
  ['sync', '4.4', { kind: 'sync', bytes: new Uint8Array(10).fill(9) }, `06${'09'.repeat(10)}`],
  ['delta', '4.4', { kind: 'delta', bytes: new Uint8Array(10).fill(9) }, `16${'09'.repeat(10)}`],
  ['authentication', '4.4', { kind: 'auth', bytes: Uint8Array.of(0x78) }, '070078'],
  ['authentication done', '4.4', { kind: 'auth', bytes: new Uint8Array() }, '0700'],
  ['add', '4.4', { kind: 'add-peer', peer: 5 }, '070105000000'],
  ['delete', '4.4', { kind: 'del-peer', peer: 5 }, '070205000000'],
  ['relay to all but 7', '4.4', { kind: 'relay', peer: -7, packet: Uint8Array.of(3, 0x61) }, '0703f9ffffff0361'],
  ['relay from 9', '4.0', { kind: 'relay', peer: 9, packet: Uint8Array.of(3, 0x61) }, '0703090000000361'],
  [
    'Godot 3: call',
    '3',
    { kind: 'rpc-by-name', node: { id: 3 }, method: 'foo', arguments: args3(5) },
    '0003000000666f6f00010200000005000000',
  ],
  [
    'Godot 3: call by path',
    '3',
    { kind: 'rpc-by-name', node: { path: 'Main' }, method: 'foo', arguments: args3() },
    '000a000080666f6f00004d61696e00',
  ],
  [
    'Godot 3: set',
    '3',
    { kind: 'rset', node: { id: 3 }, property: 'hp', arguments: args3(5) },
    '010300000068700002000000' + '05000000',
  ],
  [
    'Godot 3: set by path',
    '3',
    { kind: 'rset', node: { path: 'A' }, property: 'hp', arguments: args3(null) },
    '010c00008068700000000000' + '4100',
  ],
  ['Godot 3: simplify', '3', { kind: 'simplify-path', id: 1, path: 'Main' }, '02010000004d61696e00'],
  ['Godot 3: confirm', '3', { kind: 'confirm-path', valid: true, node: { path: 'Main' } }, '034d61696e00'],
  ['Godot 3: raw', '3', { kind: 'raw', bytes: Uint8Array.of(1) }, '0401'],
]

function call(
  node: Extract<ScenePacket, { kind: 'rpc' }>['node'],
  method: number,
  given: ReturnType<typeof encodeArguments>,
): Extract<ScenePacket, { kind: 'rpc' }> {
  return { kind: 'rpc', node, method, arguments: given }
}

describe('packets', () => {
  test.each(packets)('%s (%s)', (_, version, packet, hex) => {
    expect(toHex(encodeScenePacket(packet, version))).toBe(hex)
    expect(decodeScenePacket(fromHex(hex), version)).toStrictEqual(packet)
  })

  test('arguments are of the version', () => {
    const packet = decodeScenePacket(fromHex('0003000000666f6f00010200000005000000'), '3')
    expect(packet.kind === 'rpc-by-name' && decodeArguments(packet.arguments, { version: '3' })).toEqual([5])
  })

  test('a path may go without its NUL, and what comes after the NUL does not count', () => {
    const byPath = { kind: 'rpc', node: { path: 'Main' } }
    expect(decodeScenePacket(fromHex('a006000080004d61696e'))).toMatchObject(byPath)
    expect(decodeScenePacket(fromHex('a006000080004d61696e00ff'))).toMatchObject(byPath)
    expect(decodeScenePacket(fromHex(`01${md5Hex}01000000`))).toMatchObject({ path: '' })
  })

  test('bit 3 of the first byte, and flags that the command does not have, do not count', () => {
    expect(decodeScenePacket(fromHex('fb61'))).toEqual({ kind: 'raw', bytes: Uint8Array.of(0x61) })
    expect(decodeScenePacket(fromHex('0f0105000000'))).toEqual({ kind: 'add-peer', peer: 5 })
  })

  test('one empty array of bytes arrives as a call without arguments, as in Godot', () => {
    const hex = toHex(encodeScenePacket(call({ id: 1 }, 5, args(new Uint8Array()))))
    expect(hex).toBe('800105')
    expect(decodeScenePacket(fromHex(hex))).toMatchObject({ arguments: { count: 0 } })
  })
})

describe('what Godot drops as malformed is refused', () => {
  test.each<[string, GodotVersion, string]>([
    ['nothing', '4.4', ''],
    ['a call alone', '4.4', '00'],
    ['a call without a method', '4.4', '0003'],
    ['a call with half a node id', '4.4', '1003'],
    ['a call with half a method', '4.4', '400300'],
    ['a call with a node id of size 3', '4.4', '30030000000000000000'],
    ['a call without the number of its arguments', '4.4', '000300'],
    ['a path beyond the packet', '4.4', 'a0070000800041'],
    ['a path at the end of the packet', '4.4', 'a00600008000'],
    ['a path in front of the arguments', '4.4', 'a005000080004100'],
    ['a path where the number of arguments should be', '4.4', '20060000800041' + '00'],
    ['a path that is not UTF-8', '4.4', 'a00600008000ff00'],
    ['simplify with 36 bytes', '4.4', `01${md5Hex}0100`],
    ['confirm with 5 bytes', '4.4', '0201010000'],
    ['confirm with 7 bytes', '4.4', '02010100000000'],
    ['confirm by path with 2 bytes', '4.0', '0201'],
    ['raw without bytes', '4.4', '03'],
    ['spawn with 17 bytes', '4.4', `04${'00'.repeat(16)}`],
    ['despawn with 4 bytes', '4.4', '05010000'],
    ['sync with 10 bytes', '4.4', `06${'00'.repeat(9)}`],
    ['delta with 10 bytes', '4.4', `16${'00'.repeat(9)}`],
    ['a system packet alone', '4.4', '07'],
    ['a system packet of unknown command', '4.4', '070405000000'],
    ['add with 5 bytes', '4.4', '0701050000'],
    ['delete with 5 bytes', '4.4', '0702050000'],
    ['relay with 5 bytes', '4.4', '0703050000'],
    ['relay of nothing', '4.4', '070305000000'],
    ['Godot 3: nothing', '3', ''],
    ['Godot 3: an unknown command', '3', '0501'],
    ['Godot 3: a call without a name', '3', '0003000000'],
    ['Godot 3: a name that is only its end, without the number of arguments', '3', '000300000000'],
    ['Godot 3: a name without its end', '3', '0003000000666f6f'],
    ['Godot 3: a call without the number of its arguments', '3', '0003000000666f6f00'],
    ['Godot 3: a set without a value', '3', '0103000000687000'],
    ['Godot 3: a path beyond the packet', '3', '00ff000080666f6f000041'],
    ['Godot 3: a path within the name', '3', '0005000080666f6f000041'],
    ['Godot 3: simplify with 4 bytes', '3', '02010000'],
    ['Godot 3: confirm alone', '3', '03'],
    ['Godot 3: raw without bytes', '3', '04'],
  ])('%s (%s): %s', (_, version, hex) => {
    expect(() => decodeScenePacket(fromHex(hex), version)).toThrow(refusal('ERR_INVALID_DATA'))
  })

  // Godot itself takes these, but no call could ever name such a node: the bit says that a path follows.
  test.each<[string, GodotVersion, string]>([
    ['simplify', '4.4', `01${md5Hex}000000804100`],
    ['confirm', '4.4', '020100000080'],
    ['Godot 3: simplify', '3', '02000000804100'],
  ])('%s with a node id of 32 bits (%s): %s', (_, version, hex) => {
    expect(() => decodeScenePacket(fromHex(hex), version)).toThrow(refusal('ERR_INVALID_DATA'))
  })

  test.each(['0700', '070105000000', '0703090000000361', 'ff00'])(
    'the system packet %s inside a relayed one',
    (hex) => {
      expect(() => decodeRelayed(fromHex(hex))).toThrow(refusal('ERR_INVALID_DATA'))
    },
  )

  test('an empty packet inside a relayed one', () => {
    expect(() => decodeRelayed(new Uint8Array())).toThrow(refusal('ERR_INVALID_DATA'))
  })
})

describe('what cannot be sent is refused', () => {
  const raw: ScenePacket = { kind: 'raw', bytes: new Uint8Array() }
  test.each<[string, GodotVersion, ScenePacket]>([
    ['a node id below 0', '4.4', call({ id: -1 }, 0, args())],
    ['a node id of 32 bits', '4.4', call({ id: 2 ** 31 }, 0, args())],
    ['a method above 65535', '4.4', call({ id: 1 }, 0x10000, args())],
    ['a path with a NUL', '4.4', call({ path: 'a\0b' }, 0, args())],
    ['two raw arguments', '4.4', call({ id: 1 }, 0, { count: 2, raw: true, bytes: Uint8Array.of(1) })],
    ['bytes of no argument', '4.4', call({ id: 1 }, 0, { count: 0, raw: true, bytes: Uint8Array.of(1) })],
    ['256 arguments', '4.4', call({ id: 1 }, 0, { count: 256, raw: false, bytes: new Uint8Array() })],
    ['no checksum', '4.4', { kind: 'simplify-path', id: 1, path: 'A' }],
    ['a checksum that is none', '4.4', { kind: 'simplify-path', id: 1, path: 'A', md5: 'short' }],
    ['a checksum with a digit too many', '4.4', { kind: 'simplify-path', id: 1, path: 'A', md5: `${md5}0` }],
    ['a checksum of 33, the first beyond ASCII', '4.4', { kind: 'simplify-path', id: 1, path: 'A', md5: `é${md5}` }],
    ['a path confirmed by text', '4.3', { kind: 'confirm-path', valid: true, node: { path: 'A' } }],
    ['a path confirmed by id', '4.0', { kind: 'confirm-path', valid: true, node: { id: 1 } }],
    ['a path confirmed by id in Godot 3', '3', { kind: 'confirm-path', valid: true, node: { id: 1 } }],
    ['an empty raw packet', '4.4', raw],
    ['an empty raw packet in Godot 3', '3', raw],
    ['an empty packet to be relayed', '4.4', { kind: 'relay', peer: 1, packet: new Uint8Array() }],
    ['a peer of 33 bits', '4.4', { kind: 'add-peer', peer: 2 ** 32 }],
    ['a call by name in Godot 4', '4.4', { kind: 'rpc-by-name', node: { id: 1 }, method: 'a', arguments: args3() }],
    ['a set in Godot 4', '4.4', { kind: 'rset', node: { id: 1 }, property: 'a', arguments: args3(1) }],
    ['a call by number in Godot 3', '3', call({ id: 1 }, 0, args())],
    ['raw arguments in Godot 3', '3', { kind: 'rpc-by-name', node: { id: 1 }, method: 'a', arguments: args() }],
    ['two values for a property', '3', { kind: 'rset', node: { id: 1 }, property: 'a', arguments: args3(1, 2) }],
    ['a relayed packet in Godot 3', '3', { kind: 'relay', peer: 1, packet: Uint8Array.of(1) }],
  ])('%s (%s)', (_, version, packet) => {
    expect(() => encodeScenePacket(packet, version)).toThrow(refusal('ERR_INVALID_PARAMETER'))
  })
})
