import { MultiplayerError } from '../../../multiplayer-error.ts'
import type { CreateData } from '../../../protocol/lobby/extension.ts'
import { LobbyMessageType } from '../../../protocol/lobby/message.ts'
import type { ResolvedJoinOptions } from './join-options.ts'
import type { LobbyConnection } from './lobby-connection.ts'

/** What Godot's JOIN calls a mesh; anything else is a lobby of clients and a server. */
const MESH = 0
const CLIENT_SERVER = 1

/**
 * Asks for a place in a lobby.
 *
 * @param known - the name of the lobby where this side has had a place; empty if it had none.
 * @throws MultiplayerError `ERR_UNAVAILABLE` if the server cannot do what the options ask for.
 */
export function sendJoin(
  connection: LobbyConnection,
  { lobby, create, mode }: Pick<ResolvedJoinOptions, 'lobby' | 'create' | 'mode'>,
  known: string,
): void {
  const flag = mode === 'mesh' ? MESH : CLIENT_SERVER
  if (known !== '') {
    connection.send(LobbyMessageType.JOIN, flag, known)
  } else if (create === undefined || (create === true && lobby === undefined)) {
    connection.send(LobbyMessageType.JOIN, flag, lobby ?? '')
  } else if (!connection.isExtended) {
    throw new MultiplayerError(
      'ERR_UNAVAILABLE',
      `This server speaks Godot's protocol alone: it makes lobbies with random names and no options. Leave out 'lobby' or 'create'.`,
    )
  } else {
    const data: CreateData = {
      mode,
      ...(lobby !== undefined && { name: lobby, orJoin: true }),
      ...(create !== true && create),
    }
    connection.send(LobbyMessageType.CREATE, 0, JSON.stringify(data))
  }
}
