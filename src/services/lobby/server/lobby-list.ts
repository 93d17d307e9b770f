import type { LobbySummary } from '../../../protocol/lobby/extension.ts'
import { type LobbyMessage, LobbyMessageType } from '../../../protocol/lobby/message.ts'

/** Bytes of a LIST at most: a quarter of what clients take, and of what may wait to be sent to one. */
const MAX_BYTES = 256 * 1024

/** The answer to LIST: as many of these lobbies, from the first on, as one message may hold. */
export function listMessage(lobbies: readonly LobbySummary[]): LobbyMessage {
  const texts: string[] = []
  let bytes = encodedSize('[]')
  for (const lobby of lobbies) {
    const text = JSON.stringify(lobby)
    bytes += encodedSize(`,${text}`)
    if (bytes > MAX_BYTES) break
    texts.push(text)
  }
  return { type: LobbyMessageType.LIST, id: 0, data: `[${texts.join(',')}]` }
}

/** The data is escaped once more in the message. */
function encodedSize(data: string): number {
  return Buffer.byteLength(JSON.stringify(data)) - 2
}
