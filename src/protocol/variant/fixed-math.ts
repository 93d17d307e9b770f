import type { ByteReader } from './byte-reader.ts'
import type { ByteWriter } from './byte-writer.ts'
import type { Codec } from './codec.ts'
import { present } from './parts.ts'
import { writeHeader } from './read-write.ts'
import { Color } from './values/color.ts'
import { Rect2i } from './values/shapes.ts'
import { Vector2i, Vector3i, Vector4i } from './values/vectors.ts'
import { VariantType } from './variant-type.ts'
import type { Variant } from './variant.ts'

// Types whose members have 32 bits in every build of Godot.

const readVector2i = (bytes: ByteReader): Vector2i => new Vector2i(bytes.i32(), bytes.i32())

const writeVector2i = (bytes: ByteWriter, value: Vector2i): void => {
  const { x, y } = present(value)
  bytes.i32(x)
  bytes.i32(y)
}

export const vector2i = ofWords(VariantType.VECTOR2I, 2, readVector2i, writeVector2i)

export const vector3i = ofWords(
  VariantType.VECTOR3I,
  3,
  (bytes) => new Vector3i(bytes.i32(), bytes.i32(), bytes.i32()),
  (bytes, { x, y, z }) => {
    bytes.i32(x)
    bytes.i32(y)
    bytes.i32(z)
  },
)

export const vector4i = ofWords(
  VariantType.VECTOR4I,
  4,
  (bytes) => new Vector4i(bytes.i32(), bytes.i32(), bytes.i32(), bytes.i32()),
  (bytes, { x, y, z, w }) => {
    bytes.i32(x)
    bytes.i32(y)
    bytes.i32(z)
    bytes.i32(w)
  },
)

export const rect2i = ofWords(
  VariantType.RECT2I,
  4,
  (bytes) => new Rect2i(readVector2i(bytes), readVector2i(bytes)),
  (bytes, { position, size }) => {
    writeVector2i(bytes, position)
    writeVector2i(bytes, size)
  },
)

export const readColor = (bytes: ByteReader): Color => new Color(bytes.f32(), bytes.f32(), bytes.f32(), bytes.f32())

export const writeColor = (bytes: ByteWriter, value: Color): void => {
  const { r, g, b, a } = present(value)
  bytes.f32(r)
  bytes.f32(g)
  bytes.f32(b)
  bytes.f32(a)
}

export const color = ofWords(VariantType.COLOR, 4, readColor, writeColor)

function ofWords<Value extends Variant>(
  type: VariantType,
  count: number,
  read: (bytes: ByteReader) => Value,
  write: (bytes: ByteWriter, value: Value) => void,
): Codec<Value> {
  return {
    decode({ bytes }) {
      bytes.need(count * 4)
      return read(bytes)
    },
    encode(target, value) {
      writeHeader(target, type)
      write(target.bytes, value)
    },
  }
}
