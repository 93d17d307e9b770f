/**
 * Typical values, for each the contestants that encode and decode it: `ours`, the codec of Godot's Variants; `JSON`, the same content as JSON in UTF-8; `by hand`, a DataView and nothing else.
 * A contestant has `encode()`, which makes the bytes, and `decode(bytes)`.
 */
import { decodeArguments, decodeVariant, encodeArguments, encodeVariant, Vector3 } from '../../dist/variant.js'

const encoder = new TextEncoder()
const decoder = new TextDecoder()

const variant = (value) => ({ encode: () => encodeVariant(value), decode: (bytes) => decodeVariant(bytes) })

/** @param value - what JSON holds of it. */
const json = (value) => ({
  encode: () => encoder.encode(JSON.stringify(value)),
  decode: (bytes) => JSON.parse(decoder.decode(bytes)),
})

/** JSON has no bytes; base64 is the shortest and quickest that it can hold of them. */
const jsonBytes = (value) => ({
  encode: () => encoder.encode(JSON.stringify(Buffer.from(value.buffer).toString('base64'))),
  decode: (bytes) => Buffer.from(JSON.parse(decoder.decode(bytes)), 'base64'),
})

const position = { x: 12.5, y: -3.25, z: 871.0625 }
const angle = 1.5707

const positionByHand = {
  encode() {
    const bytes = new Uint8Array(20)
    const view = new DataView(bytes.buffer)
    view.setFloat32(0, position.x, true)
    view.setFloat32(4, position.y, true)
    view.setFloat32(8, position.z, true)
    view.setFloat64(12, angle, true)
    return bytes
  },
  decode(bytes) {
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
    return [
      { x: view.getFloat32(0, true), y: view.getFloat32(4, true), z: view.getFloat32(8, true) },
      view.getFloat64(12, true),
    ]
  },
}

const chatLine = 'Meet me at the old bridge, I have found the key!'

const player = {
  name: 'Ada',
  team: 2,
  health: 87.5,
  alive: true,
  score: 12_400,
  weapon: 'crossbow',
  ammunition: [12, 0, 40],
}

const integers = Array.from({ length: 100 }, (_, i) => i * 37 - 500)
const floats = Float32Array.from({ length: 256 }, (_, i) => i / 8)
const bytes = Uint8Array.from({ length: 1024 }, (_, i) => i)

/** Of a remote call: integers and booleans of a few bytes are what its compressed form is for. */
const args = [7, true, 'hit', 1500, 0.25]

export const CASES = {
  'position: Vector3 and float': {
    ours: variant([new Vector3(position.x, position.y, position.z), angle]),
    JSON: json([position, angle]),
    'by hand': positionByHand,
  },
  'chat line, 48 characters': { ours: variant(chatLine), JSON: json(chatLine) },
  'Dictionary, 8 entries': {
    ours: variant({ ...player, position: new Vector3(position.x, position.y, position.z) }),
    JSON: json({ ...player, position }),
  },
  'Array of 100 ints': { ours: variant(integers), JSON: json(integers) },
  'PackedFloat32Array of 256': { ours: variant(floats), JSON: json([...floats]) },
  'PackedByteArray of 1 KiB': { ours: variant(bytes), JSON: jsonBytes(bytes) },
  'RPC arguments, 5': {
    ours: {
      encode: () => encodeArguments(args).bytes,
      decode: (data) => decodeArguments({ count: args.length, raw: false, bytes: data }),
    },
    JSON: json(args),
  },
}
