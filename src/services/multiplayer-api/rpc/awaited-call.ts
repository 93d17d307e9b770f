import type { ScenePacket } from '../../../protocol/scene-packets/packet.ts'
import { decodeArguments, encodeArguments, type EncodedArguments } from '../../../protocol/variant/arguments.ts'
import type { GodotVersion } from '../../../protocol/variant/godot-version.ts'
import type { EncodeOptions } from '../../../protocol/variant/plain.ts'
import type { Variant } from '../../../protocol/variant/variant.ts'

// A call that wants an answer is an ordinary call with one more value behind its arguments, which the count of arguments does not include: an INT of 64 bits, in its upper half a mark
// and in its lower half the number of the call. Godot 3 and 4 read as many arguments as the count says and never look at what is left (`decode_and_decompress_variants` ends with its
// loop; bytes behind it are no error), so for them it is an ordinary call, without any message in their logs. Nor does the node's checksum or the numbering of methods change.
// An answer is a call of a method that no node has, of a node that nobody has. It is only ever sent to whoever has sent such a mark, so Godot does not see one, except as a relay,
// and relayed packets are not looked at.

/** "WRMC", the upper half of the number. */
const MARK = 0x57524d43

/** Godot counts nodes from 1. */
const ANSWER_NODE = { id: 0 } as const
/** UINT16_MAX, Godot's own number for no method. */
const ANSWER_METHOD = 0xffff
/** The same for Godot 3, where methods have names. */
const ANSWER_NAME = '@answer'

/** A longer message of an error is cut off. */
const LONGEST_MESSAGE = 500

/** What has become of an awaited call, on the wire. */
export type Answer =
  | { readonly call: number; readonly isError: false; readonly value: Variant }
  | { readonly call: number; readonly isError: true; readonly code: string; readonly message: string }

/** A packet of a remote call, of Godot 4 or 3. */
export type CallPacket = Extract<ScenePacket, { kind: 'rpc' | 'rpc-by-name' }>

/**
 * @param call - its number, from 0 to 2^32 - 1.
 * @throws MultiplayerError as `encodeArguments`; 254 arguments at most.
 */
export function encodeAwaitedCall(
  variants: readonly Variant[],
  call: number,
  options: EncodeOptions,
): EncodedArguments {
  const marked = encodeArguments([...variants, (BigInt(MARK) << 32n) | BigInt(call)], options)
  return { ...marked, count: variants.length }
}

/**
 * Decodes arguments, and the number of the call if it is awaited.
 *
 * @throws MultiplayerError as `decodeArguments`.
 */
export function decodeCall(
  args: EncodedArguments,
  version: GodotVersion,
): { readonly variants: readonly Variant[]; readonly call: number | undefined } {
  return { variants: decodeArguments(args, { version }), call: awaitedNumber(args, version) }
}

/** The number of the call if it is awaited. */
export function awaitedNumber(args: EncodedArguments, version: GodotVersion): number | undefined {
  return hasMark(args.bytes) && !args.raw ? numberBehind(args, version) : undefined
}

export function isAnswer(packet: CallPacket): boolean {
  if (!('id' in packet.node) || packet.node.id !== ANSWER_NODE.id) return false
  return packet.method === ANSWER_METHOD || packet.method === ANSWER_NAME
}

/** @throws MultiplayerError as `encodeArguments`. */
export function answerPacket(answer: Answer, options: EncodeOptions): CallPacket {
  const values: Variant[] = answer.isError
    ? [answer.call, false, answer.code, answer.message.slice(0, LONGEST_MESSAGE).replace(/[\0\p{Surrogate}]/gu, ' ')]
    : [answer.call, true, answer.value]
  const args = encodeArguments(values, options)
  return options.version === '3'
    ? { kind: 'rpc-by-name', node: ANSWER_NODE, method: ANSWER_NAME, arguments: args }
    : { kind: 'rpc', node: ANSWER_NODE, method: ANSWER_METHOD, arguments: args }
}

/** @throws MultiplayerError as `decodeArguments`. @returns undefined for what is no answer. */
export function decodeAnswer({ arguments: args }: CallPacket, version: GodotVersion): Answer | undefined {
  const [call, isOk, value, message] = decodeArguments(args, { version })
  if (typeof call !== 'number') return undefined
  if (isOk === true && value !== undefined) return { call, isError: false, value }
  if (isOk !== false || typeof value !== 'string' || typeof message !== 'string') return undefined
  return { call, isError: true, code: value, message }
}

/** The last four bytes are the upper half of the number in both forms, so most calls need no second look. */
function hasMark(bytes: Uint8Array): boolean {
  const end = bytes.byteLength
  if (end < 4) return false
  return new DataView(bytes.buffer, bytes.byteOffset, end).getUint32(end - 4, true) === MARK
}

/** Only a whole value right behind the arguments counts, so that no argument can pass for it. */
function numberBehind(args: EncodedArguments, version: GodotVersion): number | undefined {
  try {
    const last = decodeArguments({ ...args, count: args.count + 1 }, { version }).at(-1)
    return typeof last === 'bigint' && last >> 32n === BigInt(MARK) ? Number(last & 0xffffffffn) : undefined
  } catch {
    return undefined
  }
}
