import { MultiplayerError } from '../../multiplayer-error.ts'
import type { Codec } from './codec.ts'
import { FLAG_64 } from './codec.ts'
import { writeHeader } from './read-write.ts'
import { readText, writeText } from './strings.ts'
import { Callable, EncodedObjectAsID, RID, Signal } from './values/handles.ts'
import { VariantType } from './variant-type.ts'

/** In the header of an OBJECT it says that an id follows, not the object. */
const FLAG_AS_ID = FLAG_64

export const rid: Codec<RID> = {
  decode({ bytes, format }) {
    if (!format.ridIds) return new RID()
    bytes.need(8)
    return new RID(bytes.i64())
  },
  encode(target, { id }) {
    writeHeader(target, VariantType.RID)
    if (target.format.ridIds) target.bytes.i64(id)
  },
}

/** Whole objects would let the sender create instances of classes here; as in Godot by default they are refused, and there is nothing here to create them with. */
export const object: Codec<EncodedObjectAsID | null> = {
  decode({ bytes }, header) {
    if ((header & FLAG_AS_ID) === 0) {
      throw new MultiplayerError(
        'ERR_UNAUTHORIZED',
        'An encoded object was received; the sender must send its data instead.',
      )
    }
    bytes.need(8)
    const id = bytes.i64()
    return id === 0n ? null : new EncodedObjectAsID(id)
  },
  encode(target, value) {
    writeHeader(target, VariantType.OBJECT, FLAG_AS_ID)
    target.bytes.i64(value?.id ?? 0n)
  },
}

export const callable: Codec<Callable> = {
  decode() {
    return new Callable()
  },
  encode(target) {
    writeHeader(target, VariantType.CALLABLE)
  },
}

export const signal: Codec<Signal> = {
  decode(source) {
    const name = readText(source)
    source.bytes.need(8)
    return new Signal(name, source.bytes.i64())
  },
  encode(target, { name, objectId }) {
    writeHeader(target, VariantType.SIGNAL)
    writeText(target.bytes, name)
    target.bytes.i64(objectId)
  },
}
