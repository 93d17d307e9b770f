import { MultiplayerError } from '../../multiplayer-error.ts'
import type { ByteWriter } from './byte-writer.ts'
import { invalidData } from './byte-reader.ts'
import type { Codec, VariantReader } from './codec.ts'
import { writeHeader } from './read-write.ts'
import { NodePath } from './values/node-path.ts'
import { StringName } from './values/string-name.ts'
import { VariantType } from './variant-type.ts'

/** Set in the first word of a node path; without it, it would be a text of Godot 2, which is refused. */
const NODE_PATH_MARK = 0x80000000

const PATH_ABSOLUTE = 1
/** Before Godot 3.0 the property was apart from the subnames: one more of them. */
const PATH_PROPERTY = 2

/** Reads a text with its length before it and padding after it. The order of the checks is the engine's, since their errors differ. */
export function readText({ bytes, format }: VariantReader): string {
  bytes.need(4)
  const length = bytes.i32()
  const padding = -length & 3
  if (length < 0 || length + padding > bytes.remaining) {
    throw new MultiplayerError('ERR_FILE_EOF', `A text of ${length} bytes is longer than the data.`)
  }
  const text = format.decodeText(bytes.take(length))
  bytes.offset += padding
  return text
}

/** @param end - NUL characters after the text that count as part of it. */
export function writeText(bytes: ByteWriter, text: string, end = 0): void {
  const at = bytes.length
  bytes.u32(0)
  const length = bytes.text(text) + end
  bytes.patchU32(at, length)
  bytes.zeros(end + (-length & 3))
}

export const string: Codec<string> = {
  decode: readText,
  encode(target, value) {
    writeHeader(target, VariantType.STRING)
    writeText(target.bytes, value)
  },
}

export const stringName: Codec<StringName> = {
  decode(source) {
    return new StringName(readText(source))
  },
  encode(target, { name }) {
    writeHeader(target, VariantType.STRING_NAME)
    writeText(target.bytes, name)
  },
}

export const nodePath: Codec<NodePath> = {
  decode(source) {
    const { bytes } = source
    bytes.need(4)
    const first = bytes.u32()
    if ((first & NODE_PATH_MARK) === 0) throw invalidData('A node path is of a form that Godot no longer reads.')
    bytes.need(8)
    const nameCount = first & ~NODE_PATH_MARK
    const subnameCount = bytes.u32()
    const flags = bytes.u32()
    // Counts wrap around at 32 bits as they do in the engine. They are not trusted: every text is at least its length, so a wrong count ends with the data.
    const total = (nameCount + subnameCount + ((flags & PATH_PROPERTY) === 0 ? 0 : 1)) >>> 0
    const names: string[] = []
    const subnames: string[] = []
    for (let i = 0; i < total; i++) (i < nameCount ? names : subnames).push(readText(source))
    return new NodePath(names, subnames, (flags & PATH_ABSOLUTE) !== 0)
  },
  encode(target, { names, subnames, absolute }) {
    writeHeader(target, VariantType.NODE_PATH)
    target.bytes.u32(names.length | NODE_PATH_MARK)
    target.bytes.u32(subnames.length)
    target.bytes.u32(absolute ? PATH_ABSOLUTE : 0)
    for (const name of names) writeText(target.bytes, name)
    for (const name of subnames) writeText(target.bytes, name)
  },
}
