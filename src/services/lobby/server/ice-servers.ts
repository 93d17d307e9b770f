import type { IceServersData } from '../../../protocol/lobby/extension.ts'
import { type LobbyMessage, LobbyMessageType } from '../../../protocol/lobby/message.ts'
import type { Connection } from './connection.ts'
import { stunServers, type TurnOptions, turnCredentials } from './turn-credentials.ts'

/**
 * The ICE servers that a client may use now, as a message. Credentials are for members of lobbies only: whoever merely opens a socket would otherwise get a relay for as long as they
 * are good for.
 */
export function iceServersFor({ client, member }: Connection, turn: TurnOptions | null): LobbyMessage {
  return { type: LobbyMessageType.ICE_SERVERS, id: 0, data: JSON.stringify(serversFor()) }

  function serversFor(): IceServersData {
    if (turn === null) return { iceServers: [] }
    return member === null ? { iceServers: stunServers(turn) } : turnCredentials(turn, client.identity)
  }
}

/** Tells a client that became a member of them, if there are any: before anything by which it learns of peers to connect to. */
export function tellIceServers(connection: Connection, turn: TurnOptions | null): void {
  if (turn !== null) connection.send(iceServersFor(connection, turn))
}
