import type { ByteReader } from './byte-reader.ts'
import { invalidData } from './byte-reader.ts'
import { checkBytes, checkTypedArray } from './bytes.ts'
import type { Codec } from './codec.ts'
import { FLAG_64 } from './codec.ts'
import { readColor, writeColor } from './fixed-math.ts'
import { writeHeader } from './read-write.ts'
import type { RealLayout } from './real-math.ts'
import { vector2Layout, vector3Layout, vector4Layout } from './real-math.ts'
import { readText, writeText } from './strings.ts'
import type { Color } from './values/color.ts'
import { PackedColorArray, PackedStringArray, PackedVector2Array } from './values/arrays.ts'
import { PackedVector3Array, PackedVector4Array } from './values/arrays.ts'
import type { Variant } from './variant.ts'
import { VariantType } from './variant-type.ts'

/** Reads the number of elements; the data holds that many of the size. */
function readCount(bytes: ByteReader, size: number): number {
  bytes.need(4)
  const count = bytes.i32()
  if (count < 0 || count * size > bytes.remaining) {
    throw invalidData(`A packed array of ${count} elements is longer than the data.`)
  }
  return count
}

export const packedBytes: Codec<Uint8Array> = {
  decode({ bytes }) {
    const count = readCount(bytes, 1)
    const value = bytes.take(count).slice()
    // Godot does not ask whether the padding is there.
    bytes.offset += -count & 3
    return value
  },
  encode(target, value) {
    checkBytes(value)
    writeHeader(target, VariantType.PACKED_BYTE_ARRAY)
    target.bytes.u32(value.byteLength)
    target.bytes.raw(value)
    target.bytes.zeros(-value.byteLength & 3)
  },
}

export const packedInt32s: Codec<Int32Array> = {
  decode({ bytes }) {
    const values = new Int32Array(readCount(bytes, 4))
    for (let i = 0; i < values.length; i++) values[i] = bytes.i32()
    return values
  },
  encode(target, values) {
    checkTypedArray(values)
    writeHeader(target, VariantType.PACKED_INT32_ARRAY)
    target.bytes.u32(values.length)
    const at = target.bytes.room(values.byteLength)
    const { view } = target.bytes
    values.forEach((value, i) => view.setInt32(at + i * 4, value, true))
  },
}

export const packedInt64s: Codec<BigInt64Array> = {
  decode({ bytes }) {
    const values = new BigInt64Array(readCount(bytes, 8))
    for (let i = 0; i < values.length; i++) values[i] = bytes.i64()
    return values
  },
  encode(target, values) {
    checkTypedArray(values)
    writeHeader(target, VariantType.PACKED_INT64_ARRAY)
    target.bytes.u32(values.length)
    const at = target.bytes.room(values.byteLength)
    const { view } = target.bytes
    values.forEach((value, i) => view.setBigInt64(at + i * 8, value, true))
  },
}

export const packedFloat32s: Codec<Float32Array> = {
  decode({ bytes }) {
    const values = new Float32Array(readCount(bytes, 4))
    for (let i = 0; i < values.length; i++) values[i] = bytes.f32()
    return values
  },
  encode(target, values) {
    checkTypedArray(values)
    writeHeader(target, VariantType.PACKED_FLOAT32_ARRAY)
    target.bytes.u32(values.length)
    const at = target.bytes.room(values.byteLength)
    const { view } = target.bytes
    values.forEach((value, i) => view.setFloat32(at + i * 4, value, true))
  },
}

export const packedFloat64s: Codec<Float64Array> = {
  decode({ bytes }) {
    const values = new Float64Array(readCount(bytes, 8))
    for (let i = 0; i < values.length; i++) values[i] = bytes.f64()
    return values
  },
  encode(target, values) {
    checkTypedArray(values)
    writeHeader(target, VariantType.PACKED_FLOAT64_ARRAY)
    target.bytes.u32(values.length)
    const at = target.bytes.room(values.byteLength)
    const { view } = target.bytes
    values.forEach((value, i) => view.setFloat64(at + i * 8, value, true))
  },
}

export const packedStrings: Codec<PackedStringArray> = {
  decode(source) {
    const { bytes } = source
    bytes.need(4)
    // Not checked in the engine either, and a negative count is an empty array; every text takes four bytes at least, so a wrong count ends with the data.
    const count = bytes.i32()
    const values = new PackedStringArray()
    for (let i = 0; i < count; i++) values.push(readText(source))
    return values
  },
  encode(target, values) {
    const count = values.length
    writeHeader(target, VariantType.PACKED_STRING_ARRAY)
    target.bytes.u32(count)
    // Here, and only here, the NUL at the end belongs to the text.
    for (let i = 0; i < count; i++) writeText(target.bytes, values[i] as string, 1)
  },
}

export const packedColors: Codec<PackedColorArray> = {
  decode({ bytes }) {
    const count = readCount(bytes, 16)
    const values = new PackedColorArray()
    for (let i = 0; i < count; i++) values.push(readColor(bytes))
    return values
  },
  encode(target, values) {
    const count = values.length
    writeHeader(target, VariantType.PACKED_COLOR_ARRAY)
    target.bytes.u32(count)
    for (let i = 0; i < count; i++) writeColor(target.bytes, values[i] as Color)
  },
}

export const packedVector2s = ofLayout(VariantType.PACKED_VECTOR2_ARRAY, vector2Layout, () => new PackedVector2Array())
export const packedVector3s = ofLayout(VariantType.PACKED_VECTOR3_ARRAY, vector3Layout, () => new PackedVector3Array())
export const packedVector4s = ofLayout(VariantType.PACKED_VECTOR4_ARRAY, vector4Layout, () => new PackedVector4Array())

function ofLayout<Item, Value extends Variant & Item[]>(
  type: VariantType,
  layout: RealLayout<Item>,
  create: () => Value,
): Codec<Value> {
  return {
    decode({ bytes, format }, header) {
      const wide = format.doubles && (header & FLAG_64) !== 0
      const count = readCount(bytes, layout.count * (wide ? 8 : 4))
      const values = create()
      for (let i = 0; i < count; i++) values.push(layout.read(bytes, wide))
      return values
    },
    encode(target, values) {
      const count = values.length
      writeHeader(target, type, target.doubles ? FLAG_64 : 0)
      target.bytes.u32(count)
      for (let i = 0; i < count; i++) layout.write(target, values[i] as Item)
    },
  }
}
