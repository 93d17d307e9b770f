import type { ByteReader } from './byte-reader.ts'
import type { Codec, VariantWriter } from './codec.ts'
import { FLAG_64 } from './codec.ts'
import { present } from './parts.ts'
import { writeHeader } from './read-write.ts'
import { AABB, Plane, Rect2 } from './values/shapes.ts'
import { Basis, Projection, Quaternion, Transform2D, Transform3D } from './values/transforms.ts'
import { Vector2, Vector3, Vector4 } from './values/vectors.ts'
import type { Variant } from './variant.ts'
import { VariantType } from './variant-type.ts'

/** How a value that is a fixed number of floats is read and written. */
export interface RealLayout<Value> {
  readonly count: number
  /** @param wide - floats have 64 bits instead of 32. */
  read(bytes: ByteReader, wide: boolean): Value
  write(target: VariantWriter, value: Value): void
}

/** Writes a float with as many bits as types made of floats have in the Godot that is written for. */
export function writeReal({ bytes, doubles }: VariantWriter, value: number): void {
  if (doubles) bytes.f64(value)
  else bytes.f32(value)
}

export const vector2Layout: RealLayout<Vector2> = {
  count: 2,
  read: (bytes, wide) => new Vector2(bytes.real(wide), bytes.real(wide)),
  write(target, value) {
    const { x, y } = present(value)
    writeReal(target, x)
    writeReal(target, y)
  },
}

export const vector3Layout: RealLayout<Vector3> = {
  count: 3,
  read: (bytes, wide) => new Vector3(bytes.real(wide), bytes.real(wide), bytes.real(wide)),
  write(target, value) {
    const { x, y, z } = present(value)
    writeReal(target, x)
    writeReal(target, y)
    writeReal(target, z)
  },
}

export const vector4Layout: RealLayout<Vector4> = {
  count: 4,
  read: (bytes, wide) => new Vector4(bytes.real(wide), bytes.real(wide), bytes.real(wide), bytes.real(wide)),
  write(target, value) {
    const { x, y, z, w } = present(value)
    writeReal(target, x)
    writeReal(target, y)
    writeReal(target, z)
    writeReal(target, w)
  },
}

const readBasis = (bytes: ByteReader, wide: boolean): Basis => {
  // Row by row, while the class has columns.
  const rows = [
    vector3Layout.read(bytes, wide),
    vector3Layout.read(bytes, wide),
    vector3Layout.read(bytes, wide),
  ] as const
  const [a, b, c] = rows
  return new Basis(new Vector3(a.x, b.x, c.x), new Vector3(a.y, b.y, c.y), new Vector3(a.z, b.z, c.z))
}

const writeBasis = (target: VariantWriter, value: Basis): void => {
  const { x, y, z } = present(value)
  for (const row of ['x', 'y', 'z'] as const) {
    writeReal(target, present(x)[row])
    writeReal(target, present(y)[row])
    writeReal(target, present(z)[row])
  }
}

export const vector2 = ofReals(VariantType.VECTOR2, vector2Layout)
export const vector3 = ofReals(VariantType.VECTOR3, vector3Layout)
export const vector4 = ofReals(VariantType.VECTOR4, vector4Layout)

export const rect2 = ofReals<Rect2>(VariantType.RECT2, {
  count: 4,
  read: (bytes, wide) => new Rect2(vector2Layout.read(bytes, wide), vector2Layout.read(bytes, wide)),
  write(target, { position, size }) {
    vector2Layout.write(target, position)
    vector2Layout.write(target, size)
  },
})

export const aabb = ofReals<AABB>(VariantType.AABB, {
  count: 6,
  read: (bytes, wide) => new AABB(vector3Layout.read(bytes, wide), vector3Layout.read(bytes, wide)),
  write(target, { position, size }) {
    vector3Layout.write(target, position)
    vector3Layout.write(target, size)
  },
})

export const plane = ofReals<Plane>(VariantType.PLANE, {
  count: 4,
  read: (bytes, wide) => new Plane(vector3Layout.read(bytes, wide), bytes.real(wide)),
  write(target, { normal, d }) {
    vector3Layout.write(target, normal)
    writeReal(target, d)
  },
})

export const quaternion = ofReals<Quaternion>(VariantType.QUATERNION, {
  count: 4,
  read: (bytes, wide) => new Quaternion(bytes.real(wide), bytes.real(wide), bytes.real(wide), bytes.real(wide)),
  write(target, { x, y, z, w }) {
    writeReal(target, x)
    writeReal(target, y)
    writeReal(target, z)
    writeReal(target, w)
  },
})

export const basis = ofReals<Basis>(VariantType.BASIS, { count: 9, read: readBasis, write: writeBasis })

export const transform2d = ofReals<Transform2D>(VariantType.TRANSFORM2D, {
  count: 6,
  read: (bytes, wide) =>
    new Transform2D(vector2Layout.read(bytes, wide), vector2Layout.read(bytes, wide), vector2Layout.read(bytes, wide)),
  write(target, { x, y, origin }) {
    vector2Layout.write(target, x)
    vector2Layout.write(target, y)
    vector2Layout.write(target, origin)
  },
})

export const transform3d = ofReals<Transform3D>(VariantType.TRANSFORM3D, {
  count: 12,
  read: (bytes, wide) => new Transform3D(readBasis(bytes, wide), vector3Layout.read(bytes, wide)),
  write(target, { basis, origin }) {
    writeBasis(target, basis)
    vector3Layout.write(target, origin)
  },
})

export const projection = ofReals<Projection>(VariantType.PROJECTION, {
  count: 16,
  read(bytes, wide) {
    const { read } = vector4Layout
    return new Projection(read(bytes, wide), read(bytes, wide), read(bytes, wide), read(bytes, wide))
  },
  write(target, { x, y, z, w }) {
    for (const column of [x, y, z, w]) vector4Layout.write(target, column)
  },
})

function ofReals<Value extends Variant>(type: VariantType, layout: RealLayout<Value>): Codec<Value> {
  return {
    decode({ bytes, format }, header) {
      const wide = format.doubles && (header & FLAG_64) !== 0
      bytes.need(layout.count * (wide ? 8 : 4))
      return layout.read(bytes, wide)
    },
    encode(target, value) {
      writeHeader(target, type, target.doubles ? FLAG_64 : 0)
      layout.write(target, value)
    },
  }
}
