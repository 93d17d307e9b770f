import type { Nim } from './nim.ts'

/** What players say to each other. */
export type Message =
  /** From the host: this is the game. */
  | { readonly type: 'game'; readonly game: Nim }
  /** To the host: you are mine, and this is what I know. */
  | { readonly type: 'report'; readonly game: Nim | null }
  /** To the host: in this turn I take so many. */
  | { readonly type: 'take'; readonly turn: number; readonly count: number }

export function encode(message: Message): Uint8Array {
  return new TextEncoder().encode(JSON.stringify(message))
}

/** The message in a packet; null if it is none, for a packet may come from anybody. */
export function decode(data: Uint8Array): Message | null {
  let value: unknown
  try {
    value = JSON.parse(new TextDecoder().decode(data))
  } catch {
    return null
  }
  if (!isRecord(value)) return null
  const { type, game, turn, count } = value
  if (type === 'game' && isNim(game)) return { type, game }
  if (type === 'report' && (game === null || isNim(game))) return { type, game }
  if (type === 'take' && isCount(turn) && isCount(count)) return { type, turn, count }
  return null
}

function isNim(value: unknown): value is Nim {
  if (!isRecord(value)) return false
  const { turn, matches, players } = value
  return isCount(turn) && isCount(matches) && Array.isArray(players) && players.length > 0 && players.every(isCount)
}

function isCount(value: unknown): value is number {
  return Number.isInteger(value) && (value as number) >= 0
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null
}
