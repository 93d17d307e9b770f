import type { Codec, VariantFormat } from './codec.ts'
import { array, dictionary } from './containers.ts'
import * as fixed from './fixed-math.ts'
import type { GodotVersion } from './godot-version.ts'
import { bool, float, int, nil } from './numbers.ts'
import { callable, object, rid, signal } from './objects.ts'
import * as packed from './packed-arrays.ts'
import * as real from './real-math.ts'
import { nodePath, string, stringName } from './strings.ts'
import { decodeLenient, decodeStrict } from './utf8.ts'
import { VariantType } from './variant-type.ts'

const CODECS: Readonly<Record<VariantType, Codec>> = {
  [VariantType.NIL]: nil,
  [VariantType.BOOL]: bool,
  [VariantType.INT]: int,
  [VariantType.FLOAT]: float,
  [VariantType.STRING]: string,
  [VariantType.VECTOR2]: real.vector2,
  [VariantType.VECTOR2I]: fixed.vector2i,
  [VariantType.RECT2]: real.rect2,
  [VariantType.RECT2I]: fixed.rect2i,
  [VariantType.VECTOR3]: real.vector3,
  [VariantType.VECTOR3I]: fixed.vector3i,
  [VariantType.TRANSFORM2D]: real.transform2d,
  [VariantType.VECTOR4]: real.vector4,
  [VariantType.VECTOR4I]: fixed.vector4i,
  [VariantType.PLANE]: real.plane,
  [VariantType.QUATERNION]: real.quaternion,
  [VariantType.AABB]: real.aabb,
  [VariantType.BASIS]: real.basis,
  [VariantType.TRANSFORM3D]: real.transform3d,
  [VariantType.PROJECTION]: real.projection,
  [VariantType.COLOR]: fixed.color,
  [VariantType.STRING_NAME]: stringName,
  [VariantType.NODE_PATH]: nodePath,
  [VariantType.RID]: rid,
  [VariantType.OBJECT]: object,
  [VariantType.CALLABLE]: callable,
  [VariantType.SIGNAL]: signal,
  [VariantType.DICTIONARY]: dictionary,
  [VariantType.ARRAY]: array,
  [VariantType.PACKED_BYTE_ARRAY]: packed.packedBytes,
  [VariantType.PACKED_INT32_ARRAY]: packed.packedInt32s,
  [VariantType.PACKED_INT64_ARRAY]: packed.packedInt64s,
  [VariantType.PACKED_FLOAT32_ARRAY]: packed.packedFloat32s,
  [VariantType.PACKED_FLOAT64_ARRAY]: packed.packedFloat64s,
  [VariantType.PACKED_STRING_ARRAY]: packed.packedStrings,
  [VariantType.PACKED_VECTOR2_ARRAY]: packed.packedVector2s,
  [VariantType.PACKED_VECTOR3_ARRAY]: packed.packedVector3s,
  [VariantType.PACKED_COLOR_ARRAY]: packed.packedColors,
  [VariantType.PACKED_VECTOR4_ARRAY]: packed.packedVector4s,
}

/** The types of Godot 4.3 and later, by their numbers on the wire. */
const TYPES_4: readonly VariantType[] = Object.values(VariantType).filter((type) => typeof type === 'number')

/** The types of Godot 3, by their numbers on the wire. */
const TYPES_3: readonly VariantType[] = [
  VariantType.NIL,
  VariantType.BOOL,
  VariantType.INT,
  VariantType.FLOAT,
  VariantType.STRING,
  VariantType.VECTOR2,
  VariantType.RECT2,
  VariantType.VECTOR3,
  VariantType.TRANSFORM2D,
  VariantType.PLANE,
  VariantType.QUATERNION,
  VariantType.AABB,
  VariantType.BASIS,
  VariantType.TRANSFORM3D,
  VariantType.COLOR,
  VariantType.NODE_PATH,
  VariantType.RID,
  VariantType.OBJECT,
  VariantType.DICTIONARY,
  VariantType.ARRAY,
  VariantType.PACKED_BYTE_ARRAY,
  VariantType.PACKED_INT32_ARRAY,
  VariantType.PACKED_FLOAT32_ARRAY,
  VariantType.PACKED_STRING_ARRAY,
  VariantType.PACKED_VECTOR2_ARRAY,
  VariantType.PACKED_VECTOR3_ARRAY,
  VariantType.PACKED_COLOR_ARRAY,
]

const LATEST: VariantFormat = {
  ...tables(TYPES_4),
  decodeText: decodeStrict,
  doubles: true,
  typedArrays: true,
  typedDictionaries: true,
  ridIds: true,
}

const BEFORE_4_3: VariantFormat = {
  ...LATEST,
  ...tables(TYPES_4.filter((type) => type !== VariantType.PACKED_VECTOR4_ARRAY)),
  typedArrays: false,
  typedDictionaries: false,
}

/** How each version of Godot encodes Variants. */
export const FORMATS: Readonly<Record<GodotVersion, VariantFormat>> = {
  '3': {
    ...tables(TYPES_3),
    decodeText: decodeLenient,
    doubles: false,
    typedArrays: false,
    typedDictionaries: false,
    ridIds: false,
  },
  '4.0': BEFORE_4_3,
  '4.2.2': BEFORE_4_3,
  '4.3': { ...LATEST, typedDictionaries: false },
  '4.4': LATEST,
}

function tables(types: readonly VariantType[]): Pick<VariantFormat, 'decoders' | 'types' | 'encoders' | 'numbers'> {
  const encoders: (Codec | undefined)[] = Array.from(TYPES_4, () => undefined)
  const numbers: number[] = Array.from(TYPES_4, () => 0)
  types.forEach((type, number) => {
    encoders[type] = CODECS[type]
    numbers[type] = number
  })
  return { types, decoders: types.map((type) => CODECS[type]), encoders, numbers }
}
