import { invalid } from '../../../checks.ts'
import type { MultiplayerError } from '../../../multiplayer-error.ts'
import { VariantType } from '../variant-type.ts'
import type { Variant } from '../variant.ts'
import type { Color } from './color.ts'
import type { Vector2, Vector3, Vector4 } from './vectors.ts'

/** An array that has a type of its own in Godot. What `map`, `filter`, `slice` and the like make of it is a plain array. */
abstract class SpecialArray<Item> extends Array<Item> {
  static override get [Symbol.species](): ArrayConstructor {
    return Array
  }

  constructor(items: Iterable<Item> = []) {
    super()
    // Array.of and Array.from give the constructor a length, and set the items themselves.
    if (typeof items === 'number') return
    for (const item of items) this.push(item)
  }
}

/** Godot's `PackedStringArray` (`PoolStringArray` in Godot 3). A plain array of strings is an `Array` of STRING. */
export class PackedStringArray extends SpecialArray<string> {
  get variantType(): VariantType.PACKED_STRING_ARRAY {
    return VariantType.PACKED_STRING_ARRAY
  }
}

/** Godot's `PackedVector2Array`. */
export class PackedVector2Array extends SpecialArray<Vector2> {
  get variantType(): VariantType.PACKED_VECTOR2_ARRAY {
    return VariantType.PACKED_VECTOR2_ARRAY
  }
}

/** Godot's `PackedVector3Array`. */
export class PackedVector3Array extends SpecialArray<Vector3> {
  get variantType(): VariantType.PACKED_VECTOR3_ARRAY {
    return VariantType.PACKED_VECTOR3_ARRAY
  }
}

/** Godot's `PackedVector4Array`, since 4.3. */
export class PackedVector4Array extends SpecialArray<Vector4> {
  get variantType(): VariantType.PACKED_VECTOR4_ARRAY {
    return VariantType.PACKED_VECTOR4_ARRAY
  }
}

/** Godot's `PackedColorArray`. */
export class PackedColorArray extends SpecialArray<Color> {
  get variantType(): VariantType.PACKED_COLOR_ARRAY {
    return VariantType.PACKED_COLOR_ARRAY
  }
}

/**
 * An array whose elements all are of one type: `Array[int]` in GDScript is `new ArrayOf(VariantType.INT, [1, 2])`. Elements of an `ArrayOf(VariantType.FLOAT)` are plain
 * numbers, whole or not. VariantType.OBJECT stands for any class: classes do not travel, the other side gets `Array[EncodedObjectAsID]`.
 *
 * Elements are checked when it is encoded. Before Godot 4.3 an array of a type is sent as a plain one.
 *
 * @throws MultiplayerError `ERR_INVALID_PARAMETER` for what is not a type.
 */
export class ArrayOf<Item extends Variant = Variant> extends SpecialArray<Item> {
  constructor(
    readonly elementType: VariantType,
    items: Iterable<Item> = [],
  ) {
    checkType(elementType)
    super(items)
  }

  /** There is no type in the items. @throws MultiplayerError `ERR_INVALID_PARAMETER`. */
  static override of(): never {
    throw withoutType()
  }

  /** There is no type in the items. @throws MultiplayerError `ERR_INVALID_PARAMETER`. */
  static override from(): never {
    throw withoutType()
  }
}

/** A `Map` whose keys and values have types: `Dictionary[String, int]` is `new DictionaryOf(VariantType.STRING, VariantType.INT)`. NIL is any type. See {@link ArrayOf}. */
export class DictionaryOf<Key extends Variant = Variant, Value extends Variant = Variant> extends Map<Key, Value> {
  constructor(
    readonly keyType: VariantType,
    readonly valueType: VariantType,
    entries: Iterable<readonly [Key, Value]> = [],
  ) {
    checkType(keyType)
    checkType(valueType)
    super(entries)
  }
}

function checkType(type: VariantType): void {
  if (typeof type !== 'number' || !(type in VariantType)) {
    throw invalid('The type of what a container holds is a VariantType.', type)
  }
}

function withoutType(): MultiplayerError {
  return invalid('An ArrayOf has a type: use new ArrayOf(type, items).', undefined)
}
