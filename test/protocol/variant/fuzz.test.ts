import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { GodotVersion, Variant } from '../../../src/variant.ts'
import * as v from '../../../src/variant.ts'
import { fromHex, rows } from './vectors.ts'

const RUNS = 1_000_000
const seed = Math.floor(Math.random() * 2 ** 31)

const VERSIONS: readonly GodotVersion[] = ['4.4', '4.4', '4.4', '4.3', '4.0', '3']
const CODES = new Set(['ERR_INVALID_DATA', 'ERR_FILE_EOF', 'ERR_UNAUTHORIZED', 'ERR_OUT_OF_MEMORY'])

/** Words that decoders trip over. */
const ODD_WORDS = [0, 1, 2, 3, 4, 0x7fffffff, 0x80000000, 0xffffffff, 0x10000, 0x40000001, 0x20000001]

/** What a real engine has sent. */
function samples(): Uint8Array[] {
  const hex = [
    ...rows('variants.tsv').map((row) => row[4]),
    ...rows('variants3.tsv').map((row) => row[3]),
    ...rows('decode4.tsv').map((row) => row[1]),
    ...rows('decode3.tsv').map((row) => row[1]),
    ...rows('rpc-args4.tsv').map((row) => row[1]?.slice(8)),
  ]
  return hex.filter((text) => text !== undefined && text !== '').map((text) => fromHex(text ?? ''))
}

/** Whole numbers below a bound (xorshift). Without `Math`: in Jest every global costs more than the rest of this. */
function randomNumbers(): (bound: number) => number {
  let state = seed | 1
  return (bound) => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) % bound
  }
}

/** Writes random bytes that begin like a Variant, or samples with some bytes, words or their length changed, alone or in an array. @returns how many. */
function hostile(
  below: (bound: number) => number,
  corpus: readonly Uint8Array[],
  bytes: Uint8Array,
  view: DataView,
): number {
  if (below(10) < 3) {
    const length = below(64)
    for (let i = 0; i < length; i++) bytes[i] = below(2) === 0 ? below(4) : below(256)
    bytes[0] = below(42)
    bytes[1] = 0
    return length
  }
  const inContainer = below(5) === 0
  if (inContainer) {
    view.setUint32(0, 27 + below(2), true)
    view.setUint32(4, 1 + below(2), true)
  }
  let length = inContainer ? 8 : 0
  for (let parts = inContainer ? 2 : 1; parts > 0; parts--) {
    const sample = corpus[below(corpus.length)] ?? bytes
    bytes.set(sample, length)
    length += sample.length
  }
  for (let changes = below(4); changes > 0; changes--) {
    const at = below(length)
    if (below(2) === 0) bytes[at] = below(256)
    else if (at + 4 <= length) view.setUint32(at & ~3, ODD_WORDS[below(ODD_WORDS.length)] ?? 0, true)
  }
  return below(5) === 0 ? below(length + 1) : length
}

/** Whether a decoded value, encoded and decoded once more, stays the same. A byte order mark goes each time: Godot takes it away. */
function isKept(value: Variant, version: GodotVersion): boolean {
  const encoded = Buffer.from(v.encodeVariant(value, { version }))
  const again = v.encodeVariant(v.decodeVariant(encoded, { version, preserveFloats: true }), { version })
  return encoded.equals(again) || encoded.includes('\ufeff')
}

describe(`${RUNS} random and damaged byte strings (seed ${seed})`, () => {
  // Stacks would take most of the time, and nobody reads those of expected errors.
  const { stackTraceLimit } = Error
  beforeAll(() => {
    Error.stackTraceLimit = 0
  })
  afterAll(() => {
    Error.stackTraceLimit = stackTraceLimit
  })

  test('each is a value, or a MultiplayerError of a kind that Godot has for it', () => {
    const below = randomNumbers()
    const corpus = samples()
    const scratch = new Uint8Array(4096)
    const view = new DataView(scratch.buffer)
    const found = { values: 0, errors: new Map<string, number>(), wrong: [] as string[] }
    for (let run = 0; run < RUNS; run++) {
      const bytes = scratch.subarray(0, hostile(below, corpus, scratch, view))
      const version = VERSIONS[below(VERSIONS.length)] ?? '4.4'
      const asArguments = run % 4 === 0
      try {
        const value: Variant = asArguments
          ? v.decodeArguments({ count: below(4), raw: false, bytes }, { version })
          : v.decodeVariant(bytes, { version, preserveFloats: run % 32 === 1 })
        found.values++
        if (run % 16 === 1 && !isKept(value, version))
          found.wrong.push(`changed: ${Buffer.from(bytes).toString('hex')}`)
      } catch (error) {
        const code = error instanceof v.MultiplayerError ? error.code : 'not ours'
        found.errors.set(code, (found.errors.get(code) ?? 0) + 1)
        if (!CODES.has(code)) found.wrong.push(`${Buffer.from(bytes).toString('hex')}: ${String(error)}`)
      }
    }
    expect(found.wrong).toEqual([])
    // Both ways were gone, and more than now and then.
    expect(found.values).toBeGreaterThan(RUNS / 10)
    for (const code of ['ERR_INVALID_DATA', 'ERR_FILE_EOF', 'ERR_UNAUTHORIZED']) {
      expect([code, (found.errors.get(code) ?? 0) > RUNS / 1000]).toEqual([code, true])
    }
  })
})
