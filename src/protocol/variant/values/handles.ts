import { invalid } from '../../../checks.ts'
import { VariantType } from '../variant-type.ts'

// Ids are 64 bits on the wire. They are signed here, as GDScript shows them.

/** Godot's `RID`. It means nothing outside the process that it comes from. Godot 3 sends none of it. */
export class RID {
  readonly id: bigint

  constructor(id: bigint | number = 0n) {
    this.id = signed(id)
  }

  get variantType(): VariantType.RID {
    return VariantType.RID
  }
}

/** An object of the sender, by its instance id (`EncodedObjectAsID`): objects themselves are never sent or decoded. */
export class EncodedObjectAsID {
  readonly id: bigint

  constructor(id: bigint | number) {
    this.id = signed(id)
  }

  get variantType(): VariantType.OBJECT {
    return VariantType.OBJECT
  }
}

/** A `Callable`; nothing of it is sent, so it arrives as the empty one. */
export class Callable {
  get variantType(): VariantType.CALLABLE {
    return VariantType.CALLABLE
  }
}

/** A `Signal`: its name, and the instance id of its object in the sender. */
export class Signal {
  readonly objectId: bigint

  constructor(
    readonly name = '',
    objectId: bigint | number = 0n,
  ) {
    this.objectId = signed(objectId)
  }

  get variantType(): VariantType.SIGNAL {
    return VariantType.SIGNAL
  }
}

function signed(id: bigint | number): bigint {
  if (typeof id !== 'bigint' && !Number.isSafeInteger(id)) {
    throw invalid('An id is a bigint, or a whole number below 2^53.', id)
  }
  const wide = BigInt(id)
  const low = BigInt.asIntN(64, wide)
  if (low !== wide && BigInt.asUintN(64, wide) !== wide) throw invalid('An id has 64 bits.', id)
  return low
}
