import { type LobbyMessage, LobbyMessageType, SIGNAL_TYPES } from './message.ts'

/** Types of the text protocol, those of Godot 3's signaling demo (3.2 to 3.5), by their letters. */
const LETTERS: ReadonlyMap<number, string> = new Map([
  [LobbyMessageType.JOIN, 'J'],
  [LobbyMessageType.ID, 'I'],
  [LobbyMessageType.PEER_CONNECT, 'N'],
  [LobbyMessageType.PEER_DISCONNECT, 'D'],
  [LobbyMessageType.OFFER, 'O'],
  [LobbyMessageType.ANSWER, 'A'],
  [LobbyMessageType.CANDIDATE, 'C'],
  [LobbyMessageType.SEAL, 'S'],
])

const TYPES: ReadonlyMap<string, number> = new Map([...LETTERS].map(([type, letter]) => [letter, type]))

/** Types whose first line is a lobby's name or nothing, instead of a peer's id. */
const NAMED: ReadonlySet<number> = new Set([LobbyMessageType.JOIN, LobbyMessageType.SEAL])

/**
 * Writes a message as `<letter>: <argument>\n<payload>`. Those of type JOIN carry the lobby's name in `data`. Only signals have a payload: ID's says whether the lobby is a mesh,
 * which here it always is.
 *
 * @returns null for what this protocol has no letter for.
 */
export function encodeText({ type, id, data }: LobbyMessage): string | null {
  const letter = LETTERS.get(type)
  if (letter === undefined) return null
  if (NAMED.has(type)) return `${letter}: ${data}\n`
  return `${letter}: ${id}\n${SIGNAL_TYPES.has(type) ? data : ''}`
}

/**
 * Reads a message of the text protocol. A destination that is no number is 0, which is nobody.
 *
 * @returns null for what the demo's server answers with "Invalid message format": no line break, or a first line that is not `<letter>: <argument>`.
 * An unknown letter gives type -1.
 */
export function parseText(text: string): LobbyMessage | null {
  const end = text.indexOf('\n')
  const line = text.slice(0, Math.max(0, end))
  if (line.slice(1, 3) !== ': ') return null
  const type = TYPES.get(line.slice(0, 1)) ?? -1
  const argument = line.slice(3).trim()
  if (NAMED.has(type)) return { type, id: 0, data: argument }
  return { type, id: /^\d{1,10}$/.test(argument) ? Number(argument) : 0, data: text.slice(end + 1) }
}
