import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import type { RpcPacket, ScenePacket } from '../../../src/protocol/scene-packets/packet.ts'
import {
  decodeRelayed,
  decodeScenePacket,
  encodeScenePacket,
} from '../../../src/protocol/scene-packets/scene-packets.ts'
import { decodeArguments, encodeArguments, MultiplayerError } from '../../../src/variant.ts'
import { fromHex, rows, toHex } from '../variant/vectors.ts'

interface Recorded {
  readonly step: string
  readonly hex?: string
  readonly note?: string
}

const folder = join(import.meta.dirname, '../../vectors')

/** Every packet that was recorded, once, with the recorder's reading of it. */
function packets(): [hex: string, note: string, step: string][] {
  const found = new Map<string, [string, string, string]>()
  for (const file of ['scene4-relay.json', 'scene4-auth.json', 'scene4-norelay.json']) {
    for (const { hex, note = '', step } of JSON.parse(readFileSync(join(folder, file), 'utf8')) as Recorded[]) {
      if (hex !== undefined) found.set(hex, [hex, note, step])
    }
  }
  return [...found.values()]
}

/** What the recorder's reading of a packet must contain, in order. */
function reading(packet: ScenePacket): string[] {
  switch (packet.kind) {
    case 'raw':
      return [`cmd=RAW data=${toHex(packet.bytes)} `]
    case 'auth':
      return [`cmd=SYS sys=AUTH data=${toHex(packet.bytes)} `]
    case 'add-peer':
      return [`cmd=SYS sys=ADD_PEER peer=${packet.peer}`]
    case 'del-peer':
      return [`cmd=SYS sys=DEL_PEER peer=${packet.peer}`]
    case 'relay':
      return [
        `cmd=SYS sys=RELAY peer=${packet.peer} payload=${toHex(packet.packet)} {`,
        ...reading(decodeRelayed(packet.packet)),
      ]
    case 'simplify-path':
      return [`cmd=SIMPLIFY_PATH md5=${packet.md5 ?? ''}\\0 id=${packet.id} path=${packet.path}\\0`]
    case 'confirm-path':
      return [`cmd=CONFIRM_PATH valid=${packet.valid ? 1 : 0} path_id=${'id' in packet.node ? packet.node.id : ''}`]
    case 'rpc':
      return readingOfCall(packet)
    default:
      throw new Error(`No ${packet.kind} was recorded.`)
  }
}

function readingOfCall({ node, method, arguments: { raw, count, bytes } }: RpcPacket): string[] {
  return [
    'cmd=REMOTE_CALL',
    'id' in node ? `node=path id ${node.id} ` : `"${node.path}\\0"`,
    `rpc_id=${method} `,
    raw ? `byte_only_or_no_args=1 bytes=${toHex(bytes)}` : `argc=${count} args=${toHex(bytes)}`,
  ]
}

describe('every packet that Godot 4.6 has sent in the recorded sessions', () => {
  const recorded = packets()

  test('there are 70 different ones, of all commands but those of replication', () => {
    expect(recorded).toHaveLength(70)
    const kinds = new Set(recorded.map(([hex]) => decodeScenePacket(fromHex(hex)).kind))
    expect([...kinds].sort()).toEqual([
      'add-peer',
      'auth',
      'confirm-path',
      'del-peer',
      'raw',
      'relay',
      'rpc',
      'simplify-path',
    ])
  })

  test.each(recorded)('%s: %s', (hex, note) => {
    const packet = decodeScenePacket(fromHex(hex))
    let at = 0
    for (const part of reading(packet)) {
      at = note.indexOf(part, at)
      expect({ part, found: at >= 0 }).toEqual({ part, found: true })
    }
    expect(toHex(encodeScenePacket(packet))).toBe(hex)
  })

  test.each(recorded)('%s: arguments and packets inside are decoded and encoded to the same bytes', (hex) => {
    const outer = decodeScenePacket(fromHex(hex))
    const packet = outer.kind === 'relay' ? decodeRelayed(outer.packet) : outer
    if (outer.kind === 'relay') expect(encodeScenePacket(packet)).toEqual(outer.packet)
    if (packet.kind !== 'rpc') return
    const values = decodeArguments(packet.arguments, { preserveFloats: true })
    expect(values).toHaveLength(packet.arguments.count)
    const again = encodeScenePacket({ ...packet, arguments: encodeArguments(values) })
    expect(toHex(again)).toBe(outer.kind === 'relay' ? toHex(outer.packet) : hex)
  })
})

describe('cut short at every byte, a packet is another one or malformed', () => {
  test.each(packets())('%s', (hex) => {
    const bytes = fromHex(hex)
    for (let length = 0; length < bytes.length; length++) {
      try {
        const packet = decodeScenePacket(bytes.subarray(0, length))
        // A text may go without its end, which is added again.
        expect(toHex(encodeScenePacket(packet))).toMatch(new RegExp(`^${hex.slice(0, length * 2)}(00)?$`))
        if (packet.kind === 'rpc') decodeArguments(packet.arguments)
      } catch (error) {
        expect(error).toBeInstanceOf(MultiplayerError)
        expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_(INVALID_DATA|FILE_EOF)$/) })
      }
    }
  })
})

describe('calls that Godot 4.6 has sent with each kind of argument', () => {
  test.each(rows('rpc-args4.tsv'))('%s: %s', (_, hex = '', args = '') => {
    const packet = decodeScenePacket(fromHex(hex))
    const [, raw, bytes = ''] = /^(byte_only:)?(.*)$/.exec(args) ?? []
    expect(packet).toMatchObject({ kind: 'rpc', node: { id: 1 } })
    expect(toHex(encodeScenePacket(packet))).toBe(hex)
    if (packet.kind !== 'rpc') return
    expect(packet.arguments).toMatchObject({ raw: raw !== undefined, bytes: fromHex(bytes) })
    const again = encodeArguments(decodeArguments(packet.arguments, { preserveFloats: true }))
    expect(again).toEqual(packet.arguments)
  })
})
