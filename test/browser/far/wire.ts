import { MultiplayerError, type MultiplayerErrorCode } from '../../../src/multiplayer-error.ts'

/** What the near end asks of an object at the far end; answered before it goes on. */
export interface FarCall {
  /** `new`, `get`, `set`, `call`, `subscribe`, `unsubscribe`, or `receiver`. */
  readonly op: 'new' | 'get' | 'set' | 'call' | 'subscribe' | 'unsubscribe' | 'receiver'
  /** Number of the object; of the subscription for `unsubscribe`. */
  readonly object: number
  readonly name: string
  readonly args: readonly unknown[]
  /** Number of the last event that the near end has handled. */
  readonly seen: number
}

export interface FarEvent {
  readonly seq: number
  /** Number of the subscription, receiver or promise. */
  readonly subscription: number
  readonly kind: 'next' | 'complete'
  readonly values: readonly unknown[]
}

export interface FarAnswer {
  readonly value?: unknown
  readonly error?: { code: MultiplayerErrorCode | null; message: string }
  /** Everything that the near end has not handled yet. */
  readonly events: readonly FarEvent[]
}

/** Values as JSON: bytes, undefined and references have a form of their own. */
export function encode(value: unknown): string {
  return JSON.stringify(value, (_, member: unknown) => {
    if (member instanceof Uint8Array) return { $bytes: toBase64(member) }
    return member === undefined ? { $undefined: true } : member
  })
}

export function decode(text: string): unknown {
  return JSON.parse(text, (_, member: unknown) => {
    if (typeof member !== 'object' || member === null) return member
    if ('$bytes' in member) return fromBase64(member.$bytes as string)
    return '$undefined' in member ? undefined : member
  }) as unknown
}

export function describeError(error: unknown): NonNullable<FarAnswer['error']> {
  return {
    code: error instanceof MultiplayerError ? error.code : null,
    message: error instanceof Error ? error.message : String(error),
  }
}

function toBase64(bytes: Uint8Array): string {
  let text = ''
  for (let start = 0; start < bytes.length; start += 0x8000)
    text += String.fromCharCode(...bytes.subarray(start, start + 0x8000))
  return btoa(text)
}

function fromBase64(text: string): Uint8Array {
  return Uint8Array.from(atob(text), (character) => character.charCodeAt(0))
}
