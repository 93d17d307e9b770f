import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { decodeScenePacket, encodeScenePacket } from '../../../src/protocol/scene-packets/scene-packets.ts'
import { type GodotVersion, MultiplayerError } from '../../../src/variant.ts'
import { fromHex } from '../variant/vectors.ts'

const RUNS = 100_000
const seed = Math.floor(Math.random() * 2 ** 31)
const VERSIONS: readonly GodotVersion[] = ['4.4', '4.4', '4.0', '3']

/** Whole numbers below a bound (xorshift). */
function randomNumbers(): (bound: number) => number {
  let state = seed | 1
  return (bound) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
}

/** Recorded packets, and some of Godot 3. */
function samples(): Uint8Array[] {
  const file = join(import.meta.dirname, '../../vectors/scene4-relay.json')
  const recorded = (JSON.parse(readFileSync(file, 'utf8')) as { hex?: string }[]).flatMap(({ hex }) => hex ?? [])
  const godot3 = [
    '0003000000666f6f00010200000005000000',
    '000a000080666f6f00004d61696e00',
    '02010000004d61696e00',
    '034d61696e00',
  ]
  return [...new Set([...recorded, ...godot3])].map(fromHex)
}

describe(`${RUNS} random and damaged packets (seed ${seed})`, () => {
  const { stackTraceLimit } = Error
  beforeAll(() => {
    Error.stackTraceLimit = 0
  })
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit
  })

  test('each is refused, or is a packet that is written as it was understood', () => {
    const below = randomNumbers()
    const corpus = samples()
    const found = { packets: 0, refused: 0, wrong: [] as string[] }
    for (let run = 0; run < RUNS; run++) {
      const sample = corpus[below(corpus.length)] ?? new Uint8Array()
      const bytes = below(4) === 0 ? Uint8Array.from({ length: below(40) }, () => below(256)) : sample.slice()
      for (let changes = below(4); changes > 0 && bytes.length > 0; changes--) bytes[below(bytes.length)] = below(256)
      const packet = bytes.subarray(0, below(3) === 0 ? below(bytes.length + 1) : bytes.length)
      const version = VERSIONS[below(VERSIONS.length)] ?? '4.4'
      let stage = 'decode'
      try {
        const decoded = decodeScenePacket(packet, version)
        found.packets++
        stage = 'encode'
        const again = encodeScenePacket(decoded, version)
        stage = 'decode again'
        if (run % 8 === 0) expect(decodeScenePacket(again, version)).toEqual(decoded)
      } catch (error) {
        found.refused++
        // Numbers that only an attacker sends (a node id of 32 bits, a checksum that is none) are read, but not written.
        const expected = stage === 'decode' ? 'ERR_INVALID_DATA' : stage === 'encode' ? 'ERR_INVALID_PARAMETER' : null
        if (!(error instanceof MultiplayerError) || error.code !== expected) {
          found.wrong.push(`${version} ${stage} ${Buffer.from(packet).toString('hex')}: ${String(error)}`)
        }
      }
    }
    expect(found.wrong).toEqual([])
    expect(found.packets).toBeGreaterThan(RUNS / 10)
    expect(found.refused).toBeGreaterThan(RUNS / 10)
  })
})
