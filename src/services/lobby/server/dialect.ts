import { encodeJson, parseJson } from '../../../protocol/lobby/json-protocol.ts'
import { type LobbyMessage, LobbyMessageType } from '../../../protocol/lobby/message.ts'
import { encodeText, parseText } from '../../../protocol/lobby/text-protocol.ts'
import type { LobbyDialect } from './lobby-observer.ts'

/** Types from here on are this library's own. */
const FIRST_EXTENDED_TYPE: number = LobbyMessageType.ERROR

/** A message as this dialect writes it; null for one that it has no words for. */
export function encodeFor(dialect: LobbyDialect, message: LobbyMessage): string | null {
  if (dialect === 'extended') return encodeJson(message)
  if (message.type >= FIRST_EXTENDED_TYPE) return null
  return dialect === 'text' ? encodeText(message) : encodeJson(message)
}

/** Reads a message; null for a malformed one. Types that the dialect does not know become -1. */
export function parseFrom(dialect: LobbyDialect, text: string): LobbyMessage | null {
  if (dialect === 'text') return parseText(text)
  const message = parseJson(text)
  if (message === null || dialect === 'extended' || message.type < FIRST_EXTENDED_TYPE) return message
  return { ...message, type: -1 }
}
